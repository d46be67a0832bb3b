using Microsoft.CodeAnalysis;
using Procgen.Generator.Model;

namespace Procgen.Generator.Parsing;

/// <summary>A type that can cross with the codecs to emit for it, or the reason why it cannot. Stays inside the transform.</summary>
internal sealed class ParsedType
{
    public ParsedType(TypeModel type, EquatableArray<CodecModel> codecs, EquatableArray<RegisteredType> handleArguments)
    {
        Type = type;
        Codecs = codecs;
        HandleArguments = handleArguments;
    }

    public ParsedType(TypeProblem problem) => Problem = problem;

    public TypeModel? Type { get; }

    public TypeProblem? Problem { get; }

    public EquatableArray<CodecModel> Codecs { get; }

    /// <summary>What the handles in it name: their codecs are to be registered.</summary>
    public EquatableArray<RegisteredType> HandleArguments { get; }
}

/// <summary>Why a type cannot cross. Stays inside the transform.</summary>
/// <param name="path">From the type down to the member at fault: <c>Job.Owner.Stream</c>.</param>
/// <param name="message">The path and what is wrong there: <c>Job.Owner.Stream is a System.IO.Stream</c>.</param>
internal sealed class TypeProblem(string path, string message)
{
    public string Path { get; } = path;

    public string Message { get; } = message;

    /// <summary>The member at fault, which could be left out by [ProcessIgnore].</summary>
    public ISymbol? Member { get; init; }

    /// <summary>The abstract class or interface that lacks a [ProcessUnion].</summary>
    public INamedTypeSymbol? OpenBase { get; init; }

    /// <summary>It is a ProcessPool or ChildProcess, which has a message of its own.</summary>
    public bool IsProcess { get; init; }
}
