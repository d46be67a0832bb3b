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
            if (!IsProcessClass(type)) return;
            _processes.TryAdd(type, 0);
            for (INamedTypeSymbol? at = type.BaseType; at is not null && !at.Is(Known.ChildProcess); at = at.BaseType)
            {
                // What its fields hold is of a type that the process class alone knows: see ProcessStateParser.
                if (at.IsGenericType && SymbolEqualityComparer.Default.Equals(at.ContainingAssembly, type.ContainingAssembly)) _processes.TryAdd(at.OriginalDefinition, 0);
            }
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
            HashSet<INamedTypeSymbol> types = new(CrossingTypes.Reach(_crossing.Keys, context.Compilation).Concat(_processes.Keys), SymbolEqualityComparer.Default);
            ILookup<INamedTypeSymbol, IParameterSymbol> captured = _captured.Keys.ToLookup(
                static parameter => parameter.ContainingType, static parameter => parameter, SymbolEqualityComparer.Default as IEqualityComparer<INamedTypeSymbol>);
            foreach (ISymbol member in types.SelectMany(type => PrivateState(type, captured[type], context)))
            {
                string owner = (member is IParameterSymbol ? member.ContainingSymbol.ContainingType : member.ContainingType).Name;
                context.ReportDiagnostic(Diagnostic.Create(Diagnostics.PrivateState, member.Place(), $"{owner}.{member.Name}"));
            }
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
    private static IEnumerable<ISymbol> PrivateState(INamedTypeSymbol type, IEnumerable<IParameterSymbol> captured, CompilationAnalysisContext context)
    {
        RestoredState? restored = null;
        foreach (IFieldSymbol field in type.GetMembers().OfType<IFieldSymbol>())
        {
            ISymbol member = field.AssociatedSymbol ?? field;
            if (field.IsStatic || field.IsConst || member is IEventSymbol || member.IsImplicitlyDeclared) continue;
            if (IsPublic(member) || member.FindAttribute(Known.IgnoreAttribute) is not null) continue;
            restored ??= new RestoredState(type, context.Compilation, context.CancellationToken);
            if (!restored.Has(field, member)) yield return member;
        }

        foreach (IParameterSymbol parameter in captured)
        {
            restored ??= new RestoredState(type, context.Compilation, context.CancellationToken);
            if (!restored.Has(parameter)) yield return parameter;
        }
    }

    private static bool IsPublic(ISymbol member) => member.DeclaredAccessibility == Microsoft.CodeAnalysis.Accessibility.Public
        && member is not IPropertySymbol { GetMethod: null or { DeclaredAccessibility: not Microsoft.CodeAnalysis.Accessibility.Public } };
}
