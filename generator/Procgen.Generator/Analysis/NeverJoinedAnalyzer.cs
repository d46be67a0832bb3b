using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Procgen.Generator.Parsing;

namespace Procgen.Generator.Analysis;

/// <summary>A process that is started and then forgotten: dropped at once, or kept in a local variable that only asks after it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NeverJoinedAnalyzer : DiagnosticAnalyzer
{
    /// <summary>Members that neither wait for the process nor end it.</summary>
    private static readonly HashSet<string> Idle = ["Start", "Name", "Daemon", "Id", "ExitCode", "IsAlive", "AuthKey", "ToString"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Diagnostics.NeverJoined];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationBlockAction(Check);
    }

    private static void Check(OperationBlockAnalysisContext context)
    {
        HashSet<ILocalSymbol> told = new(SymbolEqualityComparer.Default);
        foreach (IInvocationOperation start in context.OperationBlocks.SelectMany(static block => block.Descendants()).OfType<IInvocationOperation>())
        {
            if (start.TargetMethod.Name != "Start" || !start.TargetMethod.ContainingType.IsOrDerivesFrom(Known.ChildProcess)) continue;
            IOperation? process = start.TargetMethod.IsStatic ? start : start.Instance;
            ILocalSymbol? local = process switch
            {
                ILocalReferenceOperation reference => reference.Local,
                _ when process is not null => Holder(process),
                _ => null,
            };
            bool isForgotten = local is null
                ? process is IInvocationOperation or IObjectCreationOperation && start.Parent is IExpressionStatementOperation
                : IsForgotten(local, context.OperationBlocks) && told.Add(local);
            if (isForgotten) context.ReportDiagnostic(Diagnostic.Create(Diagnostics.NeverJoined, Place(start)));
        }
    }

    /// <summary>The local variable that is initialized with this value.</summary>
    private static ILocalSymbol? Holder(IOperation value)
    {
        IOperation? parent = value.Parent;
        while (parent is IConversionOperation) parent = parent.Parent;
        return parent is IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator } ? declarator.Symbol : null;
    }

    private static bool IsForgotten(ILocalSymbol local, ImmutableArray<IOperation> blocks)
    {
        bool isMadeHere = false;
        foreach (IOperation operation in blocks.SelectMany(static block => block.Descendants()))
        {
            if (operation is IVariableDeclaratorOperation declarator && SymbolEqualityComparer.Default.Equals(declarator.Symbol, local))
            {
                if (local.IsUsing || declarator.Parent?.Parent is IVariableDeclarationGroupOperation { Parent: IUsingOperation }) return false;
                IOperation? made = declarator.Initializer?.Value;
                while (made is IConversionOperation conversion) made = conversion.Operand;
                isMadeHere = made is IObjectCreationOperation || (made is IInvocationOperation { TargetMethod: { Name: "Start", IsStatic: true } });
            }
            else if (operation is ILocalReferenceOperation reference && SymbolEqualityComparer.Default.Equals(reference.Local, local) && !IsIdle(reference))
            {
                return false;
            }
        }

        return isMadeHere;
    }

    private static bool IsIdle(ILocalReferenceOperation reference) => reference.Parent switch
    {
        IInvocationOperation call => call.Instance == reference && Idle.Contains(call.TargetMethod.Name),
        IPropertyReferenceOperation property => property.Instance == reference && Idle.Contains(property.Property.Name),
        _ => false,
    };

    private static Location Place(IInvocationOperation start) => start.Syntax is InvocationExpressionSyntax { Expression: var called }
        ? (called is MemberAccessExpressionSyntax access ? access.Name : called).GetLocation()
        : start.Syntax.GetLocation();
}
