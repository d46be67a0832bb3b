using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Procgen.Generator.Model;
using Procgen.Generator.Parsing;

namespace Procgen.Generator.Analysis;

/// <summary>
/// What of a type's private state is there again on the other side: what crosses brings it back, or it is made anew. How an
/// object is made is asked of <see cref="TypeConstruction"/>, as the codec does; of a process class no constructor runs again.
/// </summary>
internal sealed class RestoredState
{
    private readonly INamedTypeSymbol _type;
    private readonly INamedTypeSymbol _madeAs;
    private readonly bool _isProcess;
    private readonly bool _isFilledAnew;
    private readonly Compilation _compilation;
    private readonly CancellationToken _cancellationToken;
    private readonly IReadOnlyList<TypeMember> _members = [];

    // Null also of an abstract class: what it is made with is a matter of those that derive from it.
    private readonly TypeConstruction? _construction;
    private HashSet<string>? _told;

    /// <param name="type">The type.</param>
    /// <param name="madeAs">The type itself, or the process class that derives from it and whose properties may bring its state back.</param>
    /// <param name="compilation">The compilation.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public RestoredState(INamedTypeSymbol type, INamedTypeSymbol madeAs, Compilation compilation, CancellationToken cancellationToken)
    {
        _type = type;
        _madeAs = madeAs;
        _compilation = compilation;
        _cancellationToken = cancellationToken;
        _isProcess = type.IsOrDerivesFrom(Known.ChildProcess);
        // A collection is made empty, and its elements are all that it gets back.
        bool isCollection = TypeParser.CollectionElement(type) is not null;
        _isFilledAnew = isCollection && SeesItsElements(type);
        if (_isProcess || type.IsAbstract || (isCollection ? [] : TypeMembers.Of(type, compilation, type.Name, out _)) is not { } members) return;
        _members = members;
        _construction = TypeConstruction.Choose(type, members, isEmptyFirst: isCollection || type.FindAttribute(TypeAttributes.PreserveReferences) is not null, compilation);
    }

    /// <summary>A field, or a property with a field of its own.</summary>
    public bool Has(IFieldSymbol field, ISymbol member) => _isFilledAnew || Told.Contains(member.Name) || IsMadeAnew(field) || IsCache(field);

    /// <summary>A primary constructor's parameter that is kept.</summary>
    public bool Has(IParameterSymbol parameter)
    {
        if (Told.Contains(parameter.Name)) return true;
        if (_isProcess) return false;
        if (_construction is null) return true;
        if (!SymbolEqualityComparer.Default.Equals(_construction.Constructor, parameter.ContainingSymbol)) return !_construction.Constructor.Parameters.IsEmpty;
        string name = Names.Escape(parameter.Name);
        return _construction.Model.Arguments.Any(argument => argument.Parameter == name);
    }

    /// <summary>Whether it has a say in each element that it gets back, and may keep what it likes of it: an index, say.</summary>
    private static bool SeesItsElements(INamedTypeSymbol collection)
    {
        if (!collection.IsOrDerivesFrom("System.Collections.ObjectModel.Collection<T>")) return false;
        for (INamedTypeSymbol at = collection; !TypeNames.IsFromSystem(at); at = at.BaseType!)
        {
            if (at.GetMembers("InsertItem").Any(static member => member.IsOverride)) return true;
        }

        return false;
    }

    /// <summary>Names in public properties that get their value back.</summary>
    private HashSet<string> Told => _told ??=
    [
        .. Levels(_madeAs, _type).SelectMany(static level => level.GetMembers()).OfType<IPropertySymbol>()
            .Where(property => property.GetMethod?.DeclaredAccessibility == Microsoft.CodeAnalysis.Accessibility.Public && IsSetAgain(property))
            .SelectMany(static property => property.Implementation().DeclaringSyntaxReferences)
            .SelectMany(reference => NamesIn(reference.GetSyntax(_cancellationToken)))
            .Select(static name => name.Identifier.ValueText),
    ];

