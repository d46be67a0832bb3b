using Procgen.Generator.Model;

namespace Procgen.Generator.Emitting;

/// <summary>A struct that is its memory: written field by field over zeros where there are gaps, and its bools made known where it has any.</summary>
internal static class CodecMemoryEmitter
{
    public static void Emit(CodeWriter code, CodecModel codec, MemoryCodec body)
    {
        using (code.Block($"internal sealed class {codec.ClassName} : {CodecEmitter.Services}UnmanagedCodec<{codec.Type.Name}>"))
        {
            code.Line($"public static new readonly {codec.ClassName} Instance = new {codec.ClassName}();");
            if (body.Flags.Count > 0)
            {
                code.Line();
                EmitFlags(code, codec, body);
            }

            if (body.Writing.Count > 0)
            {
                code.Line();
                using (CodecEmitter.WriteMethod(code, codec))
                {
                    code.Line($"ref {codec.Type.Name} slot = ref writer.Reserve<{codec.Type.Name}>();");
                    foreach (string statement in body.Writing) code.Line(statement);
                }
            }

            AccessorEmitter.Emit(code, body.Accessors);
        }
    }

    private static void EmitFlags(CodeWriter code, CodecModel codec, MemoryCodec body)
    {
        code.Line($"private {codec.ClassName}() : base(Bools())\n{{\n}}\n");
        using (code.Block("private static int[] Bools()"))
        {
            code.Line("global::System.Collections.Generic.List<int> flags = new();");
            code.Line($"{codec.Type.Name} value = default;");
            code.Line($"ref {codec.Type.Name} slot = ref value;");
            foreach (string statement in body.Flags) code.Line(statement);
            code.Line("return flags.ToArray();");
        }
    }
}
