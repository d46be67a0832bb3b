using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;
using Procgen.Generator.Analysis;
using Procgen.Generator.Model;
using Procgen.Generator.Parsing;

namespace Procgen.CodeFixes;

/// <summary>PROCGEN017: <c>Work.Square(3)</c> where its stub is meant becomes <c>WorkTargets.Square(3)</c>.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(PassStubFix))]
public sealed class PassStubFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["PROCGEN017"];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (!diagnostic.Properties.TryGetValue(DroppedCallAnalyzer.StubClass, out string? stub)) continue;
            if (root?.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true) is not ExpressionSyntax passed) continue;
            context.RegisterCodeFix(
                CodeAction.Create($"Pass the stub of {stub}", cancel => PassStubAsync(context.Document, passed, stub!, cancel), equivalenceKey: nameof(PassStubFix)),
                diagnostic);
        }
    }

    private static async Task<Document> PassStubAsync(Document document, ExpressionSyntax passed, string stub, CancellationToken cancellationToken)
    {
        SyntaxNode root = (await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false))!;
        SemanticModel semantics = (await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false))!;
        ExpressionSyntax target = passed is InvocationExpressionSyntax call ? call.Expression : passed;
        SymbolInfo info = semantics.GetSymbolInfo(target, cancellationToken);
        if ((info.Symbol ?? info.CandidateSymbols.FirstOrDefault()) is not IMethodSymbol method) return document;

        MemberAccessExpressionSyntax renamed = OfStub(method, stub, semantics.Compilation);
        ExpressionSyntax replacement = passed is InvocationExpressionSyntax invocation
            ? invocation.WithExpression(renamed).WithArgumentList(WithoutInjected(invocation.ArgumentList, method))
            : renamed;
        return document.WithSyntaxRoot(root.ReplaceNode(passed, replacement.WithTriviaFrom(passed)));
    }

    /// <summary>From the root, as what stands in front may be an alias of the class, or nothing; as short as it can be there.</summary>
    private static MemberAccessExpressionSyntax OfStub(IMethodSymbol method, string stub, Compilation compilation)
    {
        string root = Generator.Parsing.Accessibility.AliasOf(method.ContainingAssembly, compilation) ?? LibraryModel.Global;
        string name = new StubClass(Names.NamespaceOf(method.ContainingType), stub).FullName;
        return SyntaxFactory.MemberAccessExpression(
            SyntaxKind.SimpleMemberAccessExpression,
            SyntaxFactory.ParseExpression($"{root}::{name}").WithAdditionalAnnotations(Simplifier.Annotation),
            SyntaxFactory.IdentifierName(Names.Escape(method.Name)));
    }

    /// <summary>What the worker injects is no argument of the stub.</summary>
    private static ArgumentListSyntax WithoutInjected(ArgumentListSyntax arguments, IMethodSymbol method)
    {
        List<ArgumentSyntax> kept = [];
        for (int i = 0; i < arguments.Arguments.Count; i++)
        {
            ArgumentSyntax argument = arguments.Arguments[i];
            IParameterSymbol? parameter = argument.NameColon is { } named
                ? method.Parameters.FirstOrDefault(candidate => candidate.Name == named.Name.Identifier.ValueText)
                : i < method.Parameters.Length ? method.Parameters[i] : null;
            if (parameter is null || ParameterParser.KindOf(parameter.Type).IsInStub()) kept.Add(argument);
        }

        return kept.Count == arguments.Arguments.Count
            ? arguments
            : arguments.WithArguments(SyntaxFactory.SeparatedList(
                kept, Enumerable.Repeat(SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space), System.Math.Max(0, kept.Count - 1))));
    }
}
