namespace Procgen.Package.Tests;

public sealed class ConsoleAppTests
{
    private const string Program = """
        using Procgen;

        Console.WriteLine("main runs");
        using var child = ChildProcess.Start(WorkTargets.Square(4));
        Console.WriteLine($"4 x 4 = {await child.Completion}");
        Console.WriteLine(await ChildProcess.Start(WorkTargets.WhoAmI()).Completion == Environment.ProcessId ? "same process" : "another process");

        static class Work
        {
            [ProcessTarget] public static int Square(int x) => x * x;
            [ProcessTarget] public static int WhoAmI() => Environment.ProcessId;
        }
        """;

    [Test]
    public async Task A_fresh_console_app_calls_a_target_in_a_child_of_its_apphost_and_of_dotnet()
    {
        using var folder = new FreshFolder();
        folder.AddProgram("App", Program);

        ToolResult apphost = await folder.RunAsync("App");
        ToolResult dotnet = await folder.RunLibraryAsync("App");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(apphost.Lines, Is.EqualTo(new[] { "main runs", "4 x 4 = 16", "another process" }));
            Assert.That(dotnet.Lines, Is.EqualTo(new[] { "main runs", "4 x 4 = 16", "another process" }));
            Assert.That((apphost.ExitCode, dotnet.ExitCode), Is.EqualTo((0, 0)));
        }
    }
}
