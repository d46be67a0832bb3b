using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Procgen.Generator.Parsing;

/// <summary>A public instance field or readable property.</summary>
/// <param name="Symbol">The field or property; where it is overridden, the most derived one.</param>
/// <param name="Type">Its type.</param>
/// <param name="DeclaredIn">The base type to see it through where another member hides it; else empty.</param>
internal sealed record TypeMember(ISymbol Symbol, ITypeSymbol Type, string DeclaredIn);

/// <summary>What of an object crosses: base type first, in order of declaration, an override at the place of what it overrides.</summary>
internal static class TypeMembers
{
    private const int MostMembers = 249;

    public static IReadOnlyList<TypeMember>? Of(INamedTypeSymbol type, Compilation compilation, string path, out TypeProblem? problem)
    {
        problem = null;
        Stack<INamedTypeSymbol> chain = new();
        for (INamedTypeSymbol? at = type; at is { SpecialType: not SpecialType.System_Object and not SpecialType.System_ValueType }; at = at.BaseType)
        {
            if (!SymbolEqualityComparer.Default.Equals(at, type) && TypeNames.IsFromSystem(at))
            {
                // It has no state.
                if (at.Is("System.EventArgs")) break;
                problem = new TypeProblem(path, $"{path} derives from {TypeNames.InFull(at)}, whose state does not cross");
                return null;
            }

            chain.Push(at);
        }

        IReadOnlyList<TypeMember> members = Of(chain, compilation);
        if (members.Count <= MostMembers) return members;
        problem = new TypeProblem(path, $"{path} is {TypeNames.WithArticle(type)}, which has {members.Count} public members; at most {MostMembers} can cross");
        return null;
    }

    /// <summary>What crosses of some levels of a type, its bases first.</summary>
    public static IReadOnlyList<TypeMember> Of(IEnumerable<INamedTypeSymbol> levels, Compilation compilation)
    {
        List<TypeMember> members = [];
        foreach (ISymbol member in levels.SelectMany(static level => level.GetMembers()))
        {
            bool crosses = Crosses(member, compilation);
            if (crosses && member is IPropertySymbol { OverriddenProperty: { } overridden } property && Replace(members, overridden, property)) continue;
            // What does not cross may hide what does.
            Hide(members, member);
            if (crosses) members.Add(new TypeMember(member, TypeOf(member), ""));
        }

        members.RemoveAll(static member => member.Symbol.FindAttribute(Known.IgnoreAttribute) is not null);
        return members;
    }

    /// <summary>A public member with state of its own that a collection declares beside its elements.</summary>
    public static ISymbol? FirstOwn(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? at = type; at is not null && !TypeNames.IsFromSystem(at) && at.SpecialType != SpecialType.System_Object; at = at.BaseType)
        {
            foreach (ISymbol member in at.GetMembers())
            {
                if (member is { DeclaredAccessibility: Microsoft.CodeAnalysis.Accessibility.Public, IsStatic: false }
                    && HasState(member, type)
                    && member.FindAttribute(Known.IgnoreAttribute) is null)
                    return member;
            }
        }

        return null;
    }

    /// <summary>What the interfaces of collections ask for follows from the elements, however it is kept.</summary>
    private static bool HasState(ISymbol member, INamedTypeSymbol collection) => member switch
    {
        IFieldSymbol => true,
        IPropertySymbol { IsIndexer: false, SetMethod.DeclaredAccessibility: Microsoft.CodeAnalysis.Accessibility.Public } => true,
        IPropertySymbol { IsIndexer: false, Name: not ("Count" or "IsReadOnly") } property => !IsAskedFor(property, collection) && (property.SetMethod is not null
            || property.ContainingType.GetMembers().Any(field => field is IFieldSymbol { AssociatedSymbol: { } kept } && SymbolEqualityComparer.Default.Equals(kept, property))),
        _ => false,
    };

    private static bool IsAskedFor(IPropertySymbol property, INamedTypeSymbol collection) => collection.AllInterfaces
        .Where(static candidate => TypeNames.IsFromSystem(candidate) && candidate.ContainingNamespace.ToDisplayString().StartsWith("System.Collections", StringComparison.Ordinal))
        .SelectMany(candidate => candidate.GetMembers(property.Name))
        .Any(asked => SymbolEqualityComparer.Default.Equals(collection.FindImplementationForInterfaceMember(asked), property));

    private static bool Crosses(ISymbol member, Compilation compilation) => member switch
    {
        { DeclaredAccessibility: not Microsoft.CodeAnalysis.Accessibility.Public } or { IsStatic: true } => false,
        IFieldSymbol field => !field.IsConst && field.CanBeReferencedByName && field.CorrespondingTupleField is null,
        IPropertySymbol property => !property.IsIndexer
            && property.CanBeReferencedByName
            && property.Getter() is { } getter
            && compilation.IsSymbolAccessibleWithin(getter, compilation.Assembly)
            && getter.DeclaredAccessibility == Microsoft.CodeAnalysis.Accessibility.Public,
        _ => false,
    };

    private static bool Replace(List<TypeMember> members, IPropertySymbol overridden, IPropertySymbol property)
    {
        for (int i = 0; i < members.Count; i++)
        {
            if (!SymbolEqualityComparer.Default.Equals(members[i].Symbol.OriginalDefinition, overridden.OriginalDefinition)) continue;
            members[i] = members[i] with { Symbol = property, Type = property.Type };
            return true;
        }

        return false;
    }

    private static void Hide(List<TypeMember> members, ISymbol member)
    {
        for (int i = 0; i < members.Count; i++)
        {
            if (members[i].Symbol.Name == member.Name && members[i].DeclaredIn.Length == 0)
                members[i] = members[i] with { DeclaredIn = TypeNames.Of(members[i].Symbol.ContainingType) };
        }
    }

    /// <summary>Whether who calls the constructor has no required member left to set.</summary>
    public static bool AreRequiredSetBy(IMethodSymbol constructor)
    {
        if (constructor.FindAttribute(TypeAttributes.SetsRequiredMembers) is not null) return true;
        for (INamedTypeSymbol? at = constructor.ContainingType; at is not null; at = at.BaseType)
        {
            if (at.GetMembers().Any(IsRequired)) return false;
        }

        return true;
    }

    public static bool IsRequired(ISymbol member) => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true };

    /// <summary>The type of a field or property.</summary>
    public static ITypeSymbol TypeOf(ISymbol member) => member is IFieldSymbol field ? field.Type : ((IPropertySymbol)member).Type;
}
