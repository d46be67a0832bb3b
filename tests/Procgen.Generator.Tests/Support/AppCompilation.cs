using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Procgen.Generator.Tests.Support;

/// <summary>Compilations of an app that references Procgen, with the strictest settings an app may have.</summary>
internal static class AppCompilation
{
    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.CSharp12, DocumentationMode.Diagnose);

    /// <summary>The framework that the tests run on, and Procgen.</summary>
    public static IReadOnlyList<MetadataReference> References { get; } =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(static path => Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location))
            .Select(static path => MetadataReference.CreateFromFile(path)),
        MetadataReference.CreateFromFile(typeof(ProcessCall).Assembly.Location),
    ];

    public static CSharpCompilation Of(string source, OutputKind kind = OutputKind.DynamicallyLinkedLibrary, string name = "App", params MetadataReference[] more) => CSharpCompilation.Create(
        name,
        [Parse(Usings, "Usings.cs"), Parse(source, "App.cs")],
        [.. References, .. more],
        new CSharpCompilationOptions(
            kind,
            checkOverflow: true,
            nullableContextOptions: NullableContextOptions.Enable,
            generalDiagnosticOption: ReportDiagnostic.Error,
            warningLevel: 9999,
            allowUnsafe: true,
            deterministic: true));

    /// <summary>The same in a later version of the language.</summary>
    public static CSharpCompilation In(LanguageVersion language, CSharpCompilation app)
    {
        CSharpParseOptions options = ParseOptions.WithLanguageVersion(language);
        return app.RemoveAllSyntaxTrees().AddSyntaxTrees(app.SyntaxTrees.Select(tree => CSharpSyntaxTree.ParseText(tree.ToString(), options, tree.FilePath)));
    }

    /// <summary>The same on .NET 8, which has no accessors to what is generic.</summary>
    public static CSharpCompilation OnNet8(CSharpCompilation app)
    {
        string packs = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string pack = Directory.GetDirectories(Path.Combine(packs, "microsoft.netcore.app.ref"), "8.*").First();
        MetadataReference procgen = app.References.Single(static reference => reference.Display == typeof(ProcessCall).Assembly.Location);
        IEnumerable<MetadataReference> references = Directory.GetFiles(Path.Combine(pack, "ref", "net8.0"), "*.dll").Select(static path => MetadataReference.CreateFromFile(path));
        return app.WithReferences(references.Append(procgen));
    }

    public static SyntaxTree Parse(string source, string path) => CSharpSyntaxTree.ParseText(source, ParseOptions, path);

    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Procgen;
        """;
}
