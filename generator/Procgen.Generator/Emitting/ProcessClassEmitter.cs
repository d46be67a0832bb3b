using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis.Text;
using Procgen.Generator.Model;

namespace Procgen.Generator.Emitting;

/// <summary>The generated part of a process class: the call that carries its state to the child and runs it there.</summary>
internal static class ProcessClassEmitter
{
    private const string Services = StubEmitter.Services;

    public static SourceText Emit(ProcessClassModel model)
    {
        CodeWriter code = CodeWriter.File();
        if (model.Namespace.Length != 0) code.Line($"namespace {model.Namespace};\n");
        Stack<CodeWriter.Scope> scopes = new();
        for (int i = 0; i < model.Declarations.Count; i++)
        {
            if (i == model.Declarations.Count - 1) code.Line(StubEmitter.GeneratedCode);
            scopes.Push(code.Block(model.Declarations[i]));
        }

        string call = CallName(model);
        string access = model.SeesInternals ? "protected internal" : "protected";
        code.Line("/// <inheritdoc/>");
        code.Line($"{access} override global::Procgen.ProcessCall CreateRunCall() =>");
        using (code.Indent())
        {
            code.Line($"""
                GetType() == typeof({model.TypeName})
                    ? new {call}(this)
                    : throw new global::System.InvalidOperationException($"{"{GetType().Name}"} derives from {model.DisplayName}: it needs [ProcessTarget] itself to run in a child process.");
                """);
        }

        code.Line();
        EmitCall(code, model, call, access);
        while (scopes.Count != 0) scopes.Pop().Dispose();
        return code.ToSourceText();
    }

    /// <summary>Where the class's target is found.</summary>
    public static IdCase Lookup(ProcessClassModel model) => new(model.Id, $"{model.TypeName}.{CallName(model)}.RunTarget");

    /// <summary>What is added to the user's class, under a name that is free there.</summary>
    private static string CallName(ProcessClassModel model) => CallNames.Free("RunCall", model.TakenNames);

    private static void EmitCall(CodeWriter code, ProcessClassModel model, string call, string access)
    {
        code.Line("[global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]");
        code.Line("[global::System.Obsolete] // so that it may name members whose use is an error");
        using (code.Block($"internal sealed class {call}({model.TypeName} process) : {Services}SyncCall(RunTarget)"))
        {
            EmitTarget(code, model, call);
            code.Line();
            code.Line("// No constructor runs in the child: what it set up is assigned, as far as it is public.");
            using (code.Block($"public static {call} Read(ref {Services}PayloadReader reader)"))
            {
                code.Line($"var process = ({model.TypeName})global::System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(typeof({model.TypeName}));");
                foreach (StateModel member in model.Members)
                {
                    string value = Expressions.Read(member.Type, member.TypeName, "reader");
                    code.Line(member.Accessor is { } accessor ? AccessorEmitter.Assign(accessor, "process", value) : $"{Access(member)} = {value};");
                }

                code.Line($"return new {call}(process);");
            }

            code.Line();
            using (code.Block($"{access} override void WriteArguments(ref {Services}PayloadWriter writer)"))
            {
                WriteEmitter.Emit(
                    code,
                    [.. model.Members.Select(member => (
                        member.Name.TrimStart('@'), member.Type.Shape, Expressions.Write(member.Type, member.TypeName, Access(member), "writer")))],
                    "member",
                    "error");
            }

            code.Line();
            using (code.Block($"{access} override void Invoke({Services}Invocation invocation)"))
            {
                code.Line("process.BecomeCurrent();");
                code.Line("process.Run();");
            }

            AccessorEmitter.Emit(code, model.Members.Select(static member => member.Accessor).OfType<AccessorModel>());
        }
    }

    private static string Access(StateModel member) => CodecObjectEmitter.Access(member.Name, member.DeclaredIn, "process");

    /// <summary>It stands in the call, so that making it does not run the static constructor of the user's class.</summary>
    private static void EmitTarget(CodeWriter code, ProcessClassModel model, string call)
    {
        List<string> arguments =
        [
            IdSwitchEmitter.Constant(model.Id),
            $"\"{model.DisplayName}.Run\"",
            $"typeof({model.TypeName})",
            "Read",
        ];
        arguments.AddRange(model.Throws.Select(CallEmitter.Throw));
        code.Line($"internal static readonly {Services}CallTarget RunTarget = new(");
        using (code.Indent()) code.Line(string.Join(",\n", arguments) + ");");
    }
}
