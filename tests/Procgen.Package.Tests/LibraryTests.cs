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

            public sealed record Rectangle(int Width, int Height);

            public static class Work
            {
                [ProcessTarget] public static Rectangle Turn(Rectangle shape) => new(shape.Height, shape.Width);
            }
            """);
        folder.AddProgram(
            "App",
            """
            using Procgen;
            using Shapes;

            using var child = ChildProcess.Start(WorkTargets.Turn(shape: new Rectangle(2, 3)));
            Console.WriteLine(await child.Completion);
            """,
            """<ItemGroup><ProjectReference Include="../Shapes/Shapes.csproj" /></ItemGroup>""");

        ToolResult result = await folder.RunAsync("App");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Lines, Is.EqualTo(new[] { "Rectangle { Width = 3, Height = 2 }" }));
            Assert.That(result.ExitCode, Is.Zero);
        }
    }
}
