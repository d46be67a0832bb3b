using System;
using System.Text;
using Microsoft.CodeAnalysis.Text;
using Procgen.Generator.Model;

namespace Procgen.Generator.Emitting;

/// <summary>The code that writes and reads values: expressions for one place, and the classes that hold what a type takes.</summary>
internal static class CodecEmitter
{
    public const string Services = StubEmitter.Services;

    public static string WriteStatement(TypeModel type, string value, string writer) => type.Shape switch
    {
        TypeShape.Unmanaged => $"{writer}.WriteUnmanaged({value});",
        TypeShape.UnmanagedNullable => $"{writer}.WriteNullable({value});",
        TypeShape.String => $"{writer}.WriteString({value});",
        TypeShape.Handle => $"{writer}.WriteHandle({value});",
        _ => $"{type.Codec}.Write(ref {writer}, {value});",
    };

    public static string ReadExpression(TypeModel type, string reader) => type.Shape switch
    {
        TypeShape.Unmanaged => $"{reader}.ReadUnmanaged<{type.Name}>()",
        TypeShape.UnmanagedNullable => $"{reader}.ReadNullable<{type.Name.TrimEnd('?')}>()",
        TypeShape.String => $"{reader}.ReadString()!",
        TypeShape.Handle => $"{reader}.ReadHandle<{type.Name}>()!",
        _ => $"{type.Codec}.Read(ref {reader})",
    };

    public static string CodecExpression(TypeModel type) => type.Codec;

    public static SourceText EmitCodec(CodecModel codec)
    {
        CodeWriter code = CodeWriter.File();
        // Codecs know nothing of annotations: what may be null is for the declarations to say.
        code.Line("#nullable disable warnings\n");
        code.Line($"namespace {codec.Namespace};\n");
        code.Line(StubEmitter.GeneratedCode);
        code.Line("[global::System.Obsolete] // so that it may name types whose use is an error");
        switch (codec.Body)
        {
            case KeptCodec kept:
                CodecKeptEmitter.Emit(code, codec, kept);
                break;
            case OwnCollectionCodec collection:
                CodecCollectionEmitter.Emit(code, codec, collection);
                break;
            case MemoryCodec memory:
                CodecMemoryEmitter.Emit(code, codec, memory);
                break;
            case MemoryPackCodec memoryPack:
                CodecMemoryPackEmitter.Emit(code, codec, memoryPack);
                break;
            case UnionCodec union:
                CodecUnionEmitter.Emit(code, codec, union);
                break;
            case ObjectCodec { Kind: ObjectKind.Shared } shared:
                CodecSharedEmitter.Emit(code, codec, shared);
                break;
            case ObjectCodec plain:
                CodecObjectEmitter.Emit(code, codec, plain);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(codec), codec.Body, null);
        }

        // Codecs of one assembly share a namespace.
        return SourceText.From(code.ToString().Replace($"global::{codec.Namespace}.", ""), Encoding.UTF8);
    }

    /// <summary>The codec's class with its one instance.</summary>
    public static CodeWriter.Scope Class(CodeWriter code, CodecModel codec)
    {
        CodeWriter.Scope scope = code.Block($"internal sealed class {codec.ClassName} : {Services}Codec<{codec.Type.Name}>");
        code.Line($"public static readonly {codec.ClassName} Instance = new {codec.ClassName}();\n");
        return scope;
    }

    public static CodeWriter.Scope WriteMethod(CodeWriter code, CodecModel codec) =>
        code.Block($"public override void Write(ref {Services}PayloadWriter writer, {codec.Type.Name} value)");

    public static CodeWriter.Scope ReadMethod(CodeWriter code, CodecModel codec) =>
        code.Block($"public override {codec.Type.Name} Read(ref {Services}PayloadReader reader)");
}
