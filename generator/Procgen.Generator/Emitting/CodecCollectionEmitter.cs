using System.Linq;
using Procgen.Generator.Model;

namespace Procgen.Generator.Emitting;

/// <summary>
/// A collection of the user's own. It may hold itself, in whatever its elements are made of, so that the codec over those
/// is made at the first use: by then all that it is made of can be.
/// </summary>
internal static class CodecCollectionEmitter
{
    public static void Emit(CodeWriter code, CodecModel codec, OwnCollectionCodec body)
    {
        string type = codec.Type.Name;
        string element = body.Element.Name;
        string made = $"{CodecEmitter.Services}CollectionCodec<{type}, {element}>";
        using (CodecEmitter.Class(code, codec))
        {
            code.Line("public override int MinimumSize => sizeof(int);\n");
            using (CodecEmitter.WriteMethod(code, codec)) code.Line("Elements.Codec.Write(ref writer, value);");
            code.Line();
            using (CodecEmitter.ReadMethod(code, codec)) code.Line("return Elements.Codec.Read(ref reader);");
            code.Line();
            using (code.Block($"private static {type} Build(global::System.ReadOnlySpan<{element}> items)"))
            {
                string defaulted = string.Join(", ", body.Defaulted.Select(static member => $"{member} = default"));
                code.Line($"{type} made = new {type}(){(defaulted.Length == 0 ? "" : $" {{ {defaulted} }}")};");
                code.Line($"global::System.Collections.Generic.ICollection<{element}> filled = made;");
                // Not foreach, which takes C# 13 where a span's enumerator has interfaces.
                code.Line("for (int i = 0; i < items.Length; i++) filled.Add(items[i]);");
                code.Line("return made;");
            }

            code.Line();
            using (code.Block("private static class Elements"))
                code.Line($"public static readonly {made} Codec = new {made}({body.Element.Codec}, Build);");
        }
    }
}
