using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Documentation;

/// <summary>What the pages show compiles, without a warning, in a console app with implicit usings; and their links lead somewhere.</summary>
public sealed partial class DocumentationTests
{
    [TestCaseSource(nameof(All))]
    public async Task Every_block_compiles_or_gives_the_diagnostic_it_names(string file, int line)
    {
        CodeBlock block = MarkdownPage.Blocks(Repository.Root, file).Single(block => block.Line == line);
        var run = GeneratorRun.Of(Compile(block));

        IReadOnlyList<Diagnostic> procgen = await AnalyzerRun.OnlyAnalyzersAsync(run.Output);

        bool isMistake = block.Wrong.StartsWith("PROCGEN", StringComparison.Ordinal);
        Assert.That(procgen.Select(static diagnostic => diagnostic.Id).Distinct(), Is.EqualTo(isMistake ? [block.Wrong] : Array.Empty<string>()), string.Join('\n', procgen));
        if (!isMistake) Assert.That(run.CompilerDiagnostics, Is.Empty);
    }

    [Test]
    public void Each_diagnostic_has_its_help_page_with_a_mistake_that_gives_it()
    {
        string[] shown = [.. MarkdownPage.Blocks(Repository.Root, "generator/README.md").Select(static block => block.Wrong)];
        string page = File.ReadAllText(Path.Combine(Repository.Root, "generator/README.md"));

        using (Assert.EnterMultipleScope())
        {
            foreach (string id in AnalyzerRun.Descriptors.Select(static descriptor => descriptor.Id).Distinct())
            {
                Assert.That(page, Does.Contain($"\n### {id}\n"));
                Assert.That(shown, Does.Contain(id));
            }
        }
    }

    [TestCaseSource(nameof(Pages))]
    public void Links_into_the_repository_lead_to_a_file_and_a_heading(string file)
    {
        string page = Path.Combine(Repository.Root, file);
        using (Assert.EnterMultipleScope())
        {
            foreach (Match link in Link().Matches(File.ReadAllText(page)))
            {
                string path = link.Groups["path"].Value;
                string target = path.Length == 0 ? page : Path.Combine(Path.GetDirectoryName(page)!, path);
                Assert.That(Path.Exists(target), $"{link.Value} in {file}");
                if (link.Groups["heading"] is { Success: true, Value: var heading } && File.Exists(target))
                    Assert.That(Headings(target), Does.Contain(heading), $"{link.Value} in {file}");
            }
        }
    }

    private static IEnumerable<string> Pages() => MarkdownPage.Files(Repository.Root);

    private static IEnumerable<TestCaseData> All() => Pages()
        .SelectMany(static page => MarkdownPage.Blocks(Repository.Root, page))
        .Select(static block => new TestCaseData(block.File, block.Line).SetArgDisplayNames(block.ToString()));

    private static CSharpCompilation Compile(CodeBlock block)
    {
        SyntaxTree code = AppCompilation.Parse(block.Code, "Program.cs");
        bool isProgram = code.GetCompilationUnitRoot().Members.OfType<GlobalStatementSyntax>().Any();
        bool isWhole = code.GetCompilationUnitRoot().Usings.Any(static directive => directive.Name?.ToString() == "Procgen");
        SyntaxTree[] trees =
        [
            AppCompilation.Parse(ImplicitUsings.Text + (isWhole ? "" : "\nglobal using Procgen;"), "Usings.cs"),
            AppCompilation.Parse(isWhole ? "" : block.Context, "Context.cs"),
            code,
        ];
        return CSharpCompilation.Create("App", trees, AppCompilation.References, new CSharpCompilationOptions(
            isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
            nullableContextOptions: NullableContextOptions.Enable,
            generalDiagnosticOption: ReportDiagnostic.Error));
    }

    /// <summary>As GitHub makes them: small letters, no punctuation, hyphens for spaces.</summary>
    private static IEnumerable<string> Headings(string file) => Heading().Matches(File.ReadAllText(file))
        .Select(static match => Punctuation().Replace(match.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));

    [GeneratedRegex(@"\]\((?!https?:)(?<path>[^)#]*)(?:#(?<heading>[^)]+))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^#+ (?<text>.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Punctuation();
}
