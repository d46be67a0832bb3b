using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NUnit.Framework;

namespace Procgen.Tests;

public sealed partial class ArchitectureTests
{
    /// <summary>
    /// The runtime's folders in the order of a call, from what users hold down to the system: each refers to those after it,
    /// never back.
    /// </summary>
    private static readonly string[] Way =
    [
        "Managers", "Pools", "Connections", "Queues",
        "Processes", "Worker", "Launching", "Synchronization", "SharedMemory",
        "Calls", "Transport", "Framing", "Serialization", "Telemetry", "Errors", "Interop",
    ];

    [Test]
    public void Each_folder_of_the_runtime_refers_only_to_folders_further_along_the_way_of_a_call()
    {
        string[] offences =
        [
            .. RuntimeCompilation.Current.CrossFolderReferences()
                .Where(static reference => !IsAlongTheWay(reference))
                .GroupBy(static reference => (reference.From, reference.To))
                .Select(static group => $"{group.Key.From} must not refer to {group.Key.To}: {string.Join(", ", group.Take(4).Select(static use => $"{use.Type} at {use.Place}"))}"),
        ];

        Assert.That(offences, Is.Empty, string.Join('\n', offences));
    }

    [Test]
    public void Every_folder_of_the_runtime_has_its_place_on_the_way() =>
        Assert.That(Repository.RuntimeSources().Select(Repository.FolderOf).Where(static folder => !folder.EndsWith(".cs", StringComparison.Ordinal)).Distinct(), Is.SubsetOf(Way));

    [Test]
    public void Native_functions_are_imported_in_Interop_only() => AssertNowhereBut(
        ["Interop"],
        static root => root.DescendantNodes().OfType<AttributeSyntax>().Where(static attribute => attribute.Name.ToString() is "LibraryImport" or "DllImport").Select(static node => (SyntaxNodeOrToken)node));

    [Test]
    public void Unsafe_code_stands_in_SharedMemory_and_Interop_only() => AssertNowhereBut(
        ["Interop", "SharedMemory"],
        static root => root.DescendantTokens().Where(static token => token.IsKind(SyntaxKind.UnsafeKeyword)).Select(static token => (SyntaxNodeOrToken)token));

    [Test]
    public void Public_types_live_in_Procgen_and_what_only_generated_code_calls_in_CompilerServices()
    {
        string[] strays =
        [
            .. RuntimeCompilation.Current.Trees
                .SelectMany(static tree => tree.GetRoot().DescendantNodes().OfType<BaseTypeDeclarationSyntax>())
                .Where(static type => type.Modifiers.Any(SyntaxKind.PublicKeyword) && type.Parent is not TypeDeclarationSyntax)
                .Where(static type => NamespaceOf(type) is not ("Procgen" or "Procgen.CompilerServices"))
                .Select(static type => $"{NamespaceOf(type)}.{type.Identifier.Text} at {RuntimeCompilation.Place(type)}"),
        ];

        Assert.That(strays, Is.Empty);
    }

    [Test]
    public void Internal_types_live_in_the_namespace_of_their_folder()
    {
        string[] strays =
        [
            .. RuntimeCompilation.Current.Trees
                .SelectMany(static tree => tree.GetRoot().DescendantNodes().OfType<BaseTypeDeclarationSyntax>())
                .Where(static type => !type.Modifiers.Any(SyntaxKind.PublicKeyword) && type.Parent is not TypeDeclarationSyntax && type.Identifier.Text != "StartupHook")
                .Where(static type => NamespaceOf(type) != NamespaceFor(Repository.FolderOf(type.SyntaxTree.FilePath)))
                .Select(static type => $"{NamespaceOf(type)}.{type.Identifier.Text} at {RuntimeCompilation.Place(type)}"),
        ];

        Assert.That(strays, Is.Empty);
    }

    [Test]
    public void Nothing_stands_at_the_top_of_the_repository_beyond_the_layout()
    {
        string[] extra = [.. Directory.EnumerateFileSystemEntries(Repository.Root).Select(static path => Path.GetFileName(path)!).Where(static name => !TopLevel().IsMatch(name))];

        Assert.That(extra, Is.Empty);
    }

    /// <summary>Public enums are words that every layer may use; what stands beside the folders is the runtime's own entry.</summary>
    private static bool IsAlongTheWay(FolderReference reference) =>
        reference.IsToEnum || reference.From.EndsWith(".cs", StringComparison.Ordinal) || Array.IndexOf(Way, reference.From) < Array.IndexOf(Way, reference.To);

    /// <summary>A namespace cannot bear the name of the public type SharedMemory.</summary>
    private static string NamespaceFor(string folder) => folder == "SharedMemory" ? "Procgen.Shared" : $"Procgen.{folder}";

    private static void AssertNowhereBut(string[] folders, Func<SyntaxNode, IEnumerable<SyntaxNodeOrToken>> find)
    {
        string[] strays =
        [
            .. RuntimeCompilation.Current.Trees
                .Where(tree => !folders.Contains(Repository.FolderOf(tree.FilePath)))
                .SelectMany(tree => find(tree.GetRoot()))
                .Select(RuntimeCompilation.Place),
        ];

        Assert.That(strays, Is.Empty);
    }

    private static string NamespaceOf(SyntaxNode node) =>
        string.Join('.', node.Ancestors().OfType<BaseNamespaceDeclarationSyntax>().Reverse().Select(static space => space.Name.ToString()));

    /// <summary>The layout, dotfiles, and what tools leave that git ignores.</summary>
    [GeneratedRegex(@"^(generator|runtime|tests|samples|Procgen\.sln|nuget\.config|README\.md|LICENSE|Directory\..*\.(props|targets)|\..*|artifacts|bin|obj|TestResults|BenchmarkDotNet\.Artifacts)$")]
    private static partial Regex TopLevel();
}
