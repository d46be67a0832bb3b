using System.Text.RegularExpressions;
using Procgen.Generator.Tests.Documentation;

namespace Procgen.Package.Tests;

/// <summary>Every mistake that the pages show, made by a new user: it gives the diagnostic or the exception that the page names.</summary>
public sealed partial class TroubleshootingTests
{
    [Test]
    public async Task Each_mistake_for_the_compiler_gives_its_diagnostic()
    {
        CodeBlock[] mistakes = [.. MarkdownPage.Blocks(PackedPackage.RepositoryRoot(), "generator/README.md")];
        using var folder = new FreshFolder();
        folder.AddProject("App", FreshFolder.PackageReference);
        folder.Add("App/Usings.cs", "global using Procgen;");
        foreach (CodeBlock mistake in mistakes) folder.Add($"App/{mistake.Wrong}.cs", $"namespace Mistake{mistake.Wrong};\n{mistake.Code}");

        ToolResult build = await folder.BuildAsync("App");

        Assert.That(build.ExitCode, Is.Not.Zero);
        Assert.That(build.Output, Does.Contain("error PROCGEN003").And.Contain("Job.Stream"), "where the path leads to what cannot cross");
        string[] found = [.. Reported().Matches(build.Output).Select(static match => $"{match.Groups["file"].Value} {match.Groups["id"].Value}").Distinct().Order(StringComparer.Ordinal)];
        Assert.That(mistakes, Has.Length.EqualTo(18));
        Assert.That(found, Is.EqualTo(mistakes.Select(static mistake => $"{mistake.Wrong} {mistake.Wrong}")), build.Output);
    }

    [Test]
    public async Task Each_mistake_of_a_program_throws_its_exception()
    {
        CodeBlock[] mistakes = [.. MarkdownPage.Blocks(PackedPackage.RepositoryRoot(), "runtime/guide/troubleshooting.md")];
        using var folder = new FreshFolder();
        folder.AddProgram("App", $$"""
            Func<Task>[] mistakes = [{{string.Join(", ", mistakes.Select(static (_, index) => $"Mistake{index}.RunAsync"))}}];
            foreach (Func<Task> mistake in mistakes)
            {
                try
                {
                    await mistake().WaitAsync(TimeSpan.FromMinutes(1));
                    Console.WriteLine("thrown: nothing");
                }
                catch (Exception error)
                {
                    Console.WriteLine($"thrown: {error.GetType().Name}");
                }
            }
            """,
            $"<PropertyGroup><NoWarn>CS1998</NoWarn></PropertyGroup>{FreshFolder.PackageReference}");
        folder.Add("App/Context.cs", $"global using Procgen;\n{mistakes[0].Context}");
        for (int i = 0; i < mistakes.Length; i++) folder.Add($"App/Mistake{i}.cs", $"static class Mistake{i}\n{{\npublic static async Task RunAsync()\n{{\n{mistakes[i].Code}}}\n}}");

        ToolResult result = await folder.RunAsync("App");

        Assert.That(mistakes, Has.Length.GreaterThan(10));
        Assert.That(
            result.Lines.Where(static line => line.StartsWith("thrown: ", StringComparison.Ordinal)),
            Is.EqualTo(mistakes.Select(static mistake => $"thrown: {mistake.Wrong}")),
            result.Output);
    }

    [GeneratedRegex(@"(?<file>\w+)\.cs\(\d+,\d+\): (?:error|warning) (?<id>PROCGEN\d+):")]
    private static partial Regex Reported();
}
