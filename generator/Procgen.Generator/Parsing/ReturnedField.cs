using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Procgen.Generator.Parsing;

/// <summary>
/// The field that keeps a property without a setter: its own, or one that the property does nothing but return. What
/// was read of the property belongs there.
/// </summary>
internal static class ReturnedField
{
    public static IFieldSymbol? Of(IPropertySymbol property, CancellationToken cancellationToken)
    {
        foreach (IFieldSymbol field in property.ContainingType.GetMembers().OfType<IFieldSymbol>())
        {
            if (SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol?.OriginalDefinition, property.OriginalDefinition)) return field;
        }

        if (NameOf(property, cancellationToken) is not { } name) return null;
        return property.ContainingType.GetMembers(name).OfType<IFieldSymbol>().FirstOrDefault(field =>
            field is { IsStatic: false, IsConst: false, AssociatedSymbol: null, DeclaredAccessibility: not Microsoft.CodeAnalysis.Accessibility.Public }
            && SymbolEqualityComparer.Default.Equals(field.Type, property.Type)
            && field.FindAttribute(Known.IgnoreAttribute) is null);
    }

    /// <summary><c>=> _x</c>, <c>{ get => this._x; }</c>, <c>{ get { return (_x!); } }</c>.</summary>
    private static string? NameOf(IPropertySymbol property, CancellationToken cancellationToken)
    {
        if (property.Implementation().DeclaringSyntaxReferences is not [{ } reference] || reference.GetSyntax(cancellationToken) is not PropertyDeclarationSyntax syntax) return null;
        AccessorDeclarationSyntax? getter = syntax.AccessorList?.Accessors.FirstOrDefault(static accessor => accessor.Keyword.ValueText == "get");
        ExpressionSyntax? returned = (syntax.ExpressionBody ?? getter?.ExpressionBody)?.Expression
            ?? (getter?.Body is { Statements: [ReturnStatementSyntax { Expression: { } expression }] } ? expression : null);
        if (returned is RefExpressionSyntax byReference) returned = byReference.Expression;
        return Bare(returned) switch
        {
            IdentifierNameSyntax name => name.Identifier.ValueText,
            MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: IdentifierNameSyntax name } => name.Identifier.ValueText,
            _ => null,
        };
    }

    private static ExpressionSyntax? Bare(ExpressionSyntax? expression) => expression switch
    {
        ParenthesizedExpressionSyntax inner => Bare(inner.Expression),
        PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } sure => Bare(sure.Operand),
        _ => expression,
    };
}
