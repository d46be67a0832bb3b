using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Procgen.Generator.Parsing;

namespace Procgen.Generator.Analysis;

/// <summary>State of types that cross, and of process classes, that stays behind because it is not public.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PrivateStateAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Diagnostics.PrivateState];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName(Known.TargetAttribute) is null) return;
            Findings findings = new();
            start.RegisterSymbolAction(findings.NoteTarget, SymbolKind.Method);
            start.RegisterSymbolAction(findings.NoteClass, SymbolKind.NamedType);
            start.RegisterSyntaxNodeAction(findings.NoteUse, SyntaxKind.GenericName);
            start.RegisterOperationAction(findings.NoteCapture, OperationKind.ParameterReference);
            start.RegisterCompilationEndAction(findings.Report);
        });
    }

    private sealed class Findings
    {
        private readonly ConcurrentDictionary<ITypeSymbol, byte> _crossing = new(SymbolEqualityComparer.Default);
        private readonly ConcurrentDictionary<INamedTypeSymbol, byte> _processes = new(SymbolEqualityComparer.Default);
        private readonly ConcurrentDictionary<IParameterSymbol, byte> _captured = new(SymbolEqualityComparer.Default);

        public void NoteTarget(SymbolAnalysisContext context)
        {
            IMethodSymbol method = (IMethodSymbol)context.Symbol;
            if (method.FindAttribute(Known.TargetAttribute) is null && !IsManagedMember(method)) return;
            _crossing.TryAdd(method.ReturnType, 0);
            foreach (IParameterSymbol parameter in method.Parameters)
            {
                if (parameter.FindAttribute(TypeAttributes.Codec) is null) _crossing.TryAdd(parameter.Type, 0);
            }
        }

        public void NoteClass(SymbolAnalysisContext context)
        {
            INamedTypeSymbol type = (INamedTypeSymbol)context.Symbol;
            if (IsProcessClass(type)) _processes.TryAdd(type, 0);
        }

        public void NoteUse(SyntaxNodeAnalysisContext context)
        {
            if (!HandleUseParser.IsCandidate(context.Node)) return;
            foreach (ITypeSymbol argument in HandleUseParser.TypeArguments(context.SemanticModel.GetSymbolInfo(context.Node, context.CancellationToken).Symbol))
                _crossing.TryAdd(argument, 0);
        }

        /// <summary>A primary constructor's parameter used elsewhere becomes a hidden field.</summary>
        public void NoteCapture(OperationAnalysisContext context)
        {
            IParameterSymbol parameter = ((IParameterReferenceOperation)context.Operation).Parameter;
            if (parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor } constructor
                && context.ContainingSymbol is IMethodSymbol user
                && !SymbolEqualityComparer.Default.Equals(user, constructor)) _captured.TryAdd(parameter, 0);
        }

        public void Report(CompilationAnalysisContext context)
        {
            (INamedTypeSymbol Type, INamedTypeSymbol MadeAs)[] types =
            [
                .. CrossingTypes.Reach(_crossing.Keys, context.Compilation, context.CancellationToken).Select(static type => (type, type)),
                .. _processes.Keys.SelectMany(static process => Levels(process).Select(level => (level, process))),
            ];
            ILookup<INamedTypeSymbol, IParameterSymbol> captured = _captured.Keys.ToLookup(
                static parameter => parameter.ContainingType, static parameter => parameter, SymbolEqualityComparer.Default as IEqualityComparer<INamedTypeSymbol>);
            HashSet<ISymbol> told = new(SymbolEqualityComparer.Default);
            foreach (ISymbol member in types.SelectMany(found => PrivateState(found.Type, found.MadeAs, captured[found.Type], context)))
            {
                // A base of several process classes leaves it behind in each.
                if (!told.Add(member)) continue;
                string owner = (member is IParameterSymbol ? member.ContainingSymbol.ContainingType : member.ContainingType).Name;
                context.ReportDiagnostic(Diagnostic.Create(Diagnostics.PrivateState, member.Place(), $"{owner}.{member.Name}"));
            }
        }

        /// <summary>A process class with its bases in the same assembly: the state of others is no business of this one.</summary>
        private static IEnumerable<INamedTypeSymbol> Levels(INamedTypeSymbol process)
        {
            for (INamedTypeSymbol? at = process; at is not null && SymbolEqualityComparer.Default.Equals(at.ContainingAssembly, process.ContainingAssembly); at = at.BaseType)
                yield return at.OriginalDefinition;
        }

        /// <summary>Accessors are methods, too; those of an event name what it is raised with.</summary>
        private static bool IsManagedMember(IMethodSymbol method) =>
            method is { IsStatic: false, DeclaredAccessibility: Microsoft.CodeAnalysis.Accessibility.Public }
            && method.ContainingType?.FindAttribute(Known.ManagedObjectAttribute) is not null
            && (method.AssociatedSymbol ?? method).FindAttribute(Known.IgnoreAttribute) is null;

        private static bool IsProcessClass(INamedTypeSymbol type) =>
            type.FindAttribute(Known.TargetAttribute) is not null && type.IsOrDerivesFrom(Known.ChildProcess);
    }

    /// <summary>Fields, properties with a field of their own, and kept parameters that do not cross and are not there again.</summary>
    private static IEnumerable<ISymbol> PrivateState(
        INamedTypeSymbol type, INamedTypeSymbol madeAs, IEnumerable<IParameterSymbol> captured, CompilationAnalysisContext context)
    {
        RestoredState? restored = null;
        foreach (IFieldSymbol field in type.GetMembers().OfType<IFieldSymbol>())
        {
            ISymbol member = field.AssociatedSymbol ?? field;
            if (field.IsStatic || field.IsConst || member is IEventSymbol || member.IsImplicitlyDeclared) continue;
            if (IsPublic(member) || member.FindAttribute(Known.IgnoreAttribute) is not null) continue;
            restored ??= new RestoredState(type, madeAs, context.Compilation, context.CancellationToken);
            if (!restored.Has(field, member)) yield return member;
        }

        foreach (IParameterSymbol parameter in captured)
        {
            restored ??= new RestoredState(type, madeAs, context.Compilation, context.CancellationToken);
            if (!restored.Has(parameter)) yield return parameter;
        }
    }

    private static bool IsPublic(ISymbol member) => member.DeclaredAccessibility == Microsoft.CodeAnalysis.Accessibility.Public
        && member is not IPropertySymbol { GetMethod: null or { DeclaredAccessibility: not Microsoft.CodeAnalysis.Accessibility.Public } };
}
