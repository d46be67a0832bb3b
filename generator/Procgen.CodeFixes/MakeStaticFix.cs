using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Procgen.Generator.Parsing;

namespace Procgen.CodeFixes;

/// <summary>
/// PROCGEN001: a target is static. One that others call by its object, as they know it from a base or an interface or override it, cannot become so;
/// nor can one part of a partial method alone.
/// </summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakeStaticFix))]
public sealed class MakeStaticFix() : DeclarationFix<MethodDeclarationSyntax>("Make the target static", "PROCGEN001")
{
    private protected override SyntaxNode? Fix(MethodDeclarationSyntax node, Diagnostic diagnostic) => diagnostic.Properties.ContainsKey(TargetParser.CanBeMadeStatic)
        ? Modifiers.Add(node, SyntaxKind.StaticKeyword, SyntaxKind.ReadOnlyKeyword)
        : null;
}
