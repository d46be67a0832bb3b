using System.Collections.Generic;
using System.Collections.Immutable;
using System.Composition;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.FindSymbols;
using Microsoft.CodeAnalysis.Simplification;
using Procgen.Generator.Parsing;

namespace Procgen.CodeFixes;

/// <summary>PROCGEN003, 004, 010, 012 and 013: the member at fault is left out, or a base class says what derives from it.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CrossingFix))]
public sealed class CrossingFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ["PROCGEN003", "PROCGEN004", "PROCGEN010", "PROCGEN012", "PROCGEN013"];

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            // Private state is reported where it is declared, everything else where it is used.
            Location? place = diagnostic.Id == "PROCGEN010" ? diagnostic.Location : diagnostic.AdditionalLocations is [var declared, ..] ? declared : null;
            if (place?.SourceTree is not { } tree || context.Document.Project.Solution.GetDocument(tree) is not { } document) continue;
            SyntaxNode root = await tree.GetRootAsync(context.CancellationToken).ConfigureAwait(false);
            SyntaxNode declaration = root.FindNode(place.SourceSpan);
            if (diagnostic.Properties.ContainsKey(ParseFindings.OpenBase))
                await OfferUnionAsync(context, diagnostic, document, declaration).ConfigureAwait(false);
            else
                OfferIgnore(context, diagnostic, document, root, declaration);
        }
    }

    private static void OfferIgnore(CodeFixContext context, Diagnostic diagnostic, Document document, SyntaxNode root, SyntaxNode declaration)
    {
        SyntaxNode? member = declaration.AncestorsAndSelf().FirstOrDefault(static node => node is MemberDeclarationSyntax or ParameterSyntax);
        SyntaxNode? replacement = member switch
        {
            ParameterSyntax { Parent.Parent: RecordDeclarationSyntax } parameter => parameter.WithLeadingTrivia()
                .WithAttributeLists(parameter.AttributeLists.Add(Attribute("global::Procgen.ProcessIgnore", SyntaxKind.PropertyKeyword).WithTrailingTrivia(SyntaxFactory.Space)))
                .WithLeadingTrivia(parameter.GetLeadingTrivia()),
            // An attribute on a declaration of several fields would leave out all of them.
            FieldDeclarationSyntax { Declaration.Variables.Count: 1 } or PropertyDeclarationSyntax => WithAttribute((MemberDeclarationSyntax)member, Attribute("global::Procgen.ProcessIgnore")),
            _ => null,
        };
        if (replacement is null) return;
        SyntaxNode changed = root.ReplaceNode(member!, replacement);
        context.RegisterCodeFix(
            CodeAction.Create("Leave it out with [ProcessIgnore]", _ => Task.FromResult(document.WithSyntaxRoot(changed).Project.Solution), equivalenceKey: "ProcessIgnore"),
            diagnostic);
    }

    private static async Task OfferUnionAsync(CodeFixContext context, Diagnostic diagnostic, Document document, SyntaxNode declaration)
    {
        SemanticModel? semantics = await document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (declaration.FirstAncestorOrSelf<TypeDeclarationSyntax>() is not { } type
            || semantics?.GetDeclaredSymbol(type, context.CancellationToken) is not INamedTypeSymbol openBase) return;
        IReadOnlyList<INamedTypeSymbol> derived = await DerivedAsync(openBase, document.Project.Solution, context.CancellationToken).ConfigureAwait(false);
        if (derived.Count == 0) return;
        context.RegisterCodeFix(
            CodeAction.Create(
                "Say what derives from it with [ProcessUnion]", cancel => AddUnionsAsync(document, type, derived, cancel), equivalenceKey: "ProcessUnion"),
            diagnostic);
    }

    private static async Task<IReadOnlyList<INamedTypeSymbol>> DerivedAsync(INamedTypeSymbol openBase, Solution solution, CancellationToken cancellationToken)
    {
        IEnumerable<INamedTypeSymbol> found = openBase.TypeKind == TypeKind.Interface
            ? await SymbolFinder.FindImplementationsAsync(openBase, solution, transitive: true, cancellationToken: cancellationToken).ConfigureAwait(false)
            : await SymbolFinder.FindDerivedClassesAsync(openBase, solution, transitive: true, cancellationToken: cancellationToken).ConfigureAwait(false);
        return [.. found.Where(static type => !type.IsAbstract && type.TypeKind != TypeKind.Interface && type.Arity == 0)
            .OrderBy(static type => type.ToDisplayString(), System.StringComparer.Ordinal)];
    }

    private static async Task<Solution> AddUnionsAsync(Document document, TypeDeclarationSyntax type, IReadOnlyList<INamedTypeSymbol> derived, CancellationToken cancellationToken)
    {
        SyntaxNode root = (await document.GetSyntaxRootAsync(cancellationToken).ConfigureAwait(false))!;
        MemberDeclarationSyntax changed = type;
        for (int tag = 0; tag < derived.Count; tag++)
        {
            string name = derived[tag].ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
            changed = WithAttribute(changed, Attribute($"global::Procgen.ProcessUnion({tag.ToString(CultureInfo.InvariantCulture)}, typeof({name}))"));
        }

        return document.WithSyntaxRoot(root.ReplaceNode(type, changed)).Project.Solution;
    }

    private static AttributeListSyntax Attribute(string text, SyntaxKind target = SyntaxKind.None)
    {
        string prefix = target == SyntaxKind.None ? "" : SyntaxFacts.GetText(target) + ": ";
        MemberDeclarationSyntax carrier = SyntaxFactory.ParseMemberDeclaration($"[{prefix}{text}] int carrier;")!;
        return carrier.AttributeLists[0].WithoutTrivia().WithAdditionalAnnotations(Simplifier.Annotation);
    }

    /// <summary>On a line of its own, below the attributes that are there.</summary>
    private static MemberDeclarationSyntax WithAttribute(MemberDeclarationSyntax member, AttributeListSyntax attribute)
    {
        SyntaxTriviaList leading = member.GetLeadingTrivia();
        SyntaxTrivia[] indentation = leading is [.., { RawKind: (int)SyntaxKind.WhitespaceTrivia } space] ? [space] : [];
        MemberDeclarationSyntax bare = member.WithLeadingTrivia(member.AttributeLists.Count == 0 ? indentation : leading);
        attribute = attribute.WithTrailingTrivia(SyntaxFactory.EndOfLine("\n"));
        return member.AttributeLists.Count == 0
            ? bare.WithAttributeLists(SyntaxFactory.SingletonList(attribute.WithLeadingTrivia(leading)))
            : bare.WithAttributeLists(member.AttributeLists.Add(attribute.WithLeadingTrivia(indentation)));
    }
}
