using System;
using Procgen.Generator.Model;

namespace Procgen.Generator.Emitting;

/// <summary>
/// The codec's expressions where the declared type has annotations, which codecs know nothing of: what crosses may be
/// null wherever its declaration says so.
/// </summary>
internal static class Expressions
{
    public static string Write(TypeModel type, string declared, string value, string writer) =>
        CodecEmitter.WriteStatement(type, Given(type, declared, value), writer);

    /// <summary>A value as its codec takes it.</summary>
    public static string Given(TypeModel type, string declared, string value) => IsAnnotated(type, declared) ? value + "!" : value;

    public static string Read(TypeModel type, string declared, string reader) =>
        Suppress(CodecEmitter.ReadExpression(type, reader), type, declared);

    public static string Codec(TypeModel type, string declared) =>
        Suppress(CodecEmitter.CodecExpression(type), type, declared);

    private static string Suppress(string expression, TypeModel type, string declared)
    {
        if (!IsAnnotated(type, declared) || expression.EndsWith("!", StringComparison.Ordinal)) return expression;
        return expression.StartsWith("new ", StringComparison.Ordinal) ? $"({expression})!" : expression + "!";
    }

    private static bool IsAnnotated(TypeModel type, string declared) => declared != type.Name;
}
