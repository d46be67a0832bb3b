using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Microsoft.CodeAnalysis;

namespace Procgen.Generator.Parsing;

/// <summary>How types are spelled where codecs are about, and what their codecs are called.</summary>
internal static class TypeNames
{
    private const int LongestName = 100;

    // Tuples by their generic name, because the names of their elements are no part of the type.
    private static readonly SymbolDisplayFormat Exact = SymbolDisplayFormat.FullyQualifiedFormat.WithMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers
        | SymbolDisplayMiscellaneousOptions.UseSpecialTypes
        | SymbolDisplayMiscellaneousOptions.ExpandValueTuple);

    // One text per type: neither annotations nor names of tuple elements.
    private static readonly SymbolDisplayFormat Short = SymbolDisplayFormat.MinimallyQualifiedFormat.WithMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.ExpandValueTuple);

    private static readonly SymbolDisplayFormat Full = new(
        SymbolDisplayGlobalNamespaceStyle.Omitted,
        SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        SymbolDisplayGenericsOptions.IncludeTypeParameters,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    /// <summary><c>global::N.Gen&lt;int&gt;</c>.</summary>
    public static string Of(ITypeSymbol type) => type.ToDisplayString(Exact);

    /// <summary>With type parameters as <c>T0</c>, <c>T1</c>, those of the types around it first: two may have one name, or that of something else.</summary>
    public static string ByPosition(ITypeSymbol type) => string.Concat(type.ToDisplayParts(Exact).Select(static part =>
        part.Symbol is ITypeParameterSymbol parameter ? "T" + PositionOf(parameter).ToString(CultureInfo.InvariantCulture) : part.ToString()));

    private static int PositionOf(ITypeParameterSymbol parameter)
    {
        int position = parameter.Ordinal;
        for (INamedTypeSymbol? outer = parameter.DeclaringType!.ContainingType; outer is not null; outer = outer.ContainingType) position += outer.Arity;
        return position;
    }

    /// <summary>As the codec's own messages show it: <c>Gen&lt;int&gt;</c>.</summary>
    public static string InCodec(ITypeSymbol type) => type.ToDisplayString(Short);

    /// <summary>As the runtime calls it, without namespaces and type arguments: <c>Gen`1</c>.</summary>
    public static string InReflection(ITypeSymbol type) => type is IArrayTypeSymbol array
        ? $"{InReflection(array.ElementType)}[{new string(',', array.Rank - 1)}]"
        : type.TypeKind == TypeKind.Dynamic ? "Object" : type.MetadataName;

    /// <summary>An array's innermost element type, and the brackets between that and the array's own.</summary>
    public static (string Type, string Jagged) ElementOf(IArrayTypeSymbol array)
    {
        string jagged = "";
        ITypeSymbol element = array.ElementType;
        while (element is IArrayTypeSymbol inner)
        {
            jagged += $"[{new string(',', inner.Rank - 1)}]";
            element = inner.ElementType;
        }

        return (Of(element), jagged);
    }

    /// <summary>As messages show a type that does not cross: <c>System.IO.Stream</c>.</summary>
    public static string InFull(ITypeSymbol type) => type.ToDisplayString(Full);

    /// <summary>With <c>a</c> or <c>an</c> before it.</summary>
    public static string WithArticle(ITypeSymbol type)
    {
        string name = InFull(type);
        return ("aeiouAEIOU".IndexOf(name[0]) >= 0 ? "an " : "a ") + name;
    }

    /// <summary>
    /// The name of a type's codec: one name per type, of letters, digits and underscores. <c>N.Person</c> is
    /// <c>N_PersonCodec</c>, a list of them <c>ListOf_N_PersonCodec</c>.
    /// </summary>
    public static string CodecOf(ITypeSymbol type, string suffix = "Codec")
    {
        StringBuilder name = new();
        Append(name, type);
        if (name.Length > LongestName)
        {
            string hash = StableHash.Of(name.ToString()).ToString("x16", CultureInfo.InvariantCulture);
            name.Length = LongestName;
            name.Append('_').Append(hash);
        }

        return name.Append(suffix).ToString();
    }

    /// <summary>The codec's file: two names that differ in case only are two files.</summary>
    public static string HintOf(string className) =>
        $"{className}.{StableHash.Of(className).ToString("x16", CultureInfo.InvariantCulture).Substring(8)}.g.cs";

    private static void Append(StringBuilder name, ITypeSymbol type)
    {
        switch (type)
        {
            case IArrayTypeSymbol array:
                name.Append(array.Rank == 1 ? "ArrayOf_" : $"Array{array.Rank}Of_");
                Append(name, array.ElementType);
                break;
            case { SpecialType: not SpecialType.None and not SpecialType.System_Nullable_T, Name: var special } when type is INamedTypeSymbol { Arity: 0 }:
                name.Append(special);
                break;
            case INamedTypeSymbol named when IsFromSystem(named):
                if (named.Arity == 0) name.Append("System");
                name.Append(named.Name);
                AppendArguments(name, "Of", named.TypeArguments);
                break;
            case INamedTypeSymbol named:
                AppendScope(name, named);
                break;
            default:
                name.Append(Names.Sanitize(type.ToDisplayString(Exact)));
                break;
        }
    }

    private static void AppendScope(StringBuilder name, INamedTypeSymbol type)
    {
        if (type.ContainingType is { } outer)
        {
            AppendScope(name, outer);
            name.Append('_');
        }
        else
        {
            AppendNamespace(name, type.ContainingNamespace);
        }

        name.Append(Escape(type.Name));
        AppendArguments(name, "_Of", type.TypeArguments);
    }

    private static void AppendArguments(StringBuilder name, string of, IReadOnlyList<ITypeSymbol> arguments)
    {
        if (arguments.Count == 0) return;
        name.Append(of).Append(arguments.Count == 1 ? "" : arguments.Count.ToString(CultureInfo.InvariantCulture));
        foreach (ITypeSymbol argument in arguments)
        {
            name.Append('_');
            Append(name, argument);
        }
    }

    private static void AppendNamespace(StringBuilder name, INamespaceSymbol? space)
    {
        if (space is null or { IsGlobalNamespace: true }) return;
        AppendNamespace(name, space.ContainingNamespace);
        name.Append(Escape(space.Name)).Append('_');
    }

    private static string Escape(string name) => name.Replace("_", "__");

    /// <summary>Whether a type is the base class library's: in its namespaces and not of this compilation.</summary>
    public static bool IsFromSystem(INamedTypeSymbol type)
    {
        if (type.OriginalDefinition.Locations.Any(static location => location.IsInSource)) return false;
        INamespaceSymbol? space = type.ContainingNamespace;
        if (space is null or { IsGlobalNamespace: true }) return false;
        while (space.ContainingNamespace is { IsGlobalNamespace: false } outer) space = outer;
        return space.Name is "System" or "Microsoft" or "Windows";
    }
}
