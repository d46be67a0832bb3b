using System.Collections.Generic;
using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Procgen.Generator.Model;

namespace Procgen.Generator.Parsing;

/// <summary>What came of parsing: a model where nothing is wrong, the codecs it needs, and diagnostics. Stays inside the transform.</summary>
internal sealed class Parsed<T>(
    T? model, EquatableArray<CodecModel> codecs, EquatableArray<RegisteredType> handleArguments, ImmutableArray<Diagnostic> diagnostics)
    where T : class
{
    public T? Model { get; } = model;

    public EquatableArray<CodecModel> Codecs { get; } = codecs;

    /// <summary>Types whose codecs are to be registered, because handles inside other types name them.</summary>
    public EquatableArray<RegisteredType> HandleArguments { get; } = handleArguments;

    public ImmutableArray<Diagnostic> Diagnostics { get; } = diagnostics;
}

/// <summary>Collects what the parts of a parser find.</summary>
/// <param name="assembly">What is compiled.</param>
internal sealed class ParseFindings(IAssemblySymbol assembly)
{
    /// <summary>Keys of a diagnostic's properties that tell the fixes what to add, and where.</summary>
    public const string IgnoreMember = nameof(IgnoreMember), OpenBase = nameof(OpenBase);

    /// <summary>A property of a diagnostic: what is declared wrongly is declared in one part, which can be changed alone.</summary>
    public const string OnePart = nameof(OnePart);

    private readonly ImmutableArray<Diagnostic>.Builder _diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
    private readonly List<CodecModel> _codecs = [];
    private readonly List<RegisteredType> _handleArguments = [];
    private bool _refused;

    public bool AnyErrors => _refused || _diagnostics.Count != 0;

    /// <summary>Keeps what a type that can cross needs.</summary>
    public void Add(ParsedType parsed)
    {
        _codecs.AddRange(parsed.Codecs.Items);
        _handleArguments.AddRange(parsed.HandleArguments.Items);
    }

    /// <summary>Keeps what a part that was parsed by itself needs.</summary>
    public void Add(ParseFindings part)
    {
        _codecs.AddRange(part._codecs);
        _handleArguments.AddRange(part._handleArguments);
    }

    public void Report(DiagnosticDescriptor descriptor, Location place, params object[] arguments) =>
        _diagnostics.Add(Diagnostic.Create(descriptor, place, arguments));

    /// <summary>Reports with a property that tells a fix that it applies.</summary>
    public void ReportFixable(DiagnosticDescriptor descriptor, Location place, string property, params object[] arguments) =>
        _diagnostics.Add(Diagnostic.Create(descriptor, place, ImmutableDictionary<string, string?>.Empty.Add(property, ""), arguments));

    /// <summary>Reports how a symbol is declared, and whether a fix may change that: parts of one thing have to say the same.</summary>
    public void ReportDeclaration(DiagnosticDescriptor descriptor, Location place, ISymbol declared, params object[] arguments)
    {
        if (declared.DeclaringSyntaxReferences.Length == 1 && declared is not IMethodSymbol { IsPartialDefinition: true }) ReportFixable(descriptor, place, OnePart, arguments);
        else Report(descriptor, place, arguments);
    }

    /// <summary>Reports what cannot cross, with the declaration that a fix would change as additional location: one in this assembly, as no other place may be named.</summary>
    /// <param name="descriptor">For a value; a process has its own.</param>
    /// <param name="place">Where the type is used.</param>
    /// <param name="problem">What is wrong with it.</param>
    /// <param name="what">What crosses there: <c>parameter 'job'</c>.</param>
    /// <param name="type">Its type, for the message.</param>
    public void Report(DiagnosticDescriptor descriptor, Location place, TypeProblem problem, string what, string type)
    {
        ISymbol? fixable = problem.Member ?? problem.OpenBase;
        Location[] elsewhere = fixable?.Locations is [{ IsInSource: true } declared, ..] && fixable.IsIn(assembly) ? [declared] : [];
        ImmutableDictionary<string, string?> properties = elsewhere.Length == 0
            ? ImmutableDictionary<string, string?>.Empty
            : ImmutableDictionary<string, string?>.Empty.Add(problem.Member is null ? OpenBase : IgnoreMember, fixable!.Name);
        _diagnostics.Add(Diagnostic.Create(
            problem.IsProcess ? Generator.Analysis.Diagnostics.ProcessCannotCross : descriptor, place, elsewhere, properties, what, type, problem.Message));
    }

    /// <summary>Refuses without a word, where the compiler has said it already.</summary>
    public T? Refuse<T>()
        where T : class
    {
        _refused = true;
        return null;
    }

    public Parsed<T> Finish<T>(T? model)
        where T : class => new(model, _codecs.ToEquatableArray(), _handleArguments.ToEquatableArray(), _diagnostics.ToImmutable());
}

internal static class Places
{
    /// <summary>Where a symbol's name stands in source.</summary>
    public static Location Place(this ISymbol symbol) => symbol.Locations is [var location, ..] ? location : Location.None;

    /// <summary>
    /// Whether it is declared in an assembly. In an editor, referenced projects have sources too, but nothing may be reported there.
    /// </summary>
    public static bool IsIn(this ISymbol symbol, IAssemblySymbol assembly) => SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, assembly);

    /// <summary>Where an attribute stands in source.</summary>
    public static Location? Place(this AttributeData attribute, System.Threading.CancellationToken cancellationToken) =>
        attribute.ApplicationSyntaxReference?.GetSyntax(cancellationToken).GetLocation();
}
