using Procgen.Generator.Model;

namespace Procgen.Generator.Emitting;

/// <summary>A struct that is its memory, with gaps between its fields: field by field over zeros.</summary>
internal static class CodecPaddedEmitter
{
    public static void Emit(CodeWriter code, CodecModel codec, PaddedCodec body)
    {
        using (code.Block($"internal sealed class {codec.ClassName} : {CodecEmitter.Services}UnmanagedCodec<{codec.Type.Name}>"))
        {
            code.Line($"public static new readonly {codec.ClassName} Instance = new {codec.ClassName}();\n");
            using (CodecEmitter.WriteMethod(code, codec))
            {
                code.Line($"ref {codec.Type.Name} slot = ref writer.Reserve<{codec.Type.Name}>();");
                foreach (string statement in body.Statements) code.Line(statement);
            }

            CodecAccessorEmitter.Emit(code, body.Accessors);
        }
    }
}
