using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Procgen.Generator.Tests.Support;

/// <summary>What the analyzers say of an app, its generated files included as in a build.</summary>
internal static class AnalyzerRun
{
    private static readonly ImmutableArray<DiagnosticAnalyzer> Analyzers =
    [
        .. typeof(ProcessTargetGenerator).Assembly.GetTypes()
            .Where(static type => type.IsSubclassOf(typeof(DiagnosticAnalyzer)) && !type.IsAbstract)
            .Select(static type => (DiagnosticAnalyzer)Activator.CreateInstance(type)!),
    ];

    public static IEnumerable<DiagnosticDescriptor> Descriptors => Analyzers.SelectMany(static analyzer => analyzer.SupportedDiagnostics).Distinct();

    public static Task<IReadOnlyList<Diagnostic>> DiagnosticsOfAsync(Compilation compilation) => OnlyAnalyzersAsync(GeneratorRun.Of(compilation).Output);

    /// <summary>Of a compilation that has its generated files already; cancelled where the test limits its time.</summary>
    public static async Task<IReadOnlyList<Diagnostic>> OnlyAnalyzersAsync(Compilation compilation)
    {
        ImmutableArray<Diagnostic> all = await compilation.WithAnalyzers(Analyzers).GetAnalyzerDiagnosticsAsync(TestContext.CurrentContext.CancellationToken);
        Assert.That(all.Where(static diagnostic => diagnostic.Id == "AD0001"), Is.Empty, "no analyzer throws");
        return [.. all.OrderBy(static diagnostic => diagnostic.Location.SourceSpan.Start)];
    }

    /// <summary>Fails unless exactly the marked diagnostics are reported, each at exactly its place; returns their messages.</summary>
    public static async Task<IReadOnlyList<string>> AssertAsync(string text, LanguageVersion language = LanguageVersion.CSharp12)
    {
        Markup markup = Markup.Parse(text);
        IReadOnlyList<Diagnostic> found = await DiagnosticsOfAsync(AppCompilation.In(language, AppCompilation.Of(markup.Source)));
        Assert.That(
            markup.Describe(found.Select(static diagnostic => (diagnostic.Id, diagnostic.Location.SourceSpan))),
            Is.EqualTo(markup.Describe(markup.Expected)),
            string.Join('\n', found));
        return [.. found.Select(static diagnostic => diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture))];
    }

    /// <summary>The same of the generator, in a build without analyzers.</summary>
    public static void AssertGeneratorReports(string text)
    {
        Markup markup = Markup.Parse(text);
        GeneratorRun run = GeneratorRun.Of(markup.Source, analyzersAreOff: true);
        Assert.That(
            markup.Describe(run.Result.Diagnostics.Select(static diagnostic => (diagnostic.Id, diagnostic.Location.SourceSpan))),
            Is.EqualTo(markup.Describe(markup.Expected)));
        Assert.That(GeneratorRun.Of(markup.Source).Result.Diagnostics, Is.Empty, "the analyzers' word is not repeated");
    }
}
