using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;

namespace Procgen.Generator.Parsing;

/// <summary>
/// Generated proxies as the generator itself sees them: unknown types, because no generator sees its own output. They are
/// recognized by the marked class that they stand for, and named where they will be.
/// </summary>
internal static class ProxyTypes
{
    public const string Suffix = "Proxy";

    /// <summary>The type with every proxy in it put where it will be; other types as they are.</summary>
    public static ITypeSymbol Resolve(ITypeSymbol type, Compilation compilation, CancellationToken cancellationToken)
    {
        if (!MayMention(type)) return type;
        // The compiler takes CounterProxy? for a nullable struct as long as it does not know it.
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T, TypeArguments: [IErrorTypeSymbol optional] }
            && Find(optional, compilation, cancellationToken) is { } proxy) return proxy.WithNullableAnnotation(NullableAnnotation.Annotated);
        ITypeSymbol resolved = type switch
        {
            IErrorTypeSymbol error => Find(error, compilation, cancellationToken) ?? type,
            IArrayTypeSymbol array => compilation.CreateArrayTypeSymbol(
                Resolve(array.ElementType, compilation, cancellationToken), array.Rank, array.ElementNullableAnnotation),
            INamedTypeSymbol { IsTupleType: true } tuple => compilation.CreateTupleTypeSymbol(
                [.. tuple.TupleElements.Select(element => Resolve(element.Type, compilation, cancellationToken))],
                [.. tuple.TupleElements.Select(static element => element.IsExplicitlyNamedTupleElement ? element.Name : null)],
                default,
                [.. tuple.TupleElements.Select(static element => element.NullableAnnotation)]),
            INamedTypeSymbol { ContainingType: null } named => named.OriginalDefinition.Construct(
                [.. named.TypeArguments.Select(argument => Resolve(argument, compilation, cancellationToken))], named.TypeArgumentNullableAnnotations),
            _ => type,
        };
        return resolved.WithNullableAnnotation(type.NullableAnnotation);
    }

    /// <summary>Whether an unknown type is a proxy that will be generated.</summary>
    public static bool IsProxy(ITypeSymbol type, Compilation compilation, CancellationToken cancellationToken) =>
        type is IErrorTypeSymbol error && IsName(error) && Find(error, compilation, cancellationToken) is not null;

    private static bool MayMention(ITypeSymbol type) => type switch
    {
        IErrorTypeSymbol error => IsName(error),
        IArrayTypeSymbol array => MayMention(array.ElementType),
        INamedTypeSymbol { TypeArguments: { IsEmpty: false } arguments } => arguments.Any(MayMention),
        _ => false,
    };

    private static bool IsName(IErrorTypeSymbol error) =>
        error.Arity == 0 && error.Name.Length > Suffix.Length && error.Name.EndsWith(Suffix, System.StringComparison.Ordinal);

    private static ITypeSymbol? Find(IErrorTypeSymbol error, Compilation compilation, CancellationToken cancellationToken)
    {
        string stem = error.Name.Substring(0, error.Name.Length - Suffix.Length);
        IEnumerable<INamedTypeSymbol> marked = compilation
            .GetSymbolsWithName(name => stem.EndsWith(name, System.StringComparison.Ordinal), SymbolFilter.Type, cancellationToken)
            .OfType<INamedTypeSymbol>()
            .Where(type => type.FindAttribute(Known.ManagedObjectAttribute) is not null && Names.OfTypeChain(type, "") == stem);
        if (error.ContainingNamespace is { IsGlobalNamespace: false } qualified)
            marked = marked.Where(type => SymbolEqualityComparer.Default.Equals(type.ContainingNamespace, qualified));
        return marked.Select(static type => type.ContainingNamespace).Distinct(SymbolEqualityComparer.Default).Take(2).ToImmutableArray() is [INamespaceSymbol only]
            ? compilation.CreateErrorTypeSymbol(only, error.Name, 0)
            : null;
    }
}
