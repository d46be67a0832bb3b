using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Procgen.Generator.Parsing;

/// <summary>The names that the parser looks for, and questions about them.</summary>
internal static class Known
{
    public const string EntryAssembly = "Procgen.Host";
    public const string ModuleInitializerAttribute = "System.Runtime.CompilerServices.ModuleInitializerAttribute";
    public const string TargetAttribute = "Procgen.ProcessTargetAttribute";
    public const string ManagedObjectAttribute = "Procgen.ManagedObjectAttribute";
    public const string ManagedProxy = "Procgen.ManagedProxy";
    public const string IgnoreAttribute = "Procgen.ProcessIgnoreAttribute";
    public const string AssemblyAttribute = "Procgen.CompilerServices.ProcessTargetAssemblyAttribute";
    public const string WorkerEntry = "Procgen.CompilerServices.WorkerEntry";
    public const string ChildProcess = "Procgen.ChildProcess";
    public const string ProcessPool = "Procgen.ProcessPool";
    public const string ProcessCall = "Procgen.ProcessCall";
    public const string ProcessStream = "Procgen.ProcessStream<TItem>";
    public const string WorkerContext = "Procgen.WorkerContext";
    public const string CancellationToken = "System.Threading.CancellationToken";
    public const string Progress = "System.IProgress<T>";

    private static readonly SymbolDisplayFormat FullName = new(
        SymbolDisplayGlobalNamespaceStyle.Omitted,
        SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        SymbolDisplayGenericsOptions.IncludeTypeParameters);

    /// <summary>Whether this is the type of that name, its type arguments left aside.</summary>
    public static bool Is(this ITypeSymbol type, string fullName)
    {
        int dot = fullName.LastIndexOf('.') + 1;
        return string.CompareOrdinal(fullName, dot, type.Name, 0, type.Name.Length) == 0
            && type.Name.Length != 0
            && type.OriginalDefinition.ToDisplayString(FullName) == fullName;
    }

    /// <summary>Whether this is the class of that name or derives from it.</summary>
    public static bool IsOrDerivesFrom(this ITypeSymbol type, string fullName)
    {
        for (ITypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            if (at.Is(fullName)) return true;
        }

        return false;
    }

    /// <summary>Whether Procgen names this assembly a friend, as it does its own tests.</summary>
    public static bool SeesInternals(Compilation compilation) =>
        compilation.GetTypeByMetadataName(TargetAttribute)?.ContainingAssembly is { } procgen && procgen.GivesAccessTo(compilation.Assembly);

    /// <summary>Whether the type is Procgen's own.</summary>
    public static bool IsProcgen(ITypeSymbol? type) =>
        type is INamedTypeSymbol { ContainingNamespace: { Name: "Procgen", ContainingNamespace.IsGlobalNamespace: true }, ContainingAssembly.Name: "Procgen" };

    /// <summary>The type itself or the innermost one around it that has type parameters; null where none has.</summary>
    public static INamedTypeSymbol? GenericAround(INamedTypeSymbol? type)
    {
        while (type is { Arity: 0 }) type = type.ContainingType;
        return type;
    }

    /// <summary>Whether one of its declarations says so, and therefore all of them.</summary>
    public static bool IsPartial(this INamedTypeSymbol type, CancellationToken cancellationToken) => type.DeclaringSyntaxReferences.Any(reference =>
        reference.GetSyntax(cancellationToken) is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));

    /// <summary>Whether nobody could await its end. Of a partial method, only the part that implements it says <c>async</c>.</summary>
    public static bool IsAsyncVoid(this IMethodSymbol method) => method.ReturnsVoid && (method.PartialImplementationPart ?? method).IsAsync;

    /// <summary>Of a partial property the part that says what it does; any other as it is.</summary>
    public static IPropertySymbol Implementation(this IPropertySymbol property) => property.OriginalDefinition.PartialImplementationPart ?? property;

    /// <summary>Its getter, or the one that it inherits: an override may have a setter only.</summary>
    public static IMethodSymbol? Getter(this IPropertySymbol property) => property.GetMethod ?? property.OverriddenProperty?.Getter();

    /// <summary>Its setter, or the one that it inherits: an override may have a getter only.</summary>
    public static IMethodSymbol? Setter(this IPropertySymbol property) => property.SetMethod ?? property.OverriddenProperty?.Setter();

    /// <summary>Its attribute of that name.</summary>
    public static AttributeData? FindAttribute(this ISymbol symbol, string fullName)
    {
        foreach (AttributeData attribute in symbol.GetAttributes())
        {
            if (attribute.AttributeClass is { } type && type.Is(fullName)) return attribute;
        }

        return null;
    }
}
