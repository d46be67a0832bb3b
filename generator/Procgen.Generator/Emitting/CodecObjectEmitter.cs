using System.Collections.Generic;
using System.Linq;
using Procgen.Generator.Model;
using Procgen.Generator.Parsing;

namespace Procgen.Generator.Emitting;

/// <summary>An object, a struct or a tuple, member by member.</summary>
internal static class CodecObjectEmitter
{
    private const string Services = CodecEmitter.Services;

    public static void Emit(CodeWriter code, CodecModel codec, ObjectCodec body)
    {
        using (CodecEmitter.Class(code, codec))
        {
            if (body.Members.Count > 0)
                code.Line($"private static readonly string[] Members = [{string.Join(", ", body.Members.Select(static member => Literals.Of(member.Label)))}];\n");
            using (CodecEmitter.WriteMethod(code, codec)) EmitWrite(code, body);
            code.Line();
            using (CodecEmitter.ReadMethod(code, codec)) EmitRead(code, codec, body);
            AccessorEmitter.Emit(code, body.Construction.Accessors);
        }
    }

    /// <summary>How a member of <paramref name="value"/> is read.</summary>
    public static string Access(MemberModel member, string value) => Access(member.Name, member.DeclaredIn, value);

    /// <summary>The same of its name and the base type to see it through, if any.</summary>
    public static string Access(string name, string declaredIn, string value) => declaredIn.Length == 0 ? $"{value}.{name}" : $"(({declaredIn}){value}).{name}";

    private static void EmitWrite(CodeWriter code, ObjectCodec body)
    {
        if (body.Kind == ObjectKind.Class) EmitGuards(code, body);
        if (body.Kind != ObjectKind.Tuple) code.Line($"writer.BeginObject({body.Members.Count});");
        // The memory of a value without references can always be written: only what follows the first other member needs to be told apart.
        if (body.Members.All(static member => member.Type.IsMemory))
        {
            foreach (MemberModel member in body.Members) code.Line(CodecEmitter.WriteStatement(member.Type, Access(member, "value"), "writer"));
        }
        else
        {
            code.Line("int member = 0;");
            using (code.Block("try"))
            {
                for (int i = 0; i < body.Members.Count; i++)
                {
                    if (i > 0 && !body.Members[i].Type.IsMemory) code.Line($"member = {i};");
                    code.Line(CodecEmitter.WriteStatement(body.Members[i].Type, Access(body.Members[i], "value"), "writer"));
                }
            }

            EmitCatch(code);
            if (body.Kind != ObjectKind.Tuple) code.Line();
        }

        if (body.Kind != ObjectKind.Tuple) code.Line("writer.EndObject();");
    }

    /// <summary>Null, and nothing more derived than declared.</summary>
    public static void EmitGuards(CodeWriter code, ObjectCodec body)
    {
        using (code.Block("if (value is null)")) code.Line("writer.WriteNullObject();\nreturn;");
        code.Line();
        if (body.IsOpen) code.Line($"{Services}TypeGuard.Exact(value);");
    }

    /// <summary>Notes which member was being written; catches nothing.</summary>
    public static void EmitCatch(CodeWriter code)
    {
        using (code.Block($"catch (global::Procgen.ProcessSerializationException error) when ({Services}MemberPath.Note(error, Members, member))")) code.Line("throw;");
    }

    private static void EmitRead(CodeWriter code, CodecModel codec, ObjectCodec body)
    {
        string name = Literals.Of(body.DisplayName);
        string[] locals = Locals(body);
        bool isCounted = body.Kind != ObjectKind.Tuple;
        if (body.Kind == ObjectKind.Class) code.Line($"if (!reader.TryBeginObject(out int count, {body.Members.Count}, {name})) return null;");
        else if (isCounted) code.Line($"int count = reader.BeginStruct({body.Members.Count}, {name});");

        for (int i = 0; i < body.Members.Count; i++)
        {
            if (body.Members[i].Setting != MemberSetting.None) code.Line($"{body.Members[i].Type.Name} {locals[i]} = default;");
        }

        if (body.Members.Count > 0) code.Line("int member = 0;");
        using (code.Block("try"))
        {
            for (int i = 0; i < body.Members.Count; i++)
            {
                string read = CodecEmitter.ReadExpression(body.Members[i].Type, "reader");
                string target = body.Members[i].Setting == MemberSetting.None ? "_" : locals[i];
                if (i > 0) code.Line($"member = {i};");
                code.Line($"{(isCounted ? $"if (count > {i}) " : "")}{target} = {read};");
            }

            if (body.Members.Count > 0) code.Line($"member = {body.Members.Count};");
            if (isCounted) code.Line("reader.EndObject();");
            EmitConstruction(code, codec, body, locals);
        }

        string note = body.Members.Count > 0 ? $"{Services}MemberPath.NoteOrCatch(error, Members, member)" : "error is not global::Procgen.ProcgenException";
        using (code.Block($"catch (global::System.Exception error) when ({note})")) code.Line($"throw {Services}MemberPath.Refused(error, {name});");
    }

    private static void EmitConstruction(CodeWriter code, CodecModel codec, ObjectCodec body, string[] locals)
    {
        if (body.Kind == ObjectKind.Tuple)
        {
            string items = string.Join(", ", locals);
            code.Line(body.Members.Count > 1 ? $"return ({items});" : $"return new {codec.Type.Name}({items});");
            return;
        }

        ConstructionModel construction = body.Construction;
        string arguments = string.Join(", ", construction.Arguments.Select(argument => $"{argument.Parameter}: {(argument.Member < 0 ? "default" : locals[argument.Member])}"));
        string[] initializers =
        [
            .. Enumerable.Range(0, body.Members.Count)
                .Where(i => body.Members[i].Setting is MemberSetting.Initializer or MemberSetting.ConstructorAndInitializer)
                .Select(i => $"{body.Members[i].Name} = {locals[i]},"),
            .. construction.Defaulted.Select(static name => $"{name} = default,"),
        ];
        bool isFinished = body.Members.All(static member => member.Setting is not (MemberSetting.Assignment or MemberSetting.Accessor));
        string start = $"{(isFinished ? "return" : $"{codec.Type.Name} made =")} new {codec.Type.Name}({arguments})";
        if (initializers.Length == 0)
        {
            code.Line(start + ";");
        }
        else
        {
            using (code.Block(start, "};"))
            {
                foreach (string initializer in initializers) code.Line(initializer);
            }
        }

        if (isFinished) return;
        for (int i = 0; i < body.Members.Count; i++)
        {
            if (body.Members[i].Setting is MemberSetting.Assignment or MemberSetting.Accessor)
                code.Line(AccessorEmitter.Assign(body, i, "made", locals[i]));
        }

        code.Line("return made;");
    }

    /// <summary>A local for what is read of each member: <c>readName</c>.</summary>
    private static string[] Locals(ObjectCodec body)
    {
        HashSet<string> taken = ["reader"];
        return [.. body.Members.Select((member, i) => "read" + member.Label is var name && taken.Add(name) ? name : $"{name}{i}")];
    }
}
