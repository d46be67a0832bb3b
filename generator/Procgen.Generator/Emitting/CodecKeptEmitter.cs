using Procgen.Generator.Model;

namespace Procgen.Generator.Emitting;

/// <summary>A codec of the runtime over others, or one of the user's: made once.</summary>
internal static class CodecKeptEmitter
{
    public static void Emit(CodeWriter code, CodecModel codec, KeptCodec kept)
    {
        // The class that is made, where the expression says so: calls to it need no dispatch.
        int arguments = kept.Expression.IndexOf('(');
        string type = kept.Expression.StartsWith("new ", System.StringComparison.Ordinal)
            ? kept.Expression.Substring(4, arguments - 4)
            : $"{CodecEmitter.Services}Codec<{codec.Type.Name}>";
        using (code.Block($"internal static class {codec.ClassName}"))
            code.Line($"public static readonly {type} Instance = {kept.Expression};");
    }
}
