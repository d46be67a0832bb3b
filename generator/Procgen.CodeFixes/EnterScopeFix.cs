using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Procgen.Generator.Analysis;

namespace Procgen.CodeFixes;

/// <summary>PROCGEN016: <c>lock (x)</c> becomes <c>using (x.EnterScope())</c>, which all processes see.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(EnterScopeFix))]
public sealed class EnterScopeFix() : DeclarationFix<LockStatementSyntax>("Use EnterScope", "PROCGEN016")
{
    private protected override SyntaxNode? Fix(LockStatementSyntax node, Diagnostic diagnostic)
    {
        if (!diagnostic.Properties.ContainsKey(LockAnalyzer.Scope)) return null;
        ExpressionSyntax locked = node.Expression is NameSyntax or MemberAccessExpressionSyntax or ThisExpressionSyntax or InvocationExpressionSyntax
            ? node.Expression
            : SyntaxFactory.ParenthesizedExpression(node.Expression);
        InvocationExpressionSyntax scope = SyntaxFactory.InvocationExpression(
            SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, locked, SyntaxFactory.IdentifierName("EnterScope")));
        return SyntaxFactory.UsingStatement(
            SyntaxFactory.Token(SyntaxKind.UsingKeyword).WithTriviaFrom(node.LockKeyword),
            node.OpenParenToken,
            declaration: null,
            scope,
            node.CloseParenToken,
            node.Statement);
    }
}
