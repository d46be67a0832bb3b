using System.Collections.Generic;
using System.Linq;
using Procgen.Generator.Model;

namespace Procgen.Generator.Emitting;

/// <summary>Statements that write named values one after the other; a failure tells which one it was.</summary>
internal static class WriteEmitter
{
    /// <summary>The method by which a call writes its arguments.</summary>
    /// <param name="code">Where to write.</param>
    /// <param name="overriding">Access and <c>override</c>.</param>
    /// <param name="locals">The call's names and arguments.</param>
    public static void EmitMethod(CodeWriter code, string overriding, Locals locals)
    {
        using (code.Block($"{overriding} void WriteArguments(ref {StubEmitter.Services}PayloadWriter {locals.Writer})"))
        {
            Emit(
                code,
                [.. locals.Arguments.Select(argument => (argument.Parameter.Name.TrimStart('@'), argument.Shape, argument.Write(locals.Writer)))],
                locals.Current,
                locals.Error);
        }
    }

    /// <param name="code">Where to write.</param>
    /// <param name="values">Each value's name, shape and statement.</param>
    /// <param name="argument">A free name for what is being written.</param>
    /// <param name="error">A free name for the failure.</param>
    public static void Emit(CodeWriter code, IReadOnlyList<(string Name, TypeShape Shape, string Statement)> values, string argument, string error)
    {
        string[] failing = [.. values.Where(static value => CanFail(value.Shape)).Select(static value => value.Name)];
        if (failing.Length == 0)
        {
            foreach ((_, _, string statement) in values) code.Line(statement);
            return;
        }

        if (failing.Length > 1) code.Line($"string {argument} = \"{failing[0]}\";");
        using (code.Block("try"))
        {
            foreach ((string name, TypeShape shape, string statement) in values)
            {
                if (CanFail(shape) && name != failing[0]) code.Line($"{argument} = \"{name}\";");
                code.Line(statement);
            }
        }

        string culprit = failing.Length > 1 ? argument : $"\"{failing[0]}\"";
        using (code.Block($"catch (global::Procgen.ProcessSerializationException {error}) when ({StubEmitter.Services}MemberPath.Note({error}, {culprit}))"))
            code.Line("throw;");
    }

    private static bool CanFail(TypeShape shape) => shape is not (TypeShape.Unmanaged or TypeShape.UnmanagedNullable);
}
