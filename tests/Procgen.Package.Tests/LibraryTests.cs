namespace Procgen.Package.Tests;

public sealed class LibraryTests
{
    [Test]
    public async Task Targets_of_a_class_library_run_in_children_of_a_console_app_that_refers_to_the_library_only()
    {
        using var folder = new FreshFolder();
        folder.AddProject("Shapes", FreshFolder.PackageReference);
        folder.Add("Shapes/Work.cs", """
            using Procgen;

            namespace Shapes;

            public static class Work
            {
                [ProcessTarget] public static int Area(int width, int height) => width * height;
            }
            """);
        folder.AddProgram(
            "App",
            """
            using Procgen;
            using Shapes;

            using var child = ChildProcess.Start(WorkTargets.Area(2, height: 3));
            Console.WriteLine(await child.Completion);
            """,
            """<ItemGroup><ProjectReference Include="../Shapes/Shapes.csproj" /></ItemGroup>""");

        ToolResult result = await folder.RunAsync("App");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Lines, Is.EqualTo(new[] { "6" }));
            Assert.That(result.ExitCode, Is.Zero);
        }
    }
}
