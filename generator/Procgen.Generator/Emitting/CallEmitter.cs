using System;
using System.Collections.Generic;
using System.Linq;
using Procgen.Generator.Model;

namespace Procgen.Generator.Emitting;

/// <summary>The class whose instances are a target's calls, with the target.</summary>
internal static class CallEmitter
{
    private const string Services = StubEmitter.Services;

    public static void Emit(CodeWriter code, TargetModel target, CallNames names, string stub)
    {
        Locals locals = new(target.Parameters, names.Call, names.Target);
        string parameters = string.Join(", ", locals.Arguments.SelectMany(static argument => argument.ConstructorParameters));
        // So that it may name a target whose use is an error.
        if (target.Obsolete is not null) code.Line("[global::System.Obsolete]");
        using (code.Block($"private sealed class {names.Call}({parameters}) : {Base(target.Return)}({names.Target})"))
        {
            // In the call's class: it is made when that call is first made or run, and not with all others.
            EmitTarget(code, target, names, stub);
            code.Line();
            WriteEmitter.EmitMethod(code, Override(target), locals);
            if (locals.Arguments.Any(static argument => argument.IsProgress)) EmitProgress(code, target, locals);
            code.Line();
            EmitInvoke(code, target, locals);
            code.Line();

            // No lambda: every worker would compile the two constructors of the class that holds it.
            code.Line($"public static {names.Call} Read(ref {Services}PayloadReader reader) => new({string.Join(", ", Locals.ReadExpressions(target.Parameters, "reader"))});");
            if (RunsAtOnce(target)) EmitRun(code, target, locals);
            if (target.HasDelegate) EmitMethod(code, target);
        }
    }

    /// <summary>An exception type and how the caller makes one.</summary>
    public static string Throw(ThrowModel thrown) =>
        $"new {Services}RemoteThrow(typeof({thrown.TypeName}), static (message, inner) => {thrown.Create})";

    private static void EmitTarget(CodeWriter code, TargetModel target, CallNames names, string stub)
    {
        ReturnModel result = target.Return;
        string type = result.TypeName is null ? "CallTarget" : $"{(IsStream(result) ? "StreamTarget" : "CallTarget")}<{result.TypeName}>";
        List<string> arguments =
        [
            IdSwitchEmitter.Constant(target.Id),
            $"\"{target.DisplayName}\"",
            $"typeof({stub})",
            $"{names.Call}.Read",
        ];
        if (result.Type is { } crossing) arguments.Add(Expressions.Codec(crossing, result.TypeName!));
        arguments.AddRange(target.Throws.Select(Throw));

        code.Line($"public static readonly {Services}{type} {names.Target} = new(");
        List<string> rest = [];
        if (RunsAtOnce(target)) rest.Add($"Run = {names.Call}.Run");
        if (target.HasDelegate) rest.Add($"Method = {names.Call}.Method");
        if (HasProgress(target)) rest.Add("HasProgress = true");
        string set = rest.Count == 0 ? "" : $" {{ {string.Join(", ", rest)} }}";
        using (code.Indent()) code.Line($"{string.Join(",\n", arguments)}){set};");
    }

    /// <summary>The target itself, for whoever gets ready for calls of it.</summary>
    private static void EmitMethod(CodeWriter code, TargetModel target)
    {
        List<string> types = [.. target.Parameters.Select(static parameter => parameter.TypeName)];
        if (target.Return.MethodType is { } returned) types.Add(returned);
        string type = target.Return.MethodType is null ? "Action" : "Func";
        string arguments = types.Count == 0 ? "" : $"<{string.Join(", ", types)}>";
        code.Line();
        code.Line($"public static global::System.Delegate Method() => (global::System.{type}{arguments}){target.Method};");
    }

