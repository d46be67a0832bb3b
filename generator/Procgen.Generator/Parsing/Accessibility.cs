using Microsoft.CodeAnalysis;
using Procgen.Generator.Analysis;

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
            if (Obstacle(at) is { } obstacle) findings.Report(Diagnostics.NotAccessible, at.Place(), at.Name, obstacle, targetName);
            isPublic &= at.DeclaredAccessibility == Microsoft.CodeAnalysis.Accessibility.Public;
        }

        return isPublic;
    }

    /// <summary>Whether emitted code can name the type.</summary>
    public static bool IsReachable(ITypeSymbol type, Compilation compilation)
    {
        for (ISymbol? at = type; at is not null; at = at.ContainingType)
        {
            if (Obstacle(at) is not null) return false;
        }

        return compilation.IsSymbolAccessibleWithin(type, compilation.Assembly);
    }

    private static string? Obstacle(ISymbol symbol) => symbol switch
    {
        INamedTypeSymbol { IsFileLocal: true } => "local to its file",
        { DeclaredAccessibility: Microsoft.CodeAnalysis.Accessibility.Private } => "private",
        { DeclaredAccessibility: Microsoft.CodeAnalysis.Accessibility.Protected } => "protected",
        { DeclaredAccessibility: Microsoft.CodeAnalysis.Accessibility.ProtectedAndInternal } => "private protected",
        _ => null,
    };
}
