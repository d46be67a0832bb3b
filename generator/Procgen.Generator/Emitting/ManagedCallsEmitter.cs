using System;
using System.Collections.Generic;
using System.Linq;
using Procgen.Generator.Model;

namespace Procgen.Generator.Emitting;

/// <summary>The calls of a managed class: each member as it is registered, and the class whose instances are calls of it.</summary>
internal static class ManagedCallsEmitter
{
    private const string Services = StubEmitter.Services;
    private const string Tasks = "global::System.Threading.Tasks.";

    public static void Emit(CodeWriter code, ManagedClassModel model, ManagedNames names)
    {
        // So that they may name members whose use is an error.
        if (model.Constructors.Concat(model.Members).Any(static member => member.IsObsolete)) code.Line("[global::System.Obsolete]");
        using (code.Block($"private static class {names.Calls}"))
        {
            List<string> constructors = [];
            List<string> members = [];
            foreach (ManagedMethodModel constructor in model.Constructors)
            {
                constructors.Add(names.Stem(constructor) + "Member");
                EmitConstructor(code, model, names.Stem(constructor), constructor);
            }

            foreach (ManagedMemberModel member in model.Members.Where(names.IsCalled)) members.AddRange(EmitMember(code, model, names.Stem(member), member));

            code.Line($"public static readonly {Services}ManagedType ObjectType = new(");
            using (code.Indent())
            {
                code.Line($"{IdSwitchEmitter.Constant(model.Id)},");
                code.Line($"\"{model.DisplayName}\",");
                code.Line($"typeof({model.Proxy.Name}),");
                code.Line($"{(model.IsSerialized ? "true" : "false")},");
                code.Line($"[{string.Join(", ", constructors)}],");
                code.Line($"[{string.Join(", ", members)}]);");
            }
        }
    }

    /// <summary>The names of what is registered for it.</summary>
    private static List<string> EmitMember(CodeWriter code, ManagedClassModel model, string stem, ManagedMemberModel member)
    {
        switch (member)
        {
            case ManagedMethodModel method:
                EmitMethod(code, model, stem, method);
                return [stem + "Member"];
            case ManagedEventModel raised:
                EmitEvent(code, model, stem, raised);
                return [stem + "Member"];
            case ManagedPropertyModel property:
                List<string> accessors = [];
                if (property.Getter is not null) accessors.Add(EmitGetter(code, model, "Get" + stem, property));
                if (property.Setter is not null) accessors.Add(EmitSetter(code, model, "Set" + stem, property));
                return accessors;
            default:
                throw new ArgumentOutOfRangeException(nameof(member), member, null);
        }
    }

    private static void EmitConstructor(CodeWriter code, ManagedClassModel model, string stem, ManagedMethodModel constructor)
    {
        Locals locals = Start(code, model, stem, "new", constructor.Parameters);
        using (Class(code, stem, locals, "ManagedCreation"))
        {
            EmitWrite(code, model, locals);
            code.Line($"{Override(model)} object Create() => new {model.TypeName}({string.Join(", ", locals.CallArguments(constructor.Parameters, "default"))});");
        }

        code.Line();
    }

    private static void EmitMethod(CodeWriter code, ManagedClassModel model, string stem, ManagedMethodModel method)
    {
        ReturnModel result = method.Return;
        Locals locals = Start(code, model, stem, method.Name.TrimStart('@'), method.Parameters, result.TypeName, result.Type, method.TakesToken);
        string call = result.Given($"{locals.Instance}.{method.Name}({string.Join(", ", locals.CallArguments(method.Parameters, locals.Token))})");
        (string returned, string expression) = result switch
        {
            { Kind: ReturnKind.AsyncSequence, TypeName: var type } => ($"global::System.Collections.Generic.IAsyncEnumerable<{type}>", call),
            { Kind: ReturnKind.Task } => ("void", $"Await(new {Tasks}ValueTask({call}))"),
            { Kind: ReturnKind.TaskOfResult, TypeName: var type } => (type!, $"Await(new {Tasks}ValueTask<{type}>({call}))"),
            { Kind: ReturnKind.ValueTask } => ("void", $"Await({call})"),
            { Kind: ReturnKind.ValueTaskOfResult, TypeName: var type } => (type!, $"Await({call})"),
            { TypeName: var type } => (type ?? "void", call),
        };
        string kind = result switch
        {
            { TypeName: null } => $"ManagedAction<{model.TypeName}>",
            { Kind: ReturnKind.AsyncSequence, TypeName: var type } => $"ManagedSequence<{model.TypeName}, {type}>",
            { TypeName: var type } => $"ManagedFunction<{model.TypeName}, {type}>",
        };
        using (Class(code, stem, locals, kind))
        {
            EmitWrite(code, model, locals);
            EmitInvoke(code, model, locals, returned, expression);
        }

        code.Line();
    }

