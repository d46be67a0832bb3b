using System.Collections.Immutable;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Procgen.CodeFixes;

/// <summary>A fix that replaces the nearest node of one kind around the diagnostic, in its own document.</summary>
/// <typeparam name="TNode">What is replaced.</typeparam>
public abstract class DeclarationFix<TNode> : CodeFixProvider
    where TNode : SyntaxNode
{
    private readonly string _title;

    private protected DeclarationFix(string title, params string[] ids)
    {
        _title = title;
        FixableDiagnosticIds = ids.ToImmutableArray();
    }

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds { get; }

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            TNode? node = root?.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true).FirstAncestorOrSelf<TNode>();
            if (node is null || Fix(node, diagnostic) is not { } replacement) continue;
            SyntaxNode changed = root!.ReplaceNode(node, replacement);
            context.RegisterCodeFix(
                CodeAction.Create(_title, _ => Task.FromResult(context.Document.WithSyntaxRoot(changed)), equivalenceKey: GetType().Name), diagnostic);
        }
    }

    /// <summary>What to write instead; null where this fix does not apply.</summary>
    private protected abstract SyntaxNode? Fix(TNode node, Diagnostic diagnostic);
}