    private static IEnumerable<INamedTypeSymbol> Levels(INamedTypeSymbol from, INamedTypeSymbol to)
    {
        for (INamedTypeSymbol? at = from; at is not null; at = at.BaseType)
        {
            yield return at;
            if (SymbolEqualityComparer.Default.Equals(at.OriginalDefinition, to)) yield break;
        }
    }

    private bool IsSetAgain(IPropertySymbol property)
    {
        if (_isProcess) return property.ReturnsByRef || MemberAccess.Find(0, property, _compilation) is not null;
        for (int i = 0; _construction is not null && i < _members.Count; i++)
        {
            if (SymbolEqualityComparer.Default.Equals(_members[i].Symbol, property)) return _construction.Settings[i] != MemberSetting.None;
        }

        return property.SetMethod is not null
            || property.FindAttribute(Known.IgnoreAttribute) is not null
            || _construction is null && (property.ReturnsByRef || ReturnedField.Of(property, _cancellationToken) is not null || IsNamedByConstructor(property));
    }

    private bool IsNamedByConstructor(IPropertySymbol property) => _type.InstanceConstructors.SelectMany(static constructor => constructor.Parameters).Any(parameter =>
        string.Equals(parameter.Name, property.Name, StringComparison.OrdinalIgnoreCase) && SymbolEqualityComparer.Default.Equals(parameter.Type, property.Type));

    /// <summary>By a constructor: what is no state of one object, and what follows from members that the constructor gets.</summary>
    private bool IsMadeAnew(IFieldSymbol field)
    {
        if (_isProcess || !field.IsReadOnly) return false;
        if (field.Type.SpecialType == SpecialType.System_Object || field.Type.Is("System.Lazy<T>") || field.Type.Is("System.Threading.Lock")) return true;
        return _construction is { Constructor.Parameters: { IsEmpty: false } parameters }
            && _construction.Model.Arguments.Count == parameters.Length
            && _construction.Model.Arguments.All(static argument => argument.Member >= 0)
            && (field.Type.IsValueType || field.Type.SpecialType == SpecialType.System_String || IsImmutable);
    }

    private bool IsImmutable => _type.GetMembers().OfType<IFieldSymbol>().All(static kept => kept.IsStatic || kept.IsReadOnly);

    /// <summary>Every property that uses it fills it where it is empty; an empty collection is filled by others.</summary>
    private bool IsCache(IFieldSymbol field)
    {
        IdentifierNameSyntax[] uses =
        [
            .. _type.DeclaringSyntaxReferences
                .SelectMany(reference => reference.GetSyntax(_cancellationToken).DescendantNodes().OfType<PropertyDeclarationSyntax>())
                .SelectMany(NamesIn)
                .Where(name => name.Identifier.ValueText == field.Name),
        ];
        bool isCollection = field.Type.SpecialType != SpecialType.System_String
            && field.Type.AllInterfaces.Any(static candidate => candidate.SpecialType == SpecialType.System_Collections_IEnumerable);
        return uses.Length != 0 && uses.All(use => FilledWith(use) is { } value && !(isCollection && IsEmptyCreation(value)));
    }

    private static ExpressionSyntax? FilledWith(IdentifierNameSyntax use)
    {
        ExpressionSyntax target = use.Parent is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax } access ? access : use;
        return target.Parent is AssignmentExpressionSyntax { RawKind: (int)SyntaxKind.CoalesceAssignmentExpression } fill && fill.Left == target ? fill.Right : null;
    }

    private static bool IsEmptyCreation(ExpressionSyntax value) => value
        is CollectionExpressionSyntax { Elements.Count: 0 }
        or BaseObjectCreationExpressionSyntax { ArgumentList: null or { Arguments.Count: 0 }, Initializer: null or { Expressions.Count: 0 } };

    private static IEnumerable<IdentifierNameSyntax> NamesIn(SyntaxNode node) => node.DescendantNodes().OfType<IdentifierNameSyntax>();
}