    /// <summary>The whole call, from the bytes of its arguments to those of its result: nobody needs the object in between.</summary>
    private static void EmitRun(CodeWriter code, TargetModel target, Locals locals)
    {
        ReturnModel result = target.Return;
        string call = result.Given($"{target.Method}({string.Join(", ", locals.ReadArguments(target.Parameters))})");
        if (result.Type is { } crossing)
            call = $"{CodecEmitter.CodecExpression(crossing)}.Write(ref {locals.Writer}, {Expressions.Given(crossing, result.TypeName!, call)})";
        code.Line();
        code.Line($"public static void Run(ref {Services}PayloadReader {locals.Reader}, {Services}Invocation {locals.Invocation}, ref {Services}PayloadWriter {locals.Writer}) =>");
        using (code.Indent()) code.Line(call + ";");
    }

    private static void EmitProgress(CodeWriter code, TargetModel target, Locals locals)
    {
        code.Line();
        using (code.Block($"{Override(target)} void ReportProgress(int {locals.Index}, ref {Services}PayloadReader {locals.Reader})"))
        using (code.Block($"switch ({locals.Index})"))
        {
            int index = 0;
            foreach (Argument argument in locals.Arguments.Where(static argument => argument.IsProgress))
            {
                code.Line($"case {index++}:");
                using (code.Indent())
                {
                    code.Line($"{argument.Name}?.Report({Expressions.Read(argument.Parameter.Type!, argument.Parameter.Progress!, locals.Reader)});");
                    code.Line("break;");
                }
            }
        }
    }

    private static void EmitInvoke(CodeWriter code, TargetModel target, Locals locals)
    {
        string call = target.Return.Given($"{target.Method}({string.Join(", ", locals.CallArguments(target.Parameters, $"{locals.Invocation}.CancellationToken"))})");
        (string method, string expression) = target.Return switch
        {
            { Kind: ReturnKind.Void } => ("void Invoke", call),
            { Kind: ReturnKind.Task } => ("global::System.Threading.Tasks.ValueTask InvokeAsync", $"new({call})"),
            { Kind: ReturnKind.ValueTask } => ("global::System.Threading.Tasks.ValueTask InvokeAsync", call),
            { Kind: ReturnKind.TaskOfResult, TypeName: var type } => ($"global::System.Threading.Tasks.ValueTask<{type}> InvokeAsync", $"new({call})"),
            { Kind: ReturnKind.ValueTaskOfResult, TypeName: var type } => ($"global::System.Threading.Tasks.ValueTask<{type}> InvokeAsync", call),
            { Kind: ReturnKind.Sequence, TypeName: var type } => ($"global::System.Collections.Generic.IEnumerable<{type}> Invoke", call),
            { Kind: ReturnKind.AsyncSequence, TypeName: var type } => ($"global::System.Collections.Generic.IAsyncEnumerable<{type}> Invoke", call),
            { TypeName: var type } => ($"{type} Invoke", call),
        };
        code.Line($"{Override(target)} {method}({Services}Invocation {locals.Invocation}) =>");
        using (code.Indent()) code.Line(expression + ";");
    }

    private static string Base(ReturnModel result) => Services + result.Kind switch
    {
        ReturnKind.Void => "SyncCall",
        ReturnKind.Task or ReturnKind.ValueTask => "AsyncCall",
        ReturnKind.Result => $"SyncCall<{result.TypeName}>",
        ReturnKind.TaskOfResult or ReturnKind.ValueTaskOfResult => $"AsyncCall<{result.TypeName}>",
        ReturnKind.Sequence => $"SyncStream<{result.TypeName}>",
        ReturnKind.AsyncSequence => $"AsyncStream<{result.TypeName}>",
        _ => throw new ArgumentOutOfRangeException(nameof(result)),
    };

    /// <summary>Whether the call is over when the method returns, and all it is given is in its arguments' bytes.</summary>
    private static bool RunsAtOnce(TargetModel target) => target.Return.Kind is ReturnKind.Void or ReturnKind.Result && !HasProgress(target);

    private static bool HasProgress(TargetModel target) => target.Parameters.Any(static parameter => parameter.Kind == ParameterKind.Progress);

    private static bool IsStream(ReturnModel result) => result.Kind is ReturnKind.Sequence or ReturnKind.AsyncSequence;

    private static string Override(TargetModel target) => target.SeesInternals ? "protected internal override" : "protected override";
}
