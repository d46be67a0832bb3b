using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Procgen.Generator.Parsing;

namespace Procgen.Generator.Analysis;

/// <summary>The app's own types that values of some types are made of, written member by member.</summary>
internal static class CrossingTypes
{
    public static IEnumerable<INamedTypeSymbol> Reach(IEnumerable<ITypeSymbol> roots, Compilation compilation, CancellationToken cancellationToken)
    {
        HashSet<ITypeSymbol> seen = new(SymbolEqualityComparer.Default);
        HashSet<INamedTypeSymbol> definitions = new(SymbolEqualityComparer.Default);
        HashSet<ITypeSymbol> endless = new(SymbolEqualityComparer.Default);
        Stack<ITypeSymbol> open = new(roots);
        while (open.Count != 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ITypeSymbol type = open.Pop();
            // An array has no definition but itself: what it is of counts.
            while (type is IArrayTypeSymbol array) type = array.ElementType;
            // Of a definition that holds itself in several ways, each leads to as many others again: one that has no end is enough.
            if (endless.Contains(type.OriginalDefinition)) continue;
            if (TypeParser.IsEndless(type))
            {
                endless.Add(type.OriginalDefinition);
                continue;
            }

            if (!seen.Add(type)) continue;
            if (type is not INamedTypeSymbol named) continue;
            foreach (ITypeSymbol argument in named.TypeArguments) open.Push(argument);
            if (!IsWrittenByMembers(named, compilation)) continue;
            ITypeSymbol? element = TypeParser.CollectionElement(named);
            if (element is null || KeepsElementsInSystemBase(named))
            {
                if (definitions.Add(named.OriginalDefinition)) yield return named.OriginalDefinition;
                if (named.BaseType is { } baseType) open.Push(baseType);
            }

            // Of a collection, its elements cross and nothing else.
            foreach (ITypeSymbol next in (element is null ? Members(named) : [element]).Concat(Derived(named))) open.Push(next);
        }
    }

    private static bool IsWrittenByMembers(INamedTypeSymbol type, Compilation compilation) =>
        SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly)
        && type.TypeKind is TypeKind.Class or TypeKind.Struct or TypeKind.Interface
        && !type.IsUnmanagedType
        && !type.IsOrDerivesFrom(Known.ChildProcess)
        && type.FindAttribute(TypeAttributes.Codec) is null
        && type.FindAttribute(TypeAttributes.MemoryPackable) is null;

    /// <summary>Whether what a collection declares itself is something beside its elements.</summary>
    private static bool KeepsElementsInSystemBase(INamedTypeSymbol collection)
    {
        INamedTypeSymbol? at = collection.BaseType;
        while (at is not null && !TypeNames.IsFromSystem(at)) at = at.BaseType;
        return at is not null && TypeParser.CollectionElement(at) is not null;
    }

    private static IEnumerable<ITypeSymbol> Members(INamedTypeSymbol type) => type.GetMembers()
        .Where(static member => member is { IsStatic: false, DeclaredAccessibility: Microsoft.CodeAnalysis.Accessibility.Public } && member.FindAttribute(Known.IgnoreAttribute) is null)
        .Select(static member => member switch
        {
            IFieldSymbol field => field.Type,
            IPropertySymbol { IsIndexer: false } property => property.Type,
            _ => null,
        })
        .OfType<ITypeSymbol>();

    private static IEnumerable<ITypeSymbol> Derived(INamedTypeSymbol type) => TypeParser.UnionTypes(type).Select(static listed => listed.Type);
}
