using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Procgen.Generator.Parsing;

namespace Procgen.Generator.Analysis;

/// <summary>Static fields that a target reads and other code assigns: what Python's spawn silently resets.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class StaticStateAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Diagnostics.StaticState];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName(Known.TargetAttribute) is null) return;
            Findings findings = new();
            start.RegisterOperationAction(findings.Note, OperationKind.FieldReference, OperationKind.PropertyReference);
            start.RegisterCompilationEndAction(findings.Report);
        });
    }

    private sealed class Findings
    {
        private readonly ConcurrentDictionary<ISymbol, ISymbol> _assigners = new(SymbolEqualityComparer.Default);
        private readonly ConcurrentBag<(ISymbol State, ISymbol Target, Location Place)> _reads = [];

        public void Note(OperationAnalysisContext context)
        {
            IMemberReferenceOperation reference = (IMemberReferenceOperation)context.Operation;
            if (!IsStaticState(reference.Member, context.Compilation)) return;
            bool isTarget = IsTarget(context.ContainingSymbol);
            (bool reads, bool writes) = Use(reference);
            if (isTarget && reads) _reads.Add((reference.Member, context.ContainingSymbol, reference.Syntax.GetLocation()));
            // Field initializers, static constructors and module initializers run in the worker as well.
            if (!isTarget && writes && context.ContainingSymbol is IMethodSymbol { MethodKind: not MethodKind.StaticConstructor } assigner
                && assigner.FindAttribute(Known.ModuleInitializerAttribute) is null)
                _assigners.TryAdd(reference.Member, context.ContainingSymbol);
        }

        public void Report(CompilationAnalysisContext context)
        {
            foreach ((ISymbol state, ISymbol target, Location place) in _reads)
            {
                if (!_assigners.TryGetValue(state, out ISymbol assigner)) continue;
                context.ReportDiagnostic(Diagnostic.Create(Diagnostics.StaticState, place, Full(target), Full(state), Full(assigner)));
            }
        }

        private static string Full(ISymbol member) => $"{member.ContainingType?.Name}.{((member as IMethodSymbol)?.AssociatedSymbol ?? member).Name}";
    }

    private static bool IsStaticState(ISymbol member, Compilation compilation) =>
        member.IsStatic
        && SymbolEqualityComparer.Default.Equals(member.ContainingAssembly, compilation.Assembly)
        && member switch
        {
            IFieldSymbol { IsConst: false, IsReadOnly: false } => true,
            IPropertySymbol { SetMethod: not null } property => property.ContainingType.GetMembers().OfType<IFieldSymbol>()
                .Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property)),
            _ => false,
        };

    private static bool IsTarget(ISymbol member) => member is IMethodSymbol method
        && (method.FindAttribute(Known.TargetAttribute) is not null
            || (method is { Name: "Run", IsOverride: true } && method.ContainingType.FindAttribute(Known.TargetAttribute) is not null));

    private static (bool Reads, bool Writes) Use(IOperation reference) => reference.Parent switch
    {
        ISimpleAssignmentOperation assignment when assignment.Target == reference => (false, true),
        ICompoundAssignmentOperation assignment when assignment.Target == reference => (true, true),
        ICoalesceAssignmentOperation assignment when assignment.Target == reference => (true, true),
        IIncrementOrDecrementOperation => (true, true),
        IArgumentOperation { Parameter.RefKind: RefKind.Out } => (false, true),
        IArgumentOperation { Parameter.RefKind: RefKind.Ref } => (true, true),
        ITupleOperation { Parent: IDeconstructionAssignmentOperation deconstruction } tuple when deconstruction.Target == tuple => (false, true),
        INameOfOperation => (false, false),
        _ => (true, false),
    };
}
