using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Procgen.Generator.Analysis;
using Procgen.Generator.Model;

namespace Procgen.Generator.Parsing;

/// <summary>What a method returns, and whether it can.</summary>
internal static class ReturnParser
{
    /// <param name="method">The method.</param>
    /// <param name="name">The method as messages name it.</param>
    /// <param name="sequencesAreStreams">Whether the items of an IEnumerable cross one by one, rather than as a collection.</param>
    /// <param name="compilation">The compilation.</param>
    /// <param name="findings">Takes what is wrong.</param>
    /// <param name="cancellationToken">Ends the parse.</param>
    public static ReturnModel? Parse(
        IMethodSymbol method, string name, bool sequencesAreStreams, Compilation compilation, ParseFindings findings, CancellationToken cancellationToken)
    {
        if (method.ReturnsByRef || method.ReturnsByRefReadonly)
        {
            findings.Report(Diagnostics.ReturnCannotCross, Place(method, cancellationToken), $"the result of '{name}'", Names.InMessage(method.ReturnType), "it is returned by reference");
            return null;
        }

        ITypeSymbol returned = ProxyTypes.Resolve(method.ReturnType, compilation, cancellationToken);
        (ReturnKind kind, ITypeSymbol? type) = Classify(returned, sequencesAreStreams);
        bool mayBeMissing = kind is not ReturnKind.Result && returned.NullableAnnotation == NullableAnnotation.Annotated;
        if (type is null) return new ReturnModel(kind, MayBeMissing: mayBeMissing);
        if (type.TypeKind == TypeKind.Error && !ProxyTypes.IsProxy(type, compilation, cancellationToken)) return findings.Refuse<ReturnModel>();
        ParsedType parsed = TypeParser.Parse(type, compilation, cancellationToken);
        if (parsed.Type is { } model)
        {
            findings.Add(parsed);
            return new ReturnModel(kind, Names.InSignature(type), model, mayBeMissing);
        }

        findings.Report(Diagnostics.ReturnCannotCross, Place(method, cancellationToken), parsed.Problem!, $"the result of '{name}'", Names.InMessage(type));
        return null;
    }

    /// <summary>Where the return type stands in source.</summary>
    public static Location Place(IMethodSymbol method, CancellationToken cancellationToken) =>
        method.DeclaringSyntaxReferences is [var reference, ..] && reference.GetSyntax(cancellationToken) is MethodDeclarationSyntax { ReturnType: var type }
            ? type.GetLocation()
            : method.Place();

    private static (ReturnKind Kind, ITypeSymbol? Type) Classify(ITypeSymbol type, bool sequencesAreStreams)
    {
        if (type.SpecialType == SpecialType.System_Void) return (ReturnKind.Void, null);
        if (sequencesAreStreams && type.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T) return (ReturnKind.Sequence, Argument(type));
        if (type.Is("System.Threading.Tasks.Task")) return (ReturnKind.Task, null);
        if (type.Is("System.Threading.Tasks.ValueTask")) return (ReturnKind.ValueTask, null);
        if (type.Is("System.Threading.Tasks.Task<TResult>")) return (ReturnKind.TaskOfResult, Argument(type));
        if (type.Is("System.Threading.Tasks.ValueTask<TResult>")) return (ReturnKind.ValueTaskOfResult, Argument(type));
        if (type.Is("System.Collections.Generic.IAsyncEnumerable<T>")) return (ReturnKind.AsyncSequence, Argument(type));
        return (ReturnKind.Result, type);
    }

    private static ITypeSymbol Argument(ITypeSymbol type) => ((INamedTypeSymbol)type).TypeArguments[0];
}
