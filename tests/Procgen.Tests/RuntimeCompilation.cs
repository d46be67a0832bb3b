using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Procgen.Generator.Tests.Support;

namespace Procgen.Tests;

/// <summary>The runtime's sources with their symbols, for tests about who refers to whom.</summary>
internal sealed class RuntimeCompilation
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Preview, preprocessorSymbols: ["NET", "NET8_0_OR_GREATER", "NET9_0_OR_GREATER", "NET10_0_OR_GREATER"]);

    private RuntimeCompilation(CSharpCompilation compilation) => Compilation = compilation;

    public static RuntimeCompilation Current { get; } = new(CSharpCompilation.Create(
        "Procgen",
        [
            CSharpSyntaxTree.ParseText(ImplicitUsings.Text, Options),
            .. Repository.RuntimeSources().Select(static file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), Options, file)),
        ],
        Framework(),
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true)));

    public CSharpCompilation Compilation { get; }

    public IEnumerable<SyntaxTree> Trees => Compilation.SyntaxTrees.Where(static tree => tree.FilePath.Length > 0);

    /// <summary>The base class library, as this process runs on it.</summary>
    public static IEnumerable<MetadataReference> Framework()
    {
        string folder = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => Path.GetDirectoryName(file) == folder)
            .Select(static file => MetadataReference.CreateFromFile(file));
    }

    public static string Place(SyntaxNodeOrToken node) =>
        $"{Path.GetRelativePath(Repository.Root, node.SyntaxTree!.FilePath)}:{node.GetLocation()!.GetLineSpan().StartLinePosition.Line + 1}";

    /// <summary>Every use of a type, or of a member of one, that another folder declares.</summary>
    public IEnumerable<FolderReference> CrossFolderReferences()
    {
        foreach (SyntaxTree tree in Trees)
        {
            SemanticModel model = Compilation.GetSemanticModel(tree);
            string from = Repository.FolderOf(tree.FilePath);
            foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                ISymbol? symbol = model.GetSymbolInfo(name).Symbol;
                INamedTypeSymbol? type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
                if (symbol is null or INamespaceSymbol || type is null) continue;
                string[] declaredIn = [.. type.OriginalDefinition.DeclaringSyntaxReferences.Select(static reference => Repository.FolderOf(reference.SyntaxTree.FilePath)).Distinct()];
                if (declaredIn.Length > 0 && !declaredIn.Contains(from)) yield return new FolderReference(from, declaredIn[0], type.Name, type.TypeKind == TypeKind.Enum, Place(name));
            }
        }
    }
}

internal sealed record FolderReference(string From, string To, string Type, bool IsToEnum, string Place);
