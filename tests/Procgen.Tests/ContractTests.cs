using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NUnit.Framework;

namespace Procgen.Tests;

/// <summary>
/// Programs outside this repository are written against the signatures in Contract/. They are compiled there by
/// themselves and looked for, one by one, in the assembly that ships.
/// </summary>
public sealed class ContractTests
{
    private static readonly SymbolDisplayFormat Signature = new(
        globalNamespaceStyle: SymbolDisplayGlobalNamespaceStyle.Omitted,
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints | SymbolDisplayGenericsOptions.IncludeVariance,
        memberOptions: SymbolDisplayMemberOptions.IncludeParameters | SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeRef,
        parameterOptions: SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeDefaultValue | SymbolDisplayParameterOptions.IncludeParamsRefOut,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.ExpandNullable);

    private static readonly CSharpCompilation Contract = CSharpCompilation.Create(
        "Contract",
        [
            CSharpSyntaxTree.ParseText("global using System; global using System.Collections.Generic; global using System.Threading; global using System.Threading.Tasks;"),
            .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "Procgen.Tests", "Contract"), "*.cs").Select(static file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), path: file)),
        ],
        RuntimeCompilation.Framework(),
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));

    private static readonly CSharpCompilation Shipped = CSharpCompilation.Create(
        "Shipped", references: [.. RuntimeCompilation.Framework(), MetadataReference.CreateFromFile(typeof(ProcessCall).Assembly.Location)]);

    public static IEnumerable<string> Types => AllTypes(Contract.Assembly.GlobalNamespace).Select(MetadataName);

    [TestCaseSource(nameof(Types))]
    public void Every_promised_member_is_there_for(string typeName)
    {
        INamedTypeSymbol promised = Contract.Assembly.GetTypeByMetadataName(typeName)!;
        INamedTypeSymbol? shipped = Shipped.GetTypeByMetadataName(typeName);
        Assert.That(shipped, Is.Not.Null, $"{typeName} is missing");

        HashSet<string> there = [.. MembersOf(shipped!, includeInherited: true)];
        string[] missing = [.. MembersOf(promised, includeInherited: false).Where(member => !there.Contains(member))];

        Assert.That(missing, Is.Empty, $"{typeName} has instead:\n{string.Join('\n', there.Order(StringComparer.Ordinal))}");
    }

    [TestCaseSource(nameof(Types))]
    public void Every_promised_base_and_interface_is_there_for(string typeName)
    {
        INamedTypeSymbol promised = Contract.Assembly.GetTypeByMetadataName(typeName)!;
        INamedTypeSymbol? shipped = Shipped.GetTypeByMetadataName(typeName);
        Assert.That(shipped, Is.Not.Null, $"{typeName} is missing");

        string[] there = [.. BasesOf(shipped!)];

        Assert.That(BasesOf(promised).Except(there), Is.Empty, $"{typeName} is a {shipped!.TypeKind}");
    }

    [Test]
    public void The_contract_itself_compiles() =>
        Assert.That(Contract.GetDiagnostics().Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error), Is.Empty);

    private static IEnumerable<string> MembersOf(INamedTypeSymbol type, bool includeInherited)
    {
        foreach (ISymbol member in type.GetMembers().Where(static member => !member.IsImplicitlyDeclared && IsVisible(member)))
        {
            if (member is INamedTypeSymbol or IMethodSymbol { AssociatedSymbol: not null } || member.CanBeReferencedByName is false && member is not IMethodSymbol { MethodKind: MethodKind.Constructor }
                && member is not IPropertySymbol { IsIndexer: true }) continue;
            string text = Describe(member);
            yield return text;
            if (member is not IPropertySymbol property) continue;
            if (property.GetMethod is { } get && IsVisible(get)) yield return text + " get";
            if (property.SetMethod is { } set && IsVisible(set)) yield return text + " set";
        }

        if (!includeInherited || type.BaseType is not { SpecialType: SpecialType.None } parent) yield break;
        foreach (string inherited in MembersOf(parent, includeInherited: true)) yield return inherited;
    }

    private static string Describe(ISymbol member) => (member.IsStatic ? "static " : "") + (member.ContainingType.TypeKind == TypeKind.Enum
        ? $"{member.Name} = {((IFieldSymbol)member).ConstantValue}"
        : member.ToDisplayString(Signature));

    private static IEnumerable<string> BasesOf(INamedTypeSymbol type)
    {
        foreach (INamedTypeSymbol contract in type.AllInterfaces) yield return contract.ToDisplayString(Signature);
        for (INamedTypeSymbol? parent = type.BaseType; parent is not null; parent = parent.BaseType) yield return parent.ToDisplayString(Signature);
    }

    private static bool IsVisible(ISymbol member) =>
        member.DeclaredAccessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;

    private static IEnumerable<INamedTypeSymbol> AllTypes(INamespaceOrTypeSymbol space) => space.GetMembers().SelectMany(static member => member switch
    {
        INamespaceSymbol inner => AllTypes(inner),
        INamedTypeSymbol type when IsVisible(type) => AllTypes(type).Prepend(type),
        _ => [],
    });

    private static string MetadataName(INamedTypeSymbol type) =>
        type.ContainingType is { } outer ? $"{MetadataName(outer)}+{type.MetadataName}" : $"{type.ContainingNamespace.ToDisplayString()}.{type.MetadataName}";
}
