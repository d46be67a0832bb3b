using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Procgen.Generator.Parsing;

/// <summary>What is obsolete: its stub, proxy or call is so in the same way, for whoever uses it to be told.</summary>
internal static class Obsolescence
{
    /// <summary>Whether code that uses it does not compile.</summary>
    public static bool IsForbidden(this ISymbol symbol) =>
        symbol.FindAttribute(TypeAttributes.Obsolete) is { ConstructorArguments: [_, { Value: true }] };

    /// <summary>Its own ObsoleteAttribute or that of the innermost type around it, to be repeated.</summary>
    public static string? Around(ISymbol? symbol) => symbol is null ? null : Of(symbol) ?? Around(symbol.ContainingType);

    /// <summary>Its own ObsoleteAttribute, without brackets.</summary>
    public static string? Of(ISymbol? symbol)
    {
        if (symbol?.FindAttribute(TypeAttributes.Obsolete) is not { } attribute) return null;
        IEnumerable<string> arguments = attribute.ConstructorArguments.Select(static argument => argument.ToCSharpString())
            .Concat(attribute.NamedArguments.Select(static argument => $"{argument.Key} = {argument.Value.ToCSharpString()}"));
        string given = string.Join(", ", arguments);
        return given.Length == 0 ? "global::System.Obsolete" : $"global::System.Obsolete({given})";
    }
}
