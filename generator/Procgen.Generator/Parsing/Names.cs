using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Procgen.Generator.Parsing;

/// <summary>How symbols are spelled in emitted code.</summary>
internal static class Names
{
    /// <summary>With <c>global::</c> and <c>?</c>, as a signature repeats it.</summary>
    private static readonly SymbolDisplayFormat Annotated = SymbolDisplayFormat.FullyQualifiedFormat.WithMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers
        | SymbolDisplayMiscellaneousOptions.UseSpecialTypes
        | SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static readonly SymbolDisplayFormat Plain = SymbolDisplayFormat.FullyQualifiedFormat.WithMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers
        | SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    /// <summary>As a signature repeats it: <c>global::N.Job?</c>.</summary>
    public static string InSignature(ITypeSymbol type) => type.ToDisplayString(Annotated);

    /// <summary>Without annotations of reference types: <c>global::N.Job</c>.</summary>
    public static string InExpression(ITypeSymbol type) => type.ToDisplayString(Plain);

    /// <summary>As messages show it: <c>Job</c>, <c>List&lt;Job&gt;</c>.</summary>
    public static string InMessage(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);

    /// <summary>The namespace to declare emitted types in, empty for the global one.</summary>
    public static string NamespaceOf(ISymbol symbol) => symbol.ContainingNamespace is { IsGlobalNamespace: false } space
        ? space.ToDisplayString(Plain).Substring("global::".Length)
        : "";

    /// <summary>A type's name after those of the types around it: <c>Outer.Inner</c>, <c>OuterInner</c>.</summary>
    public static string OfTypeChain(INamedTypeSymbol type, string separator) =>
        type.ContainingType is { } outer ? OfTypeChain(outer, separator) + separator + type.Name : type.Name;

    /// <summary>An identifier, with <c>@</c> where it is a word of the language anywhere.</summary>
    public static string Escape(string identifier) =>
        SyntaxFacts.GetKeywordKind(identifier) != SyntaxKind.None || SyntaxFacts.GetContextualKeywordKind(identifier) != SyntaxKind.None
            ? "@" + identifier
            : identifier;

    /// <summary>A part of a namespace for an assembly: two assemblies never share one.</summary>
    public static string OfAssembly(string? name)
    {
        string sanitized = Sanitize(name ?? "");
        // A dot is what becomes an underscore in an ordinary name; whatever else does could meet it there.
        bool isOrdinary = name is not null && sanitized.Length == name.Length && name.All(static c => c == '.' || char.IsLetterOrDigit(c));
        return isOrdinary ? sanitized : $"{sanitized}_{StableHash.Of(name ?? ""):x16}";
    }

    /// <summary>A name in which only letters, digits and <c>_</c> are left.</summary>
    public static string Sanitize(string name)
    {
        StringBuilder result = new(name.Length);
        foreach (char c in name) result.Append(char.IsLetterOrDigit(c) ? c : '_');
        if (result.Length == 0 || char.IsDigit(result[0])) result.Insert(0, '_');
        return result.ToString();
    }
}
