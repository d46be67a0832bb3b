using System.Linq;
using Microsoft.CodeAnalysis;
using Procgen.Generator.Analysis;
using Procgen.Generator.Model;

namespace Procgen.Generator.Parsing;

/// <summary>What emitted code, at namespace level of the same assembly, can reach.</summary>
internal static class Accessibility
{
    /// <summary>Reports what hides the member; returns whether it is public all the way up.</summary>
    public static bool Check(ISymbol member, string targetName, ParseFindings findings)
    {
        bool isPublic = true;
        for (ISymbol? at = member; at is not null; at = at.ContainingType)
        {
            if (Obstacle(at) is { } obstacle) findings.ReportDeclaration(Diagnostics.NotAccessible, at.Place(), at, at.Name, obstacle, targetName);
            isPublic &= at.DeclaredAccessibility == Microsoft.CodeAnalysis.Accessibility.Public;
        }

        return isPublic;
    }

    /// <summary>Whether emitted code can name the type.</summary>
    public static bool IsReachable(ITypeSymbol type, Compilation compilation) => Unreachable(type, compilation) is null;

    /// <summary>What would let emitted code name the type; null where it can.</summary>
    public static string? Unreachable(ITypeSymbol type, Compilation compilation) => Unreachable(type, compilation, isPart: false);

    /// <summary>A name has those of elements and type arguments in it, of the types around it too.</summary>
    private static string? Unreachable(ITypeSymbol type, Compilation compilation, bool isPart)
    {
        if (type is IArrayTypeSymbol array) return Unreachable(array.ElementType, compilation, isPart: true);
        for (INamedTypeSymbol? at = type as INamedTypeSymbol; at is not null; at = at.ContainingType)
        {
            if (at.TypeArguments.Select(argument => Unreachable(argument, compilation, isPart: true)).FirstOrDefault(static remedy => remedy is not null) is { } remedy)
                return remedy;
        }

        string makeInternal = $"make {(isPart ? TypeNames.InFull(type) : "it")} internal or public";
        for (ISymbol? at = type; at is not null; at = at.ContainingType)
        {
            if (Obstacle(at) is not null) return makeInternal;
        }

        if (!compilation.IsSymbolAccessibleWithin(type, compilation.Assembly)) return makeInternal;
        return AliasOf(type.ContainingAssembly, compilation) is { } alias
            ? $"only the extern alias '{alias}' leads to {(isPart ? "the assembly of " + TypeNames.InFull(type) : "its assembly")}, so reference that as 'global' too"
            : null;
    }

    /// <summary>The extern alias by which alone an assembly's names are found; null where <c>global::</c> finds them.</summary>
    public static string? AliasOf(IAssemblySymbol? assembly, Compilation compilation) =>
        assembly is not null && compilation.GetMetadataReference(assembly)?.Properties.Aliases is { IsDefaultOrEmpty: false } aliases && !aliases.Contains(LibraryModel.Global)
            ? aliases[0]
            : null;

    private static string? Obstacle(ISymbol symbol) => symbol switch
    {
        INamedTypeSymbol { IsFileLocal: true } => "local to its file",
        { DeclaredAccessibility: Microsoft.CodeAnalysis.Accessibility.Private } => "private",
        { DeclaredAccessibility: Microsoft.CodeAnalysis.Accessibility.Protected } => "protected",
        { DeclaredAccessibility: Microsoft.CodeAnalysis.Accessibility.ProtectedAndInternal } => "private protected",
        _ => null,
    };
}
