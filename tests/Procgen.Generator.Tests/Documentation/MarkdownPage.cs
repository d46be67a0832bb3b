using System.Text.RegularExpressions;

namespace Procgen.Generator.Tests.Documentation;

/// <summary>
/// A page of the repository and its blocks of C#. What the blocks take for granted stands in a comment of the page that
/// begins with <c>context</c>, which nobody sees who reads it rendered; it holds for the blocks below it, up to the next one.
/// A word behind <c>csharp</c> says what a block does wrong: a diagnostic, or an exception that it throws when it runs.
/// </summary>
internal static partial class MarkdownPage
{
    public static IEnumerable<string> Files(string root) => new[] { "README.md", "generator/README.md", "samples/README.md", "runtime/README.md" }
        .Concat(Directory.EnumerateFiles(Path.Combine(root, "runtime", "guide"), "*.md").Order(StringComparer.Ordinal).Select(file => Path.GetRelativePath(root, file).Replace('\\', '/')));

    public static IEnumerable<CodeBlock> Blocks(string root, string file)
    {
        string text = File.ReadAllText(Path.Combine(root, file)).ReplaceLineEndings("\n");
        string context = "";
        foreach (Match match in Block().Matches(text))
        {
            if (match.Groups["context"].Success) context = match.Groups["context"].Value;
            else yield return new CodeBlock(file, 1 + text.AsSpan(0, match.Index).Count('\n'), match.Groups["wrong"].Value, match.Groups["code"].Value, context);
        }
    }

    [GeneratedRegex(@"^<!-- context\n(?<context>.*?)^-->|^```csharp(?: (?<wrong>\w+))?\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();
}

/// <param name="File">The page, from the repository's root.</param>
/// <param name="Line">The line of the block's fence.</param>
/// <param name="Wrong">A diagnostic or an exception; empty for a block that works.</param>
/// <param name="Code">What stands in it.</param>
/// <param name="Context">What it takes for granted.</param>
internal sealed record CodeBlock(string File, int Line, string Wrong, string Code, string Context)
{
    public override string ToString() => $"{File}:{Line}{(Wrong.Length == 0 ? "" : " ")}{Wrong}";
}
