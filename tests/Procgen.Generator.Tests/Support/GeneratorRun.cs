using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Procgen.Generator.Emitting;

namespace Procgen.Generator.Tests.Support;

/// <summary>A compilation, what the generator made of it, and how it goes on after an edit.</summary>
internal sealed class GeneratorRun
{
    private readonly GeneratorDriver _driver;

    private GeneratorRun(GeneratorDriver driver, Compilation input)
    {
        Input = input;
        _driver = driver.RunGeneratorsAndUpdateCompilation(input, out Compilation output, out _);
        Output = output;
    }

    public Compilation Input { get; }

    /// <summary>The input with the generated files.</summary>
    public Compilation Output { get; }

    public GeneratorRunResult Result => _driver.GetRunResult().Results[0];

    public TimeSpan Elapsed => _driver.GetTimingInfo().ElapsedTime;

    /// <summary>What is generated, by hint name.</summary>
    public IReadOnlyDictionary<string, string> Files => Result.GeneratedSources.ToDictionary(static file => file.HintName, static file => file.SourceText.ToString());

    /// <summary>What the compiler says of the app with the generated files; hidden notes are left out.</summary>
    public IEnumerable<Diagnostic> CompilerDiagnostics => DiagnosticsOf(Output);

    public static GeneratorRun Of(string source, OutputKind kind = OutputKind.DynamicallyLinkedLibrary, bool analyzersAreOff = false) =>
        Of(AppCompilation.Of(source, kind), analyzersAreOff);

    public static GeneratorRun Of(Compilation compilation, bool analyzersAreOff = false)
    {
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new ProcessTargetGenerator().AsSourceGenerator()],
            parseOptions: (CSharpParseOptions)compilation.SyntaxTrees.First().Options,
            optionsProvider: new BuildProperties(analyzersAreOff ? ImmutableDictionary<string, string>.Empty.Add("build_property.RunAnalyzers", "false") : ImmutableDictionary<string, string>.Empty),
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        return new GeneratorRun(driver, compilation);
    }

    /// <summary>The same generator after an edit of App.cs.</summary>
    public GeneratorRun Edit(Func<string, string> edit)
    {
        SyntaxTree before = Input.SyntaxTrees.Single(static tree => tree.FilePath == "App.cs");
        SyntaxTree after = AppCompilation.Parse(edit(before.ToString()), before.FilePath);
        Assert.That(after.ToString(), Is.Not.EqualTo(before.ToString()), "the edit changes something");
        return new GeneratorRun(_driver, Input.ReplaceSyntaxTree(before, after));
    }

    /// <summary>Fails with the generated code where anything does not compile, or compiles with a warning, also one that generated files silence.</summary>
    public GeneratorRun AssertCompiles()
    {
        Assert.That(Result.Exception, Is.Null);
        Diagnostic[] diagnostics = [.. DiagnosticsOf(Unsilenced())];
        if (diagnostics.Length != 0)
            Assert.Fail(string.Join('\n', diagnostics.Select(static diagnostic => diagnostic.ToString())) + "\n\n" + string.Join("\n", Files.Values));
        return this;
    }

    private static IEnumerable<Diagnostic> DiagnosticsOf(Compilation compilation) =>
        compilation.GetDiagnostics().Where(static diagnostic => diagnostic.Severity > DiagnosticSeverity.Info);

    /// <summary>
    /// Generated files as if they silenced only what is meant: that the user's members are obsolete, are called like one of a base class,
    /// and say otherwise than their stubs where null is.
    /// </summary>
    private Compilation Unsilenced()
    {
        SyntaxTree[] generated = [.. Output.SyntaxTrees.Except(Input.SyntaxTrees)];
        return Output.RemoveSyntaxTrees(generated).AddSyntaxTrees(generated.Select(static tree => CSharpSyntaxTree.ParseText(
            tree.ToString().Replace(CodeWriter.Silence, "#pragma warning disable CS0612, CS0618, CS0108, CS8621, CS8622", StringComparison.Ordinal), (CSharpParseOptions)tree.Options, tree.FilePath)));
    }
}
