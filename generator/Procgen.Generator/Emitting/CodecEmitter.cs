using System;
using Procgen.Generator.Model;

namespace Procgen.Generator.Emitting;

/// <summary>The code that writes and reads values.</summary>
internal static class CodecEmitter
{
    public static string WriteStatement(TypeModel type, string value, string writer) => type.Shape switch
    {
        TypeShape.String => $"{writer}.WriteString({value});",
        TypeShape.Handle => $"{writer}.WriteHandle({value});",
        TypeShape.BuiltIn => $"global::Procgen.CompilerServices.Codecs.Get<{type.Name}>().Write(ref {writer}, {value});",
        _ => $"{writer}.WriteUnmanaged({value});",
    };

    public static string ReadExpression(TypeModel type, string reader) => type.Shape switch
    {
        TypeShape.String => $"{reader}.ReadString()!",
        TypeShape.Handle => $"{reader}.ReadHandle<{type.Name}>()!",
        TypeShape.BuiltIn => $"global::Procgen.CompilerServices.Codecs.Get<{type.Name}>().Read(ref {reader})",
        _ => $"{reader}.ReadUnmanaged<{type.Name}>()",
    };

    public static string CodecExpression(TypeModel type) => type.Shape switch
    {
        TypeShape.String => "global::Procgen.CompilerServices.StringCodec.Instance",
        TypeShape.Handle or TypeShape.BuiltIn => $"global::Procgen.CompilerServices.Codecs.Get<{type.Name}>()",
        _ => $"global::Procgen.CompilerServices.UnmanagedCodec<{type.Name}>.Instance",
    };

    public static string? RegisterStatement(TypeModel type) => null;

    public static string EmitCodec(CodecModel codec) => throw new NotSupportedException(codec.HintName);
}
