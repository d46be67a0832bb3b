using System.Composition;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;
using Procgen.Generator.Analysis;

namespace Procgen.CodeFixes;

/// <summary>PROCGEN017: a call that is built and dropped runs in the shared pool.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RunCallFix))]
public sealed class RunCallFix() : DeclarationFix<InvocationExpressionSyntax>("Run it in ProcessPool.Shared", "PROCGEN017")
{
    private protected override SyntaxNode? Fix(InvocationExpressionSyntax node, Diagnostic diagnostic)
    {
        if (!diagnostic.Properties.ContainsKey(DroppedCallAnalyzer.IsCall)) return null;
        bool isAsync = node.Ancestors().Select(static ancestor => ancestor switch
        {
            MethodDeclarationSyntax method => method.Modifiers.Any(SyntaxKind.AsyncKeyword),
            LocalFunctionStatementSyntax local => local.Modifiers.Any(SyntaxKind.AsyncKeyword),
            AnonymousFunctionExpressionSyntax lambda => lambda.AsyncKeyword.IsKind(SyntaxKind.AsyncKeyword),
            BaseMethodDeclarationSyntax or AccessorDeclarationSyntax => false,
            CompilationUnitSyntax => true, // top-level statements
            _ => (bool?)null,
        }).FirstOrDefault(static found => found is not null) ?? false;
        ExpressionSyntax run = SyntaxFactory.ParseExpression($"global::Procgen.ProcessPool.Shared.{(isAsync ? "RunAsync" : "Run")}({node.WithoutTrivia()})");
        InvocationExpressionSyntax invocation = (InvocationExpressionSyntax)run;
        MemberAccessExpressionSyntax method = (MemberAccessExpressionSyntax)invocation.Expression;
        invocation = invocation.WithExpression(method.WithExpression(method.Expression.WithAdditionalAnnotations(Simplifier.Annotation)));
        return (isAsync ? (ExpressionSyntax)SyntaxFactory.AwaitExpression(
            SyntaxFactory.Token(SyntaxKind.AwaitKeyword).WithTrailingTrivia(SyntaxFactory.Space), invocation) : invocation).WithTriviaFrom(node);
    }
}
