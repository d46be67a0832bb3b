using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Procgen.CodeFixes;

/// <summary>Modifiers of a declaration, with what stands before the declaration kept before it.</summary>
internal static class Modifiers
{
    private static readonly SyntaxKind[] Accessibility =
        [SyntaxKind.PublicKeyword, SyntaxKind.PrivateKeyword, SyntaxKind.ProtectedKeyword, SyntaxKind.InternalKeyword, SyntaxKind.FileKeyword];

    /// <summary>Adds a modifier after those of accessibility, and takes away what cannot stand beside it; <c>partial</c> goes last.</summary>
    public static MemberDeclarationSyntax Add(MemberDeclarationSyntax declaration, SyntaxKind modifier, params SyntaxKind[] excluded)
    {
        SyntaxTokenList modifiers = SyntaxFactory.TokenList(declaration.Modifiers.Where(present => !excluded.Any(kind => present.IsKind(kind))));
        int index = modifier == SyntaxKind.PartialKeyword ? modifiers.Count : modifiers.TakeWhile(IsAccessibility).Count();
        return With(declaration, modifiers.Insert(index, SyntaxFactory.Token(modifier).WithTrailingTrivia(SyntaxFactory.Space)));
    }

    /// <summary>Makes a declaration visible in its assembly, also where derived classes see it already.</summary>
    public static MemberDeclarationSyntax MakeInternal(MemberDeclarationSyntax declaration)
    {
        bool isProtected = declaration.Modifiers.Any(SyntaxKind.ProtectedKeyword) && !declaration.Modifiers.Any(SyntaxKind.PrivateKeyword);
        SyntaxTokenList others = SyntaxFactory.TokenList(declaration.Modifiers.Where(modifier => !IsAccessibility(modifier)).Select(Bare));
        SyntaxTokenList access = SyntaxFactory.TokenList(
            new[] { SyntaxKind.ProtectedKeyword, SyntaxKind.InternalKeyword }.Skip(isProtected ? 0 : 1)
                .Select(static kind => SyntaxFactory.Token(kind).WithTrailingTrivia(SyntaxFactory.Space)));
        return With(declaration, access.AddRange(others));
    }

    private static bool IsAccessibility(SyntaxToken token) => Accessibility.Any(kind => token.IsKind(kind));

    private static SyntaxToken Bare(SyntaxToken token) => token.WithLeadingTrivia();

    private static MemberDeclarationSyntax With(MemberDeclarationSyntax declaration, SyntaxTokenList modifiers)
    {
        // Comments and indentation belong to whatever token comes first, which may now be another one.
        SyntaxToken first = Head(declaration);
        SyntaxTriviaList leading = first.LeadingTrivia;
        MemberDeclarationSyntax changed = declaration.ReplaceToken(first, Bare(first));
        SyntaxTokenList bare = SyntaxFactory.TokenList(modifiers.Select((modifier, index) => index == 0 ? modifier.WithLeadingTrivia(leading) : Bare(modifier)));
        return changed.WithModifiers(bare);
    }

    /// <summary>The first token after the attributes.</summary>
    private static SyntaxToken Head(MemberDeclarationSyntax declaration) =>
        declaration.AttributeLists.Count == 0 ? declaration.GetFirstToken() : declaration.AttributeLists.Last().GetLastToken().GetNextToken();
}
