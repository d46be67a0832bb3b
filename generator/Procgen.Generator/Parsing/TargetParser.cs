using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Procgen.Generator.Analysis;
using Procgen.Generator.Model;

namespace Procgen.Generator.Parsing;

/// <summary>A marked method → a <see cref="TargetModel"/>, or what is wrong with it. Used by the generator and the analyzer.</summary>
internal sealed class TargetParser
{
    private readonly IMethodSymbol _method;
    private readonly AttributeData _attribute;
    private readonly Compilation _compilation;
    private readonly CancellationToken _cancellationToken;
    private readonly ParseFindings _findings;

    private TargetParser(IMethodSymbol method, AttributeData attribute, Compilation compilation, CancellationToken cancellationToken)
    {
        _method = method;
        _attribute = attribute;
        _compilation = compilation;
        _cancellationToken = cancellationToken;
        _findings = new ParseFindings(compilation.Assembly);
    }

    public static Parsed<TargetModel> Parse(ISymbol marked, AttributeData attribute, Compilation compilation, CancellationToken cancellationToken)
    {
        if (marked is not IMethodSymbol method) return new ParseFindings(compilation.Assembly).Finish<TargetModel>(null);
        // Of a partial method, default values are on the part that defines it, wherever the attribute is.
        TargetParser parser = new(method.PartialDefinitionPart ?? method, attribute, compilation, cancellationToken);
        TargetModel? model = parser.Parse();
        return parser._findings.Finish(model);
    }

    private TargetModel? Parse()
    {
        if (Misplacement() is { } misplacement)
        {
            _findings.Report(Diagnostics.Misplaced, _attribute.Place(_cancellationToken) ?? _method.Place(), "[ProcessTarget]", _method.Name, misplacement, TargetPlaces);
            return null;
        }

        if (!_method.IsStatic && CanBeStatic()) _findings.ReportFixable(Diagnostics.NotStatic, _method.Place(), CanBeMadeStatic, DisplayName);
        else if (!_method.IsStatic) _findings.Report(Diagnostics.NotStatic, _method.Place(), DisplayName);
        bool isPublic = Accessibility.Check(_method, DisplayName, _findings);
        CheckGeneric();
        if (_method.IsAsyncVoid())
            _findings.ReportDeclaration(Diagnostics.AsyncVoid, ReturnParser.Place(_method, _cancellationToken), _method, DisplayName);
        if (_method.IsVararg)
            _findings.Report(Diagnostics.ParameterKind, _method.Place(), "__arglist", DisplayName, "a variable argument list");

        ImmutableArray<ParameterModel> parameters = ParameterParser.Parse(_method, DisplayName, _compilation, _findings, _cancellationToken);
        ReturnModel? result = ReturnParser.Parse(_method, DisplayName, sequencesAreStreams: true, _compilation, _findings, _cancellationToken);
        EquatableArray<ThrowModel> throws = ThrowsParser.Parse(_attribute, _compilation, _findings, _cancellationToken);
        StubClass stub = new(Names.NamespaceOf(_method.ContainingType), Names.OfTypeChain(_method.ContainingType, "") + "Targets");
        OwnPart? own = OwnPart.Find(_method.ContainingType, stub.Name, _cancellationToken);
        CheckNames(stub.Name, own);
        if (result is null || _findings.AnyErrors) return null;

        string id = _method.GetDocumentationCommentId() ?? DisplayName;
        return new TargetModel(
            stub,
            isPublic,
            Names.Escape(_method.Name),
            $"{Names.InExpression(_method.ContainingType)}.{Names.Escape(_method.Name)}",
            DisplayName,
            id,
            StableHash.Of(id),
            result,
            new EquatableArray<ParameterModel>(parameters),
            throws,
            Obsolescence.Around(_method),
            Known.SeesInternals(_compilation),
            HasDelegate(),
            own?.Model);
    }

    private const int MaxDelegateParameters = 16;

    /// <summary>Where [ProcessTarget] belongs.</summary>
    internal const string TargetPlaces = "a static method, or a class derived from ChildProcess";

    /// <summary>A property of a diagnostic: nobody calls the target by its object but who knows its class.</summary>
    internal const string CanBeMadeStatic = nameof(CanBeMadeStatic);

    /// <summary>Of a partial method both parts would have to become so.</summary>
    private bool CanBeStatic() =>
        _method is { IsOverride: false, IsAbstract: false, IsVirtual: false, IsPartialDefinition: false, ContainingType.TypeKind: not TypeKind.Interface }
        && !_compilation.GetSymbolsWithName(static _ => true, SymbolFilter.Type, _cancellationToken).OfType<INamedTypeSymbol>().Any(IsAskedForBy);

    /// <summary>Whether a type has the method for an interface: its own, or a derived one that leaves it to this.</summary>
    private bool IsAskedForBy(INamedTypeSymbol type) => type.AllInterfaces
        .SelectMany(candidate => candidate.GetMembers(_method.Name))
        .Any(asked => SymbolEqualityComparer.Default.Equals(type.FindImplementationForInterfaceMember(asked)?.OriginalDefinition, _method));

    private string DisplayName => $"{Names.OfTypeChain(_method.ContainingType, ".")}.{_method.Name}";

    private string? Misplacement() => _method switch
    {
        { MethodKind: MethodKind.LocalFunction } => "a local function",
        { MethodKind: MethodKind.AnonymousFunction } => "a lambda",
        { MethodKind: not MethodKind.Ordinary } => "no ordinary method",
        { ContainingType.Name: "" } => "a member of an extension block",
        { IsStatic: true, IsAbstract: true } or { IsStatic: true, IsVirtual: true } => "an abstract or virtual method",
        _ when _method.FindAttribute(TypeAttributes.UnmanagedCallersOnly) is not null => "a method that only native code can call",
        _ => null,
    };

    /// <summary>Whether an Action or Func can be made of it: not of a conditional method, nor where the compiler would prefer an overload of other types.</summary>
    private bool HasDelegate() =>
        _method.Parameters.Length <= MaxDelegateParameters
        && _method.FindAttribute("System.Diagnostics.ConditionalAttribute") is null
        && !_method.ContainingType.GetMembers(_method.Name).Any(static overload => overload.FindAttribute("System.Runtime.CompilerServices.OverloadResolutionPriorityAttribute") is not null);

    private void CheckGeneric()
    {
        if (_method.IsGenericMethod) _findings.Report(Diagnostics.Generic, _method.Place(), DisplayName, "has type parameters");
        else if (Known.GenericAround(_method.ContainingType) is { } type) _findings.Report(Diagnostics.Generic, _method.Place(), DisplayName, $"is in the generic type {Names.InMessage(type)}");
    }

    private void CheckNames(string stub, OwnPart? own)
    {
        if (_method.Name == stub)
            _findings.Report(Diagnostics.SameStub, _method.Place(), DisplayName, $"a stub in the class {stub}, which cannot have a member of its own name");
        if (TakenNames.Has(_method.ContainingType, stub, canBePartial: true, _cancellationToken))
            _findings.Report(Diagnostics.SameStub, _method.Place(), DisplayName, $"a stub in {stub}, which is something else in your own code");
        if (own?.Excludes(_method) == true)
            _findings.Report(Diagnostics.SameStub, _method.Place(), DisplayName, $"a stub {stub}.{_method.Name}, beside which your own {stub} has something of that name");
    }
}
