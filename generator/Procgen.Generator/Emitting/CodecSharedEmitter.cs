using System.Linq;
using Procgen.Generator.Model;
using Procgen.Generator.Parsing;

namespace Procgen.Generator.Emitting;

/// <summary>A class whose objects keep their identity: each is written once, and is there before its members are read.</summary>
internal static class CodecSharedEmitter
{
    private const string Services = CodecEmitter.Services;

    public static void Emit(CodeWriter code, CodecModel codec, ObjectCodec body)
    {
        using (CodecEmitter.Class(code, codec))
        {
            code.Line($"private static readonly string[] Members = [{string.Join(", ", body.Members.Select(static member => Literals.Of(member.Label)))}];\n");
            using (CodecEmitter.WriteMethod(code, codec)) EmitWrite(code, body);
            code.Line();
            using (CodecEmitter.ReadMethod(code, codec)) EmitRead(code, codec, body);
            AccessorEmitter.Emit(code, body.Construction.Accessors);
        }
    }

    private static void EmitWrite(CodeWriter code, ObjectCodec body)
    {
        CodecObjectEmitter.EmitGuards(code, body);
        code.Line("if (writer.TryWriteReference(value, out uint id)) return;");
        code.Line($"{Services}PayloadWriter members = writer.BeginMembers();");
        code.Line("int member = 0;");
        using (code.Block("try"))
        {
            for (int i = 0; i < body.Members.Count; i++)
            {
                if (i > 0) code.Line($"member = {i};");
                code.Line(CodecEmitter.WriteStatement(body.Members[i].Type, CodecObjectEmitter.Access(body.Members[i], "value"), "members"));
                code.Line("members.EndMember();");
            }
        }

        CodecObjectEmitter.EmitCatch(code);
        code.Line();
        code.Line("writer.WriteMembers(id, ref members);");
    }

    private static void EmitRead(CodeWriter code, CodecModel codec, ObjectCodec body)
    {
        string name = Literals.Of(body.DisplayName);
        string defaulted = string.Join(", ", body.Construction.Defaulted.Select(static member => $"{member} = default"));
        code.Line($"if (!reader.TryBeginShared(out {codec.Type.Name} made, out int count, out int end, {body.Members.Count}, {name})) return null;");
        code.Line("if (made is not null) return made;");
        code.Line("int member = 0;");
        using (code.Block("try"))
        {
            code.Line($"made = new {codec.Type.Name}(){(defaulted.Length == 0 ? "" : $" {{ {defaulted} }}")};");
            code.Line("reader.Share(made);");
            for (int i = 0; i < body.Members.Count; i++)
            {
                MemberModel member = body.Members[i];
                string read = CodecEmitter.ReadExpression(member.Type, "reader");
                if (i > 0) code.Line($"member = {i};");
                code.Line($"if (count > {i}) {(member.Setting == MemberSetting.None ? $"_ = {read};" : AccessorEmitter.Assign(body, i, "made", read))}");
            }

            code.Line($"member = {body.Members.Count};");
            code.Line("reader.EndShared(end);");
            code.Line("return made;");
        }

        using (code.Block($"catch (global::System.Exception error) when ({Services}MemberPath.NoteOrCatch(error, Members, member))"))
            code.Line($"throw {Services}MemberPath.Refused(error, {name});");
    }
}
