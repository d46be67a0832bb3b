namespace Procgen.Package.Tests.Shapes;

/// <summary>The end-to-end program inside something else: a library, a web server, a worker service, a test host.</summary>
public sealed class HostedShapeTests
{
    [Test]
    public async Task Targets_of_a_class_library_pass_in_an_app_that_refers_to_the_library_only()
    {
        using var folder = new FreshFolder();
        folder.AddProject("Shapes", FreshFolder.PackageReference);
        folder.Add("Shapes/EndToEnd.cs", EndToEndRun.Source);
        folder.AddProgram("App", EndToEndRun.Main, """<ItemGroup><ProjectReference Include="../Shapes/Shapes.csproj" /></ItemGroup>""");

        await EndToEndRun.AssertPassesAsync(await folder.BuildExecutableAsync("App"));
    }

    [Test]
    public async Task An_endpoint_passes_while_Kestrel_runs_and_no_worker_starts_a_second_server()
    {
        using var folder = new FreshFolder();
        folder.Add("Web/EndToEnd.cs", EndToEndRun.Source);
        folder.AddProgram(
            "Web",
            """
            using Procgen;
            using Shapes;

            Console.WriteLine("main runs");
            WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
            builder.Logging.ClearProviders();
            await using WebApplication app = builder.Build();
            app.Urls.Add("http://127.0.0.1:0");
            app.MapGet("/run", EndToEnd.RunAsync);
            app.MapGet("/square/{x}", async (int x) =>
            {
                await using var child = ChildProcess.Start(WorkTargets.Square(x));
                return await child.Completion;
            });
            await app.StartAsync();

            using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
            string[] answers = await Task.WhenAll(Enumerable.Range(1, 4).Select(x => client.GetStringAsync($"/square/{x}")));
            if (string.Join(' ', answers) != "1 4 9 16") throw new InvalidOperationException(string.Join(' ', answers));
            (await client.GetAsync("/run")).EnsureSuccessStatusCode();
            await app.StopAsync();
            """,
            sdk: "Microsoft.NET.Sdk.Web");

        await EndToEndRun.AssertPassesAsync(await folder.BuildExecutableAsync("Web"));
    }

    /// <summary>The generic host comes with the web framework here, as its package is not in every mirror.</summary>
    [Test]
    public async Task A_worker_service_of_the_generic_host_passes()
    {
        using var folder = new FreshFolder();
        folder.Add("Service/EndToEnd.cs", EndToEndRun.Source);
        folder.AddProgram(
            "Service",
            """
            using Shapes;

            Console.WriteLine("main runs");
            HostApplicationBuilder builder = Host.CreateApplicationBuilder(args);
            builder.Logging.ClearProviders();
            builder.Services.AddHostedService<Service>();
            await builder.Build().RunAsync();

            internal sealed class Service(IHostApplicationLifetime lifetime) : BackgroundService
            {
                protected override async Task ExecuteAsync(CancellationToken stoppingToken)
                {
                    await EndToEnd.RunAsync();
                    lifetime.StopApplication();
                }
            }
            """,
            FreshFolder.PackageReference + """<ItemGroup><FrameworkReference Include="Microsoft.AspNetCore.App" /></ItemGroup>""",
            "Microsoft.NET.Sdk.Worker");

        await EndToEndRun.AssertPassesAsync(await folder.BuildExecutableAsync("Service"));
    }

    [Test]
    public async Task A_test_passes_under_dotnet_test()
    {
        using var folder = new FreshFolder();
        folder.AddProject("Tests", FreshFolder.PackageReference + FreshFolder.TestReferences);
        folder.Add("Tests/EndToEnd.cs", EndToEndRun.Source);
        folder.Add("Tests/EndToEndTests.cs", """
            public sealed class EndToEndTests
            {
                [NUnit.Framework.Test]
                public Task It_runs() => Shapes.EndToEnd.RunAsync();
            }
            """);

        await EndToEndRun.AssertPassesAsync(folder.Tests("Tests"));
    }
}
