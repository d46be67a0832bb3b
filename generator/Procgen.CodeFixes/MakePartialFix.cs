using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Procgen.CodeFixes;

/// <summary>PROCGEN009: a process class, and each type around it, is partial.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakePartialFix))]
public sealed class MakePartialFix() : DeclarationFix<TypeDeclarationSyntax>("Make it partial", "PROCGEN009")
{
    private protected override SyntaxNode? Fix(TypeDeclarationSyntax node, Diagnostic diagnostic) => Modifiers.Add(node, SyntaxKind.PartialKeyword);
}