    private static string EmitGetter(CodeWriter code, ManagedClassModel model, string stem, ManagedPropertyModel property)
    {
        Locals locals = Start(code, model, stem, property.Name.TrimStart('@'), property.Parameters, property.TypeName, property.Type);
        using (Class(code, stem, locals, $"ManagedFunction<{model.TypeName}, {property.TypeName}>"))
        {
            EmitWrite(code, model, locals);
            EmitInvoke(code, model, locals, property.TypeName, Place(property, locals));
        }

        code.Line();
        return stem + "Member";
    }

    private static string EmitSetter(CodeWriter code, ManagedClassModel model, string stem, ManagedPropertyModel property)
    {
        ParameterModel value = new(ParameterKind.Value, "value", property.TypeName, property.TypeName, property.Type);
        Locals locals = Start(code, model, stem, property.Name.TrimStart('@'), property.Parameters.Append(value).ToEquatableArray());
        using (Class(code, stem, locals, $"ManagedAction<{model.TypeName}>"))
        {
            EmitWrite(code, model, locals);
            EmitInvoke(code, model, locals, "void", $"{Place(property, locals)} = {locals.Arguments[property.Parameters.Count].Passed}");
        }

        code.Line();
        return stem + "Member";
    }

    private static void EmitEvent(CodeWriter code, ManagedClassModel model, string stem, ManagedEventModel raised)
    {
        Locals locals = Start(code, model, stem, raised.Name.TrimStart('@'), default, raised.TypeName, raised.Type);
        using (Class(code, stem, locals, $"ManagedEvent<{model.TypeName}, {raised.TypeName}>"))
        {
            EmitWrite(code, model, locals);
            string given = string.Join(", ", Enumerable.Range(0, raised.ParameterCount).Select(static i => $"a{i}"));
            string told = string.Join(", ", raised.Told.Select(static i => $"a{i}"));
            string item = raised.Told.Count switch
            {
                0 => $"{raised.TypeName}.Empty",
                1 => told,
                _ => $"({told})",
            };
            using (code.Block($"{Override(model)} global::System.Action Subscribe({model.TypeName} target, global::System.Action<{raised.TypeName}> raise)"))
            {
                code.Line($"{raised.HandlerName} handler = ({given}) => raise({item});");
                code.Line($"target.{raised.Name} += handler;");
                code.Line($"return () => target.{raised.Name} -= handler;");
            }
        }

        code.Line();
    }

    /// <summary>The member as it is registered; returns the names inside its call.</summary>
    private static Locals Start(
        CodeWriter code, ManagedClassModel model, string stem, string member, EquatableArray<ParameterModel> parameters,
        string? resultName = null, TypeModel? result = null, bool isCancelable = false)
    {
        List<string> arguments =
        [
            $"\"{model.DisplayName}.{member}\"",
            $"static (ref {Services}PayloadReader reader) => new {stem}Call({string.Join(", ", Locals.ReadExpressions(parameters, "reader"))})",
        ];
        if (result is not null) arguments.Add(Expressions.Codec(result, resultName!));
        if (isCancelable) arguments.Add("isCancelable: true");
        code.Line($"public static readonly {Services}ManagedMember{(resultName is null ? "" : $"<{resultName}>")} {stem}Member = new(");
        using (code.Indent()) code.Line(string.Join(",\n", arguments) + ");");
        code.Line();
        return new Locals(parameters, stem + "Call", stem + "Member");
    }

    private static CodeWriter.Scope Class(CodeWriter code, string stem, Locals locals, string kind) => code.Block(
        $"public sealed class {stem}Call({string.Join(", ", locals.Arguments.SelectMany(static argument => argument.ConstructorParameters))}) : {Services}{kind}({stem}Member)");

    private static void EmitWrite(CodeWriter code, ManagedClassModel model, Locals locals)
    {
        WriteEmitter.EmitMethod(code, Override(model), locals);
        code.Line();
    }

    private static void EmitInvoke(CodeWriter code, ManagedClassModel model, Locals locals, string returned, string expression)
    {
        code.Line($"{Override(model)} {returned} Invoke({model.TypeName} {locals.Instance}, global::System.Threading.CancellationToken {locals.Token}) =>");
        using (code.Indent()) code.Line(expression + ";");
    }

    private static string Place(ManagedPropertyModel property, Locals locals) => property.IsIndexer
        ? $"{locals.Instance}[{string.Join(", ", locals.Arguments.Take(property.Parameters.Count).Select(static argument => argument.Passed))}]"
        : $"{locals.Instance}.{property.Name}";

    private static string Override(ManagedClassModel model) => model.SeesInternals ? "protected internal override" : "protected override";
}
