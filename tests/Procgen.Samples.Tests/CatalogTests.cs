using System.Text.RegularExpressions;

namespace Procgen.Samples.Tests;

/// <summary>samples/README.md beside the programs themselves.</summary>
public sealed partial class CatalogTests
{
    [Test]
    public async Task The_README_lists_every_program_of_every_project([ValueSource(nameof(Projects))] string project)
    {
        string[] programs = await new Sample(project).LinesAsync();

        Assert.That(Listed(project), Is.EqualTo(programs.Select(static line => line.Split(' ')[0])));
    }

    [Test]
    public async Task A_program_runs_by_the_command_that_the_README_gives()
    {
        ToolResult result = await new Sample("ProcessBasics").DotnetRunAsync("arguments");

        Assert.That(result.ExitCode, Is.Zero, result.Output);
        Assert.That(result.Lines, Has.Length.EqualTo(5).And.Some.EqualTo("Worker: 4"));
    }

    [Test]
    public async Task A_name_that_no_program_has_is_refused_with_the_list()
    {
        ToolResult result = await new Sample("ProcessBasics").RunAsync("wokers");

        Assert.That(result.ExitCode, Is.EqualTo(2));
        Assert.That(result.Output, Does.StartWith("There is no program 'wokers'. There are:").And.Contain("workers"));
    }

    private static IEnumerable<string> Projects() => Commands().Select(static command => command.Project).Distinct();

    private static IEnumerable<string> Listed(string project) => Commands().Where(command => command.Project == project).Select(static command => command.Program);

    private static IEnumerable<(string Project, string Program)> Commands() =>
        Command().Matches(File.ReadAllText(Path.Combine(Sample.Folder, "README.md")))
            .Select(static match => (match.Groups["project"].Value, match.Groups["program"].Value));

    /// <summary>A table's row: what to type.</summary>
    [GeneratedRegex(@"^\| `(?<project>\w+) -- (?<program>[\w-]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Command();
}
