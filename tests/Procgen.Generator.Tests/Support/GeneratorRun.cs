using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

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
    public IEnumerable<Diagnostic> CompilerDiagnostics => Output.GetDiagnostics().Where(static diagnostic => diagnostic.Severity > DiagnosticSeverity.Info);

    public static GeneratorRun Of(string source, OutputKind kind = OutputKind.DynamicallyLinkedLibrary, bool analyzersAreOff = false) =>
        Of(AppCompilation.Of(source, kind), analyzersAreOff);

    public static GeneratorRun Of(Compilation compilation, bool analyzersAreOff = false)
    {
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new ProcessTargetGenerator().AsSourceGenerator()],
            parseOptions: AppCompilation.ParseOptions,
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

    /// <summary>Fails with the generated code where anything does not compile, or compiles with a warning.</summary>
    public GeneratorRun AssertCompiles()
    {
        Assert.That(Result.Exception, Is.Null);
        Diagnostic[] diagnostics = [.. CompilerDiagnostics];
        if (diagnostics.Length != 0)
            Assert.Fail(string.Join('\n', diagnostics.Select(static diagnostic => diagnostic.ToString())) + "\n\n" + string.Join("\n", Files.Values));
        return this;
    }
}
