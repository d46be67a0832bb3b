using System.Composition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Simplification;
using Procgen.Generator.Parsing;

namespace Procgen.CodeFixes;

/// <summary>PROCGEN007: an asynchronous target returns a task. A partial method is not changed in one of its parts.</summary>
[Shared]
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(ReturnTaskFix))]
public sealed class ReturnTaskFix() : DeclarationFix<MethodDeclarationSyntax>("Return Task", "PROCGEN007")
{
    private protected override SyntaxNode? Fix(MethodDeclarationSyntax node, Diagnostic diagnostic) => diagnostic.Properties.ContainsKey(ParseFindings.OnePart)
        ? node.WithReturnType(
            SyntaxFactory.ParseTypeName("global::System.Threading.Tasks.Task")
                .WithAdditionalAnnotations(Simplifier.Annotation)
                .WithTriviaFrom(node.ReturnType))
        : null;
}
