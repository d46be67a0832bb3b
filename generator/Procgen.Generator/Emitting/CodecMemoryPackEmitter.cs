using Procgen.Generator.Model;

namespace Procgen.Generator.Emitting;

/// <summary>A type marked [MemoryPackable]: the format is the same, so MemoryPack's own formatter writes it in place.</summary>
internal static class CodecMemoryPackEmitter
{
    private const string Serializer = "global::MemoryPack.MemoryPackSerializer";

    public static void Emit(CodeWriter code, CodecModel codec, MemoryPackCodec body)
    {
        string type = codec.Type.Name;
        using (CodecEmitter.Class(code, codec))
        {
            using (CodecEmitter.WriteMethod(code, codec))
                Guarded(code, body, $"{Serializer}.Serialize<{type}, global::System.Buffers.IBufferWriter<byte>>(writer.Foreign(), value);");
            code.Line();
            using (CodecEmitter.ReadMethod(code, codec))
            {
                Guarded(
                    code,
                    body,
                    $"""
                    {type} value = default;
                    reader.Skip({Serializer}.Deserialize<{type}>(reader.Unread, ref value));
                    return value;
                    """);
            }
        }
    }

    private static void Guarded(CodeWriter code, MemoryPackCodec body, string statements)
    {
        using (code.Block("try")) code.Line(statements);
        using (code.Block("catch (global::System.Exception error) when (error is not global::Procgen.ProcgenException)"))
            code.Line($"throw {CodecEmitter.Services}MemberPath.Refused(error, {Parsing.Literals.Of(body.DisplayName)});");
    }
}
