using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Procgen.Generator.Model;

namespace Procgen.Generator.Parsing;

/// <summary>How a member is set that no constructor sets: by source, or by an accessor to what source cannot reach.</summary>
internal static class MemberAccess
{
    /// <summary>Whether source outside of the type can set it, at least while the object is made.</summary>
    public static bool IsSettable(ISymbol member, INamedTypeSymbol type, Compilation compilation) => member switch
    {
        IFieldSymbol field => !field.IsReadOnly,
        IPropertySymbol { ReturnsByRef: true } => true,
        IPropertySymbol property => property.Setter() is { } setter && compilation.IsSymbolAccessibleWithin(setter, compilation.Assembly, type)
            && setter.DeclaredAccessibility is not (Microsoft.CodeAnalysis.Accessibility.Protected or Microsoft.CodeAnalysis.Accessibility.ProtectedAndInternal)
            && !setter.IsForbidden(),
        _ => false,
    };

    /// <summary>Whether it can be set only while the object is made.</summary>
    public static bool IsInit(ISymbol member) => member is IPropertySymbol property && property.Setter() is { IsInitOnly: true };

    /// <summary>The setter that source cannot reach, or the field behind a property without one; null where it is computed.</summary>
    /// <param name="index">What the accessor is told apart by.</param>
    /// <param name="member">The field or property.</param>
    /// <param name="compilation">What the code is emitted into.</param>
    public static AccessorModel? Find(int index, ISymbol member, Compilation compilation)
    {
        if (member is IFieldSymbol readOnly) return To(index, readOnly, readOnly.Name, isField: true);
        IPropertySymbol property = (IPropertySymbol)member;
        if (property.Setter() is { } setter) return To(index, setter, setter.Name, isField: false);
        IFieldSymbol? behind = ReturnedField.Of(property, CancellationToken.None);
        if (behind is { AssociatedSymbol: null })
        {
            // Out of reach, it is as if the property were computed: another one may bring the field back.
            AccessorModel way = To(index, behind, behind.Name, isField: true);
            return Exists(way, compilation) ? way : null;
        }

        if (behind is null && !IsAutomatic(property)) return null;
        return To(index, property, $"<{property.Name}>k__BackingField", isField: true);
    }

    /// <summary>What keeps generated code from a member; null where nothing does.</summary>
    /// <param name="member">The member.</param>
    /// <param name="accessor">What sets it, if anything special does.</param>
    /// <param name="compilation">What the code is emitted into.</param>
    public static string? Obstacle(TypeMember member, AccessorModel? accessor, Compilation compilation)
    {
        if (accessor is not null && !Exists(accessor, compilation)) return "can be set by its own generic type only, which needs .NET 9";
        INamedTypeSymbol owner = member.Symbol.ContainingType;
        return (accessor is not null || member.DeclaredIn.Length != 0) && Accessibility.Unreachable(owner, compilation) is { } remedy
            ? $"is declared by {TypeNames.WithArticle(owner)}, which generated code cannot reach: {remedy}"
            : null;
    }

    /// <summary>Whether this framework has it: .NET 8's accessors do not reach into generic types.</summary>
    public static bool Exists(AccessorModel accessor, Compilation compilation) =>
        accessor.TypeParameters.Length == 0 || compilation.GetSpecialType(SpecialType.System_Object).ContainingAssembly.Identity.Version.Major >= 9;

    /// <summary>Of another assembly, private fields and setters are not seen; that there is a field is.</summary>
    private static bool IsAutomatic(IPropertySymbol property) =>
        !property.Locations.Any(static location => location.IsInSource) && property.GetMethod?.FindAttribute(TypeAttributes.CompilerGenerated) is not null;

    /// <summary>A way to a field or setter that source cannot reach.</summary>
    public static AccessorModel To(int index, ISymbol target, string name, bool isField)
    {
        INamedTypeSymbol owner = target.ContainingType;
        INamedTypeSymbol definition = owner.OriginalDefinition;
        ITypeSymbol valueType = target.OriginalDefinition is IMethodSymbol setter ? setter.Parameters[0].Type : TypeMembers.TypeOf(target.OriginalDefinition);
        ITypeParameterSymbol[] parameters = [.. TypeParameters(definition)];
        bool isGeneric = parameters.Length != 0;
        return new AccessorModel(
            index,
            name,
            isField,
            TypeNames.ByPosition(definition),
            owner.IsValueType,
            TypeNames.ByPosition(valueType),
            isGeneric ? $"<{string.Join(", ", parameters.Select(TypeNames.ByPosition))}>" : "",
            isGeneric ? $"<{string.Join(", ", TypeArguments(owner).Select(TypeNames.Of))}>" : "",
            isGeneric ? string.Concat(parameters.Select(ConstraintOf)) : "");
    }

    /// <summary>A type's parameters, with those of the types around it first, as metadata has them.</summary>
    private static IEnumerable<ITypeParameterSymbol> TypeParameters(INamedTypeSymbol type) =>
        type.ContainingType is { } outer ? TypeParameters(outer).Concat(type.TypeParameters) : type.TypeParameters;

    private static IEnumerable<ITypeSymbol> TypeArguments(INamedTypeSymbol type) =>
        type.ContainingType is { } outer ? TypeArguments(outer).Concat(type.TypeArguments) : type.TypeArguments;

    private static string ConstraintOf(ITypeParameterSymbol parameter)
    {
        List<string> constraints = [];
        if (parameter.HasUnmanagedTypeConstraint) constraints.Add("unmanaged");
        else if (parameter.HasValueTypeConstraint) constraints.Add("struct");
        else if (parameter.HasReferenceTypeConstraint) constraints.Add("class");
        else if (parameter.HasNotNullConstraint) constraints.Add("notnull");
        constraints.AddRange(parameter.ConstraintTypes.Select(TypeNames.ByPosition));
        if (parameter.HasConstructorConstraint && !parameter.HasValueTypeConstraint) constraints.Add("new()");
        return constraints.Count == 0 ? "" : $" where {TypeNames.ByPosition(parameter)} : {string.Join(", ", constraints)}";
    }
}
