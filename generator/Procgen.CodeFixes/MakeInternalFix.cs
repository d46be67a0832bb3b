using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Procgen.Generator.Parsing;

namespace Procgen.CodeFixes;

/// <summary>PROCGEN002: a target, and each type around it, is internal at least. What has several parts is not changed in one of them.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakeInternalFix))]
public sealed class MakeInternalFix() : DeclarationFix<MemberDeclarationSyntax>("Make it internal", "PROCGEN002")
{
    private protected override SyntaxNode? Fix(MemberDeclarationSyntax node, Diagnostic diagnostic) =>
        diagnostic.Properties.ContainsKey(ParseFindings.OnePart) ? Modifiers.MakeInternal(node) : null;
}
