using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Procgen.Generator.Parsing;

namespace Procgen.Generator.Analysis;

/// <summary>The app's own types that values of some types are made of, written member by member.</summary>
internal static class CrossingTypes
{
    public static IEnumerable<INamedTypeSymbol> Reach(IEnumerable<ITypeSymbol> roots, Compilation compilation)
    {
        HashSet<ITypeSymbol> seen = new(SymbolEqualityComparer.Default);
        HashSet<INamedTypeSymbol> definitions = new(SymbolEqualityComparer.Default);
        Stack<ITypeSymbol> open = new(roots);
        while (open.Count != 0)
        {
            ITypeSymbol type = open.Pop();
            if (!seen.Add(type)) continue;
            if (type is IArrayTypeSymbol array) open.Push(array.ElementType);
            if (type is not INamedTypeSymbol named) continue;
            foreach (ITypeSymbol argument in named.TypeArguments) open.Push(argument);
            if (!IsWrittenByMembers(named, compilation)) continue;
            if (TypeParser.CollectionElement(named) is { } element)
            {
                // Its elements cross, and nothing else of it.
                open.Push(element);
                foreach (ITypeSymbol next in Derived(named)) open.Push(next);
                continue;
            }

            if (definitions.Add(named.OriginalDefinition)) yield return named.OriginalDefinition;
            if (named.BaseType is { } baseType) open.Push(baseType);
            foreach (ITypeSymbol next in Members(named).Concat(Derived(named))) open.Push(next);
        }
    }

    private static bool IsWrittenByMembers(INamedTypeSymbol type, Compilation compilation) =>
        SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly)
        && type.TypeKind is TypeKind.Class or TypeKind.Struct or TypeKind.Interface
        && !type.IsUnmanagedType
        && !type.IsOrDerivesFrom(Known.ChildProcess)
        && type.FindAttribute(TypeAttributes.Codec) is null
        && type.FindAttribute(TypeAttributes.MemoryPackable) is null;

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
