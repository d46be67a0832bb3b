using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Procgen.Generator.Parsing;

namespace Procgen.Generator.Analysis;

/// <summary><c>lock</c> and <c>Monitor</c> on what other processes know too: they would not notice.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class LockAnalyzer : DiagnosticAnalyzer
{
    /// <summary>A property of the diagnostic: <c>using (x.EnterScope())</c> is what was meant.</summary>
    public const string Scope = nameof(Scope);

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Diagnostics.LocalLock];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(CheckLock, OperationKind.Lock);
        context.RegisterOperationAction(CheckMonitor, OperationKind.Invocation);
    }

    private static bool HasScope(ITypeSymbol type) =>
        type.GetMembers("EnterScope").Any(static member => member is IMethodSymbol { Parameters.Length: 0, DeclaredAccessibility: Microsoft.CodeAnalysis.Accessibility.Public });

    private static void CheckLock(OperationAnalysisContext context) => Check(context, ((ILockOperation)context.Operation).LockedValue, "lock");

    private static void CheckMonitor(OperationAnalysisContext context)
    {
        IInvocationOperation call = (IInvocationOperation)context.Operation;
        if (call.Arguments.IsEmpty || !call.TargetMethod.ContainingType.Is("System.Threading.Monitor")) return;
        Check(context, call.Arguments[0].Value, "Monitor." + call.TargetMethod.Name);
    }

    private static void Check(OperationAnalysisContext context, IOperation locked, string what)
    {
        while (locked is IConversionOperation { IsImplicit: true } conversion) locked = conversion.Operand;
        if (locked.Type is not { } type || !Known.IsProcgen(type)) return;
        bool hasScope = HasScope(type);
        string advice = hasScope ? $"use 'using ({locked.Syntax}.EnterScope())'" : "share a ProcessLock and use its EnterScope";
        ImmutableDictionary<string, string?> properties = ImmutableDictionary<string, string?>.Empty;
        context.ReportDiagnostic(Diagnostic.Create(
            Diagnostics.LocalLock, locked.Syntax.GetLocation(), hasScope ? properties.Add(Scope, "") : properties, what, Names.InMessage(type), advice));
    }
}
