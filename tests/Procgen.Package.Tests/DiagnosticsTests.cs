namespace Procgen.Package.Tests;

public sealed class DiagnosticsTests
{
    [Test]
    public async Task An_argument_that_cannot_cross_fails_the_build_with_the_path_to_what_cannot()
    {
        using var folder = new FreshFolder();
        folder.AddProgram("App", """
            using Procgen;

            Console.WriteLine("never built");

            class Job
            {
                public Stream? Stream { get; set; }
            }

            static class Work
            {
                [ProcessTarget] public static int Length(Job job) => 0;
            }
            """);

        ToolResult build = await folder.BuildAsync("App");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(build.ExitCode, Is.Not.Zero);
            Assert.That(build.Output, Does.Contain("error PROCGEN003").And.Contain("Job.Stream"));
        }
    }
}
