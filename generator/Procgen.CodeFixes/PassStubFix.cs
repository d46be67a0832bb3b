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
using Procgen.Generator.Analysis;
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

        ExpressionSyntax renamed = OfStub(target, method, stub);
        ExpressionSyntax replacement = passed is InvocationExpressionSyntax invocation
            ? invocation.WithExpression(renamed).WithArgumentList(WithoutInjected(invocation.ArgumentList, method))
            : renamed;
        return document.WithSyntaxRoot(root.ReplaceNode(passed, replacement.WithTriviaFrom(passed)));
    }

    /// <summary>The namespace or alias in front stays; the class, and those around it, become the stub class.</summary>
    private static ExpressionSyntax OfStub(ExpressionSyntax target, IMethodSymbol method, string stub)
    {
        List<string> segments = [.. target.WithoutTrivia().ToString().Split('.').Select(static segment => segment.Trim())];
        string name = segments[segments.Count - 1];
        segments.RemoveAt(segments.Count - 1);
        for (INamedTypeSymbol? type = method.ContainingType; type is not null && segments.Count != 0; type = type.ContainingType)
        {
            if (segments[segments.Count - 1].TrimStart('@') == type.Name) segments.RemoveAt(segments.Count - 1);
        }

        segments.Add(stub);
        segments.Add(name);
        return SyntaxFactory.ParseExpression(string.Join(".", segments));
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
            if (parameter is null || !(parameter.Type.Is(Known.CancellationToken) || parameter.Type.Is(Known.WorkerContext))) kept.Add(argument);
        }

        return kept.Count == arguments.Arguments.Count
            ? arguments
            : arguments.WithArguments(SyntaxFactory.SeparatedList(
                kept, Enumerable.Repeat(SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space), System.Math.Max(0, kept.Count - 1))));
    }
}
