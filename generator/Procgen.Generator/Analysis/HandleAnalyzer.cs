using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Procgen.Generator.Parsing;

namespace Procgen.Generator.Analysis;

/// <summary>Type arguments of queues, connections and managed collections that cannot cross.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class HandleAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Diagnostics.TypeArgumentCannotCross, Diagnostics.ProcessCannotCross];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSyntaxNodeAction(Check, SyntaxKind.GenericName, SyntaxKind.InvocationExpression);
    }

    private static void Check(SyntaxNodeAnalysisContext context)
    {
        if (!HandleUseParser.IsCandidate(context.Node)) return;
        if (HandleUseParser.Parse(context.Node, context.SemanticModel, context.CancellationToken) is not { } use) return;
        foreach (Diagnostic diagnostic in use.Diagnostics) context.ReportDiagnostic(diagnostic);
    }
}
