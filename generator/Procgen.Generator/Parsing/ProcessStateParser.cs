using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Procgen.Generator.Analysis;
using Procgen.Generator.Model;

namespace Procgen.Generator.Parsing;

/// <summary>What of a process class crosses to the child: its public fields and properties, those of its base classes first.</summary>
internal static class ProcessStateParser
{
    public static ImmutableArray<StateModel> Parse(INamedTypeSymbol type, Compilation compilation, ParseFindings findings, CancellationToken cancellationToken)
    {
        ImmutableArray<StateModel>.Builder members = ImmutableArray.CreateBuilder<StateModel>();
        foreach (ISymbol member in State(type))
        {
            ITypeSymbol memberType = member is IFieldSymbol field ? field.Type : ((IPropertySymbol)member).Type;
            if (memberType.TypeKind == TypeKind.Error)
            {
                findings.Refuse<StateModel>();
                continue;
            }

            if (HowAssigned(member, type, cancellationToken) is not var (assignment, metadataName)) continue;
            ParsedType parsed = TypeParser.Parse(memberType, compilation, cancellationToken);
            if (parsed.Type is null)
            {
                findings.Report(Diagnostics.ParameterCannotCross, member.Place(), parsed.Problem!, $"member '{member.Name}'", Names.InMessage(memberType));
                continue;
            }

            findings.Add(parsed);
            members.Add(new StateModel(
                Names.Escape(member.Name), Names.InExpression(member.ContainingType), Names.InSignature(memberType), parsed.Type, assignment, metadataName));
        }

        return members.ToImmutable();
    }

    /// <summary>The public instance fields and readable properties below ChildProcess, an overridden one where it was declared first.</summary>
    private static IEnumerable<ISymbol> State(INamedTypeSymbol type)
    {
        Stack<INamedTypeSymbol> chain = new();
        for (INamedTypeSymbol? at = type; at is not null && !at.Is(Known.ChildProcess); at = at.BaseType) chain.Push(at);
        HashSet<string> seen = [];
        foreach (ISymbol member in chain.SelectMany(static at => at.GetMembers()))
        {
            bool isState = member switch
            {
                IFieldSymbol { IsConst: false, IsImplicitlyDeclared: false } => true,
                IPropertySymbol { IsIndexer: false, GetMethod.DeclaredAccessibility: Microsoft.CodeAnalysis.Accessibility.Public } => true,
                _ => false,
            };
            if (isState
                && member is { IsStatic: false, DeclaredAccessibility: Microsoft.CodeAnalysis.Accessibility.Public }
                && member.FindAttribute(Known.IgnoreAttribute) is null
                && seen.Add(member.Name)) yield return member;
        }
    }

    /// <summary>Null where nothing is kept: a property that is computed.</summary>
    private static (Assignment, string MetadataName)? HowAssigned(ISymbol member, INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        if (member is IFieldSymbol field) return field.IsReadOnly ? (Assignment.Field, field.Name) : (Assignment.Direct, "");
        IPropertySymbol property = (IPropertySymbol)member;
        if (property.SetMethod is { } setter)
        {
            bool isAccessible = setter.DeclaredAccessibility == Microsoft.CodeAnalysis.Accessibility.Public || property.ContainingType.Equals(type, SymbolEqualityComparer.Default);
            return setter.IsInitOnly || !isAccessible ? (Assignment.Setter, setter.MetadataName) : (Assignment.Direct, "");
        }

        if (property.ReturnsByRef) return (Assignment.Direct, "");
        IFieldSymbol? behind = FieldBehind(property, cancellationToken);
        return behind is null ? null : (Assignment.Field, behind.MetadataName);
    }

    /// <summary>
    /// The field that a property without a setter gets its value back in. One that is merely returned, and whose type is a
    /// generic base's own, cannot be reached from outside of it: the property is taken for computed.
    /// </summary>
    public static IFieldSymbol? FieldBehind(IPropertySymbol property, CancellationToken cancellationToken)
    {
        IFieldSymbol? behind = ReturnedField.Of(property, cancellationToken);
        return behind is { AssociatedSymbol: null } && IsOpen(behind.OriginalDefinition.Type) ? null : behind;
    }

    private static bool IsOpen(ITypeSymbol type) => type switch
    {
        ITypeParameterSymbol => true,
        IArrayTypeSymbol array => IsOpen(array.ElementType),
        INamedTypeSymbol named => named.TypeArguments.Any(IsOpen) || named.ContainingType is { } outer && IsOpen(outer),
        _ => false,
    };
}
