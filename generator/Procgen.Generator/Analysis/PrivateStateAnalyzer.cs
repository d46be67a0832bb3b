using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
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
                if (parameter.FindAttribute(CrossingTypes.CodecAttribute) is null) _crossing.TryAdd(parameter.Type, 0);
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
            HashSet<INamedTypeSymbol> types = new(CrossingTypes.Reach(_crossing.Keys, context.Compilation).Concat(_processes.Keys), SymbolEqualityComparer.Default);
            IEnumerable<ISymbol> captured = _captured.Keys.Where(parameter => types.Contains(parameter.ContainingType)
                && (IsProcessClass(parameter.ContainingType) || !IsGivenAgain(parameter)));
            foreach (ISymbol member in types.SelectMany(type => PrivateState(type, context.CancellationToken)).Concat(captured))
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

    /// <summary>Whether the constructor gets the value of a public member for it.</summary>
    private static bool IsGivenAgain(IParameterSymbol parameter) => parameter.ContainingType.GetMembers().Any(member =>
        member is { IsStatic: false, DeclaredAccessibility: Microsoft.CodeAnalysis.Accessibility.Public } and (IFieldSymbol or IPropertySymbol)
        && string.Equals(member.Name, parameter.Name, StringComparison.OrdinalIgnoreCase)
        && SymbolEqualityComparer.Default.Equals(TypeMembers.TypeOf(member), parameter.Type));

    /// <summary>Fields, and properties with a field of their own, that do not cross; unless a property that crosses is kept in them.</summary>
    private static IEnumerable<ISymbol> PrivateState(INamedTypeSymbol type, CancellationToken cancellationToken)
    {
        HashSet<string>? told = null;
        foreach (IFieldSymbol field in type.GetMembers().OfType<IFieldSymbol>())
        {
            ISymbol member = field.AssociatedSymbol ?? field;
            if (field.IsStatic || field.IsConst || member is IEventSymbol || member.IsImplicitlyDeclared) continue;
            if (IsPublic(member) || member.FindAttribute(Known.IgnoreAttribute) is not null) continue;
            told ??= ToldByProperties(type, cancellationToken);
            if (!told.Contains(member.Name)) yield return member;
        }
    }

    private static bool IsPublic(ISymbol member) => member.DeclaredAccessibility == Microsoft.CodeAnalysis.Accessibility.Public
        && member is not IPropertySymbol { GetMethod: null or { DeclaredAccessibility: not Microsoft.CodeAnalysis.Accessibility.Public } };

    /// <summary>Names in public properties that get their value back on the other side.</summary>
    private static HashSet<string> ToldByProperties(INamedTypeSymbol type, CancellationToken cancellationToken) =>
    [
        .. type.GetMembers().OfType<IPropertySymbol>()
            .Where(property => property.GetMethod?.DeclaredAccessibility == Microsoft.CodeAnalysis.Accessibility.Public && IsSetAgain(property, type, cancellationToken))
            .SelectMany(static property => property.DeclaringSyntaxReferences)
            .SelectMany(reference => reference.GetSyntax(cancellationToken).DescendantNodes().OfType<IdentifierNameSyntax>())
            .Select(static name => name.Identifier.ValueText),
    ];

    private static bool IsSetAgain(IPropertySymbol property, INamedTypeSymbol type, CancellationToken cancellationToken) =>
        property.SetMethod is not null
        || property.ReturnsByRef
        || ReturnedField.Of(property, cancellationToken) is not null
        || type.InstanceConstructors.SelectMany(static constructor => constructor.Parameters).Any(parameter =>
            string.Equals(parameter.Name, property.Name, StringComparison.OrdinalIgnoreCase) && SymbolEqualityComparer.Default.Equals(parameter.Type, property.Type));
}
