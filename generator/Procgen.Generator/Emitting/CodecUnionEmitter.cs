using System.Globalization;
using System.Linq;
using Procgen.Generator.Model;
using Procgen.Generator.Parsing;

namespace Procgen.Generator.Emitting;

/// <summary>A closed hierarchy: the tag of the value's own type, then the value as that.</summary>
internal static class CodecUnionEmitter
{
    public static void Emit(CodeWriter code, CodecModel codec, UnionCodec body)
    {
        using (CodecEmitter.Class(code, codec))
        {
            using (CodecEmitter.WriteMethod(code, codec)) EmitWrite(code, codec, body);
            code.Line();
            using (CodecEmitter.ReadMethod(code, codec)) EmitRead(code, body);
        }
    }

    private static void EmitWrite(CodeWriter code, CodecModel codec, UnionCodec body)
    {
        using (code.Block("switch (value)"))
        {
            code.Line("case null:");
            using (code.Indent()) code.Line("writer.WriteNullObject();\nbreak;");
            foreach (UnionCase item in body.Cases)
            {
                string test = item.Test.Length == 0 ? "" : " when " + string.Format(CultureInfo.InvariantCulture, item.Test, "item");
                code.Line($"case {item.Type.Name} item{test}:");
                using (code.Indent())
                {
                    code.Line($"writer.WriteUnionTag({item.Tag});");
                    code.Line(CodecEmitter.WriteStatement(item.Type, "item", "writer"));
                    code.Line("break;");
                }
            }

            code.Line("default:");
            using (code.Indent()) code.Line($"{CodecEmitter.Services}TypeGuard.NotListed(value, typeof({codec.Type.Name}));\nbreak;");
        }
    }

    private static void EmitRead(CodeWriter code, UnionCodec body)
    {
        code.Line("if (!reader.TryReadUnionTag(out ushort tag)) return null;");
        using (code.Block("switch (tag)"))
        {
            foreach (UnionCase item in body.Cases.OrderBy(static item => item.Tag))
                code.Line($"case {item.Tag}: return {CodecEmitter.ReadExpression(item.Type, "reader")};");
            code.Line($"default: throw {CodecEmitter.Services}TypeGuard.UnknownTag(tag, {Literals.Of(body.DisplayName)});");
        }
    }
}
