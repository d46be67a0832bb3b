namespace Procgen.Package.Tests;

public sealed class WebAppTests
{
    [Test]
    public async Task An_endpoint_calls_a_child_while_Kestrel_runs_and_the_child_starts_no_second_server()
    {
        using var folder = new FreshFolder();
        folder.AddProgram(
            "Web",
            """
            using Procgen;

            Console.WriteLine("main runs");
            WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
            builder.Logging.ClearProviders();
            await using WebApplication app = builder.Build();
            app.Urls.Add("http://127.0.0.1:0");
            app.MapGet("/square/{x}", async (int x) =>
            {
                await using var child = ChildProcess.Start(WorkTargets.Square(x));
                return await child.Completion;
            });
            await app.StartAsync();

            using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
            string[] answers = await Task.WhenAll(Enumerable.Range(1, 4).Select(x => client.GetStringAsync($"/square/{x}")));
            Console.WriteLine(string.Join(' ', answers));
            await app.StopAsync();

            static class Work
            {
                [ProcessTarget] public static int Square(int x) => x * x;
            }
            """,
            sdk: "Microsoft.NET.Sdk.Web");

        ToolResult result = await folder.RunAsync("Web");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Lines, Is.EqualTo(new[] { "main runs", "1 4 9 16" }));
            Assert.That(result.ExitCode, Is.Zero);
        }
    }
}
