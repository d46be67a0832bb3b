using System.Text.RegularExpressions;

namespace Procgen.Package.Tests;

public sealed partial class ReadmeTests
{
    [Test]
    public async Task The_first_example_runs_as_pasted_and_prints_what_stands_below_it()
    {
        string readme = await File.ReadAllTextAsync(Path.Combine(PackedPackage.RepositoryRoot(), "README.md"));
        Match example = FirstExample().Match(readme);
        Assert.That(example.Success, "README.md has a C# block and right after it a block with what that prints");
        using var folder = new FreshFolder();
        folder.AddProgram("App", example.Groups["program"].Value);

        ToolResult result = await folder.RunAsync("App");

        Assert.That(result.Output.ReplaceLineEndings("\n"), Is.EqualTo(example.Groups["output"].Value.ReplaceLineEndings("\n")));
    }

    [GeneratedRegex(@"^```csharp\r?\n(?<program>.*?)^```\r?\n\s*^```\r?\n(?<output>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex FirstExample();
}
