using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Procgen.CodeFixes;

/// <summary>PROCGEN001: a target is static.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakeStaticFix))]
public sealed class MakeStaticFix() : DeclarationFix<MethodDeclarationSyntax>("Make the target static", "PROCGEN001")
{
    private protected override SyntaxNode? Fix(MethodDeclarationSyntax node, Diagnostic diagnostic) => Modifiers.Add(node, SyntaxKind.StaticKeyword);
}
