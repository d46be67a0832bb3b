namespace Procgen.Package.Tests;

public sealed class StartupHookTests
{
    private const string Variable = "DOTNET_STARTUP_HOOKS";

    [Test]
    public async Task A_user_s_own_startup_hook_runs_in_workers_too_and_stays_in_their_environment()
    {
        using var folder = new FreshFolder();
        folder.AddProject("Hook", "");
        folder.Add("Hook/StartupHook.cs", """
            internal static class StartupHook
            {
                public static void Initialize() => AppContext.SetData("hooked", "yes");
            }
            """);
        folder.AddProgram("App", $$"""
            using Procgen;

            Console.WriteLine($"main: {Work.Look()}");
            foreach (string? executable in new[] { null, Environment.ProcessPath })
            {
                using var child = ChildProcess.Start(WorkTargets.Look(), new ProcessOptions { ExecutablePath = executable });
                Console.WriteLine($"worker: {await child.Completion}");
            }

            static class Work
            {
                [ProcessTarget] public static string Look() => $"{AppContext.GetData("hooked")} {Path.GetFileName(Environment.GetEnvironmentVariable("{{Variable}}"))}";
            }
            """);

        ToolResult hook = await folder.BuildAsync("Hook");
        Assert.That(hook.ExitCode, Is.Zero, hook.Output);
        ToolCommand app = await folder.BuildExecutableAsync("App");
        ToolResult result = await app.With((Variable, folder.Library("Hook").Arguments[0])).RunAsync();

        Assert.That(result.Lines, Is.EqualTo(new[] { "main: yes Hook.dll", "worker: yes Hook.dll", "worker: yes Hook.dll" }));
    }
}
