using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis.Text;
using Procgen.Generator.Model;

namespace Procgen.Generator.Emitting;

/// <summary>A stub class: for each target its stub and its call, and where targets are found.</summary>
internal static class StubEmitter
{
    public const string Services = "global::Procgen.CompilerServices.";

    public static SourceText Emit(StubModel stub)
    {
        CodeWriter code = CodeWriter.File();
        if (stub.Stub.Namespace.Length != 0) code.Line($"namespace {stub.Stub.Namespace};\n");
        IReadOnlyList<CallNames> names = CallNames.For(stub);
        string access = stub.Own is { SaysAccess: true } ? "" : stub.Targets.Any(static target => target.IsPublic) ? "public " : "internal ";
        code.Line($"/// <summary>The targets of {stub.Targets[0].DisplayName.Substring(0, stub.Targets[0].DisplayName.LastIndexOf('.'))}, to be called in other processes.</summary>");
        code.Line(GeneratedCode);
        using (code.Block($"{access}static partial class {stub.Stub.Name}"))
        {
            for (int i = 0; i < stub.Targets.Count; i++)
            {
                EmitStub(code, stub.Targets[i], names[i]);
                code.Line();
            }

            EmitFind(code, stub, names);
            for (int i = 0; i < stub.Targets.Count; i++)
            {
                code.Line();
                CallEmitter.Emit(code, stub.Targets[i], names[i], stub.Stub.Name);
            }
        }

        return code.ToSourceText();
    }

    public static string GeneratedCode { get; } =
        $"[global::System.CodeDom.Compiler.GeneratedCode(\"Procgen\", \"{typeof(StubEmitter).Assembly.GetName().Version}\")]";

    /// <summary>Where the class's targets are found.</summary>
    public static IEnumerable<IdCase> Lookup(StubModel stub) =>
        stub.Targets.Select(target => new IdCase(target.Id, $"global::{stub.Stub.FullName}.{FindName(stub)}(id)"));

    /// <summary>The method that finds them; what else has that name pushes it aside.</summary>
    private static string FindName(StubModel stub) => CallNames.Free("FindTarget", stub.Names);

    private static void EmitFind(CodeWriter code, StubModel stub, IReadOnlyList<CallNames> names) => IdSwitchEmitter.EmitMethod(
        code, "internal static", "Target", FindName(stub), stub.Targets.Select((target, i) => new IdCase(target.Id, $"{names[i].Call}.{names[i].Target}")));

    private static void EmitStub(CodeWriter code, TargetModel target, CallNames names)
    {
        IEnumerable<ParameterModel> given = target.Parameters.Where(static parameter => parameter.IsInStub);
        string parameters = string.Join(", ", given.Select(static parameter => $"{parameter.Before}{parameter.TypeName} {parameter.Name}{parameter.Default}"));
        // The caller's own progress is no remote one.
        string arguments = string.Join(", ", given.Select(static parameter => parameter.Kind == ParameterKind.Progress ? parameter.Name + ", false" : parameter.Name));
        string type = target.Return switch
        {
            { TypeName: null } => "global::Procgen.ProcessCall",
            { Kind: ReturnKind.Sequence or ReturnKind.AsyncSequence, TypeName: var item } => $"global::Procgen.ProcessStream<{item}>",
            { TypeName: var result } => $"global::Procgen.ProcessCall<{result}>",
        };
        code.Line($"/// <summary>Runs <see cref=\"{Xml(target.DocumentationId)}\"/> in another process.</summary>");
        if (target.Obsolete is { } obsolete) code.Line($"[{obsolete}]");
        code.Line($"{(target.IsPublic ? "public" : "internal")} static {type} {target.Name}({parameters}) => new {names.Call}({arguments});");
    }

    /// <summary>A text inside an attribute of a documentation comment.</summary>
    public static string Xml(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("\"", "&quot;");
}
