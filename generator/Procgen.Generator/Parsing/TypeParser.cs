using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Procgen.Generator.Model;

namespace Procgen.Generator.Parsing;

/// <summary>Finds out whether and how values of a type cross the process boundary.</summary>
internal static class TypeParser
{
    private static readonly SymbolDisplayFormat NameFormat = SymbolDisplayFormat.FullyQualifiedFormat
        .WithMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers | SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    /// <summary>A parameter's type, or what its own [ProcessCodec] says.</summary>
    public static ParsedType Parse(IParameterSymbol parameter, Compilation compilation, CancellationToken cancellationToken) =>
        Parse(parameter.Type, compilation, cancellationToken);

    public static ParsedType Parse(ITypeSymbol type, Compilation compilation, CancellationToken cancellationToken)
    {
        if (type.SpecialType == SpecialType.System_String) return new(new TypeModel("string", TypeShape.String));
        if (type is INamedTypeSymbol { IsUnmanagedType: true, OriginalDefinition.SpecialType: not SpecialType.System_Nullable_T })
            return new(new TypeModel(type.ToDisplayString(NameFormat), TypeShape.Unmanaged));
        if (type is IArrayTypeSymbol { Rank: 1, ElementType.IsUnmanagedType: true }) return new(new TypeModel(type.ToDisplayString(NameFormat), TypeShape.BuiltIn));
        if (type.AllInterfaces.Any(static face => face is { Name: "IProcessHandle", ContainingNamespace.Name: "CompilerServices" }))
            return new(new TypeModel(type.ToDisplayString(NameFormat), TypeShape.Handle));
        string name = type.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat);
        return new(new TypeProblem(name, $"{name} has no codec"));
    }
}
