using System.Collections.Immutable;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
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
    private readonly ParseFindings _findings = new();

    private TargetParser(IMethodSymbol method, AttributeData attribute, Compilation compilation, CancellationToken cancellationToken)
    {
        _method = method;
        _attribute = attribute;
        _compilation = compilation;
        _cancellationToken = cancellationToken;
    }

    public static Parsed<TargetModel> Parse(ISymbol marked, AttributeData attribute, Compilation compilation, CancellationToken cancellationToken)
    {
        if (marked is not IMethodSymbol method) return new ParseFindings().Finish<TargetModel>(null);
        TargetParser parser = new(method, attribute, compilation, cancellationToken);
        TargetModel? model = parser.Parse();
        return parser._findings.Finish(model);
    }

    private TargetModel? Parse()
    {
        if (Misplacement() is { } misplacement)
        {
            _findings.Report(Diagnostics.Misplaced, _attribute.Place(_cancellationToken) ?? _method.Place(), _method.Name, misplacement);
            return null;
        }

        if (!_method.IsStatic) _findings.Report(Diagnostics.NotStatic, _method.Place(), DisplayName);
        bool isPublic = Accessibility.Check(_method, DisplayName, _findings);
        CheckGeneric();
        if (_method is { IsAsync: true, ReturnsVoid: true })
            _findings.Report(Diagnostics.AsyncVoid, ReturnTypePlace, DisplayName);
        if (_method.IsVararg)
            _findings.Report(Diagnostics.ParameterKind, _method.Place(), "__arglist", DisplayName, "a variable argument list");

        ImmutableArray<ParameterModel> parameters = ParameterParser.Parse(_method, DisplayName, _compilation, _findings, _cancellationToken);
        ReturnModel? result = ParseReturn();
        EquatableArray<ThrowModel> throws = ThrowsParser.Parse(_attribute, _compilation, _findings, _cancellationToken);
        if (result is null || _findings.AnyErrors) return null;

        string id = _method.GetDocumentationCommentId() ?? DisplayName;
        return new TargetModel(
            new StubClass(Names.NamespaceOf(_method.ContainingType), TypeChain(_method.ContainingType, "") + "Targets"),
            isPublic,
            Names.Escape(_method.Name),
            $"{Names.InExpression(_method.ContainingType)}.{Names.Escape(_method.Name)}",
            DisplayName,
            id,
            StableHash.Of(id),
            result,
            new EquatableArray<ParameterModel>(parameters),
            throws,
            Obsolete(_method),
            Known.SeesInternals(_compilation));
    }

    private string DisplayName => $"{TypeChain(_method.ContainingType, ".")}.{_method.Name}";

    private Location ReturnTypePlace =>
        _method.DeclaringSyntaxReferences is [var reference, ..] && reference.GetSyntax(_cancellationToken) is MethodDeclarationSyntax { ReturnType: var type }
            ? type.GetLocation()
            : _method.Place();

    private string? Misplacement() => _method switch
    {
        { MethodKind: MethodKind.LocalFunction } => "a local function",
        { MethodKind: MethodKind.AnonymousFunction } => "a lambda",
        { MethodKind: not MethodKind.Ordinary } => "no ordinary method",
        { ContainingType.Name: "" } => "a member of an extension block",
        { IsStatic: true, IsAbstract: true } or { IsStatic: true, IsVirtual: true } => "an abstract or virtual method",
        _ => null,
    };

    private void CheckGeneric()
    {
        if (_method.IsGenericMethod)
        {
            _findings.Report(Diagnostics.Generic, _method.Place(), DisplayName, "has type parameters");
            return;
        }

        for (INamedTypeSymbol? type = _method.ContainingType; type is not null; type = type.ContainingType)
        {
            if (type.Arity == 0) continue;
            _findings.Report(Diagnostics.Generic, _method.Place(), DisplayName, $"is in the generic type {Names.InMessage(type)}");
            return;
        }
    }

    private ReturnModel? ParseReturn()
    {
        if (_method.ReturnsByRef || _method.ReturnsByRefReadonly)
        {
            _findings.Report(Diagnostics.ReturnCannotCross, ReturnTypePlace, $"the result of '{DisplayName}'", Names.InMessage(_method.ReturnType), "it is returned by reference");
            return null;
        }

        (ReturnKind kind, ITypeSymbol? type) = Classify(_method.ReturnType);
        if (type is null) return new ReturnModel(kind);
        if (type.TypeKind == TypeKind.Error) return _findings.Refuse<ReturnModel>();
        ParsedType parsed = TypeParser.Parse(type, _compilation, _cancellationToken);
        if (parsed.Type is { } model)
        {
            _findings.Add(parsed);
            return new ReturnModel(kind, Names.InSignature(type), model);
        }

        _findings.Report(Diagnostics.ReturnCannotCross, ReturnTypePlace, parsed.Problem!, $"the result of '{DisplayName}'", Names.InMessage(type));
        return null;
    }

    private static (ReturnKind Kind, ITypeSymbol? Type) Classify(ITypeSymbol type)
    {
        if (type.SpecialType == SpecialType.System_Void) return (ReturnKind.Void, null);
        if (type.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T) return (ReturnKind.Sequence, Argument(type));
        if (type.Is("System.Threading.Tasks.Task")) return (ReturnKind.Task, null);
        if (type.Is("System.Threading.Tasks.ValueTask")) return (ReturnKind.ValueTask, null);
        if (type.Is("System.Threading.Tasks.Task<TResult>")) return (ReturnKind.TaskOfResult, Argument(type));
        if (type.Is("System.Threading.Tasks.ValueTask<TResult>")) return (ReturnKind.ValueTaskOfResult, Argument(type));
        if (type.Is("System.Collections.Generic.IAsyncEnumerable<T>")) return (ReturnKind.AsyncSequence, Argument(type));
        return (ReturnKind.Result, type);
    }

    private static ITypeSymbol Argument(ITypeSymbol type) => ((INamedTypeSymbol)type).TypeArguments[0];

    internal static string TypeChain(INamedTypeSymbol type, string separator) =>
        type.ContainingType is { } outer ? TypeChain(outer, separator) + separator + type.Name : type.Name;

    internal static string? Obsolete(ISymbol symbol)
    {
        if (symbol.FindAttribute("System.ObsoleteAttribute") is not { } attribute) return null;
        const string name = "global::System.Obsolete";
        return attribute.ConstructorArguments is [{ Value: string message }, ..] ? $"{name}({Literals.Of(message)})" : name;
    }
}
