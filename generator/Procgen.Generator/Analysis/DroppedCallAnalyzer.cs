using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Procgen.Generator.Parsing;

namespace Procgen.Generator.Analysis;

/// <summary>A stub called and its call dropped, and the target itself called where its stub was meant.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class DroppedCallAnalyzer : DiagnosticAnalyzer
{
    /// <summary>A property of the diagnostic: what to write instead of the target's class.</summary>
    public const string StubClass = nameof(StubClass);

    /// <summary>A property of the diagnostic: what is dropped is a call, not a stream.</summary>
    public const string IsCall = nameof(IsCall);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Diagnostics.DroppedCall];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(CheckStatement, OperationKind.ExpressionStatement);
        context.RegisterSyntaxNodeAction(CheckArgument, SyntaxKind.Argument);
    }

    private static void CheckStatement(OperationAnalysisContext context)
    {
        if (((IExpressionStatementOperation)context.Operation).Operation is not IInvocationOperation { Type: { } type } call) return;
        bool isStream = type.Is(Known.ProcessStream);
        if (!isStream && !type.IsOrDerivesFrom(Known.ProcessCall)) return;
        string how = isStream ? "StreamAsync of a ProcessPool or of ChildProcess" : "a ProcessPool or ChildProcess.Start";
        ImmutableDictionary<string, string?> properties = ImmutableDictionary<string, string?>.Empty;
        context.ReportDiagnostic(Diagnostic.Create(
            Diagnostics.DroppedCall,
            call.Syntax.GetLocation(),
            isStream ? properties : properties.Add(IsCall, ""),
            $"'{call.TargetMethod.ContainingType.Name}.{call.TargetMethod.Name}' only describes a call: give it to {how} to run it"));
    }

    /// <summary>The compiler says that an int is no ProcessCall; this says which stub makes one.</summary>
    private static void CheckArgument(SyntaxNodeAnalysisContext context)
    {
        ArgumentSyntax argument = (ArgumentSyntax)context.Node;
        ExpressionSyntax given = argument.Expression is LambdaExpressionSyntax { ExpressionBody: InvocationExpressionSyntax body } ? body : argument.Expression;
        ExpressionSyntax target = given is InvocationExpressionSyntax invocation ? invocation.Expression : given;
        if (target is not (IdentifierNameSyntax or MemberAccessExpressionSyntax) || argument.Parent?.Parent is not { } outer) return;

        // Of a lambda's body that does not convert the compiler may still know what it is given to.
        SymbolInfo taker = context.SemanticModel.GetSymbolInfo(outer, context.CancellationToken);
        ImmutableArray<ISymbol> takers = taker.Symbol is null ? taker.CandidateSymbols : given == argument.Expression ? [] : [taker.Symbol];
        if (!takers.Any(static candidate => Known.IsProcgen(candidate.ContainingType) && TakesCalls(candidate))) return;
        SymbolInfo passed = context.SemanticModel.GetSymbolInfo(target, context.CancellationToken);
        ISymbol? method = passed.Symbol ?? passed.CandidateSymbols.FirstOrDefault();
        if (method is not IMethodSymbol { ReturnType: var result } || method.FindAttribute(Known.TargetAttribute) is null) return;
        // A target that makes calls is called here to make one.
        if (taker.Symbol is not null && Mentions(result)) return;

        string stub = Names.OfTypeChain(method.ContainingType, "") + "Targets";
        context.ReportDiagnostic(Diagnostic.Create(
            Diagnostics.DroppedCall,
            given.GetLocation(),
            ImmutableDictionary<string, string?>.Empty.Add(StubClass, stub),
            $"'{method.ContainingType.Name}.{method.Name}' would run here, in this process: pass '{stub}.{method.Name}'"));
    }

    private static bool TakesCalls(ISymbol candidate) => candidate is IMethodSymbol method && method.OriginalDefinition.Parameters.Any(static parameter => Mentions(parameter.Type));

    private static bool Mentions(ITypeSymbol type) =>
        type.IsOrDerivesFrom(Known.ProcessCall)
        || type.Is(Known.ProcessStream)
        || (type is INamedTypeSymbol { DelegateInvokeMethod.ReturnType: { } result } && Mentions(result));
}
