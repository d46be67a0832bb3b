// The seam between the pipeline of targets and the codec.
//
// TypeParser.Parse(type | parameter, compilation, cancellationToken) → ParsedType, inside a transform or the analyzer:
//     either Type, with Codecs = every codec that must be emitted for it (its own and those of everything it reaches)
//     and HandleArguments = the types that handles in it name (ProcessQueue<T>'s T), whose codecs are to be registered,
//     or Problem = the member path and why it cannot cross. ParsedType and TypeProblem may hold symbols; they do not
//     leave the transform. TypeModel and CodecModel are plain equatable values and do.
// CodecEmitter, over those values only:
//     WriteStatement(type, value, writer)   one statement, with its semicolon, that appends `value` to the PayloadWriter
//                                           variable `writer`
//     ReadExpression(type, reader)          one expression of exactly that type (a possible null is written with `!`,
//                                           so that it fits annotated and unannotated places alike)
//     CodecExpression(type)                 one expression of type Codec<T>, cheap to evaluate more than once
//     EmitCodec(codec)                      the text of the one file CodecModel.HintName
// The pipeline takes the CodecModels of all targets and handle type arguments, makes them distinct by value and emits a
// file for each, so equal HintName must mean an equal model, also when letter case is ignored.

namespace Procgen.Generator.Model;

/// <summary>How values of a type are written.</summary>
internal enum TypeShape
{
    /// <summary>By the codec that <see cref="TypeModel.Codec"/> names.</summary>
    Codec,

    /// <summary>As its memory: it contains no references.</summary>
    Unmanaged,

    /// <summary>A <c>Nullable</c> of what is its memory.</summary>
    UnmanagedNullable,

    /// <summary>A string.</summary>
    String,

    /// <summary>A queue, a lock, a call.</summary>
    Handle,
}

/// <summary>A type that can cross, as one place uses it.</summary>
/// <param name="Name">Fully qualified, with <c>global::</c>, without annotations of reference types and names of tuple elements.</param>
/// <param name="Shape">How it is written.</param>
/// <param name="Codec">An expression of its codec, cheap to evaluate.</param>
/// <param name="IsMemory">Whether values are their memory, so that many of them are one block.</param>
/// <param name="IsBuiltIn">Whether <c>Codecs.Get</c> knows it without registration.</param>
internal sealed record TypeModel(string Name, TypeShape Shape, string Codec, bool IsMemory = false, bool IsBuiltIn = false);
