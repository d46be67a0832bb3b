using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Procgen.Generator.Model;
using Procgen.Generator.Parsing;

namespace Procgen.Generator.Analysis;

/// <summary>What is wrong with marked methods and classes: the generator's own parser, asked again for its diagnostics.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class TargetAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        Diagnostics.NotStatic, Diagnostics.NotAccessible, Diagnostics.ParameterCannotCross, Diagnostics.ReturnCannotCross, Diagnostics.ParameterKind,
        Diagnostics.Generic, Diagnostics.AsyncVoid, Diagnostics.SameStub, Diagnostics.NotPartial, Diagnostics.ProcessCannotCross,
        Diagnostics.ThrowsUnusable, Diagnostics.Misplaced,
    ];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName(Known.TargetAttribute) is null) return;
            ConcurrentDictionary<string, (TargetModel Target, Location Place)> targets = new();
            ConcurrentDictionary<string, (ManagedClassModel Class, Location Place)> managed = new();
            start.RegisterSymbolAction(symbol => CheckMethod(symbol, targets), SymbolKind.Method);
            start.RegisterSymbolAction(CheckClass, SymbolKind.NamedType);
            start.RegisterSymbolAction(symbol => CheckManaged(symbol, managed), SymbolKind.NamedType);
            start.RegisterSyntaxNodeAction(
                CheckLocal, SyntaxKind.LocalFunctionStatement, SyntaxKind.ParenthesizedLambdaExpression, SyntaxKind.SimpleLambdaExpression);
            start.RegisterCompilationEndAction(end => CheckDoubles(end, targets, managed));
        });
    }

    private static void CheckMethod(SymbolAnalysisContext context, ConcurrentDictionary<string, (TargetModel Target, Location Place)> targets)
    {
        IMethodSymbol method = (IMethodSymbol)context.Symbol;
        // Both parts of a partial method have the attributes of both.
        if (method.PartialDefinitionPart is not null || method.FindAttribute(Known.TargetAttribute) is not { } attribute) return;
        Parsed<TargetModel> parsed = TargetParser.Parse(method, attribute, context.Compilation, context.CancellationToken);
        foreach (Diagnostic diagnostic in parsed.Diagnostics) context.ReportDiagnostic(diagnostic);
        if (parsed.Model is { } target) targets.TryAdd(target.DocumentationId, (target, method.Place()));
    }

    private static void CheckClass(SymbolAnalysisContext context)
    {
        if (context.Symbol.FindAttribute(Known.TargetAttribute) is not { } attribute) return;
        Parsed<ProcessClassModel> parsed = ProcessClassParser.Parse(context.Symbol, attribute, context.Compilation, context.CancellationToken);
        foreach (Diagnostic diagnostic in parsed.Diagnostics) context.ReportDiagnostic(diagnostic);
    }

    private static void CheckManaged(SymbolAnalysisContext context, ConcurrentDictionary<string, (ManagedClassModel Class, Location Place)> managed)
    {
        if (context.Symbol.FindAttribute(Known.ManagedObjectAttribute) is not { } attribute) return;
        Parsed<ManagedClassModel> parsed = ManagedObjectParser.Parse(context.Symbol, attribute, context.Compilation, context.CancellationToken);
        foreach (Diagnostic diagnostic in parsed.Diagnostics) context.ReportDiagnostic(diagnostic);
        if (parsed.Model is { } model) managed.TryAdd(model.DocumentationId, (model, context.Symbol.Place()));
    }

    /// <summary>Local functions and lambdas have no symbol action of their own.</summary>
    private static void CheckLocal(SyntaxNodeAnalysisContext context)
    {
        SyntaxList<AttributeListSyntax> attributes = context.Node switch
        {
            LocalFunctionStatementSyntax local => local.AttributeLists,
            LambdaExpressionSyntax lambda => lambda.AttributeLists,
            _ => default,
        };
        if (attributes.Count == 0) return;
        ISymbol? symbol = context.Node is LocalFunctionStatementSyntax
            ? context.SemanticModel.GetDeclaredSymbol(context.Node, context.CancellationToken)
            : context.SemanticModel.GetSymbolInfo(context.Node, context.CancellationToken).Symbol;
        if (symbol is not IMethodSymbol method || method.FindAttribute(Known.TargetAttribute) is not { } attribute) return;
        foreach (Diagnostic diagnostic in TargetParser.Parse(method, attribute, context.Compilation, context.CancellationToken).Diagnostics)
            context.ReportDiagnostic(diagnostic);
    }

    private static void CheckDoubles(
        CompilationAnalysisContext context,
        ConcurrentDictionary<string, (TargetModel Target, Location Place)> targets,
        ConcurrentDictionary<string, (ManagedClassModel Class, Location Place)> managed)
    {
        foreach ((ManagedClassModel first, ManagedClassModel second) in ManagedClassFile.Doubles(managed.Values.Select(static found => found.Class)))
            context.ReportDiagnostic(ManagedClassFile.Problem(first, second, managed[second.DocumentationId].Place));
        IEnumerable<TargetModel> models = targets.Values.Select(static found => found.Target);
        foreach ((TargetModel first, TargetModel second) in StubGrouping.Doubles(models))
            context.ReportDiagnostic(StubGrouping.Problem(first, second, targets[second.DocumentationId].Place));
    }
}
