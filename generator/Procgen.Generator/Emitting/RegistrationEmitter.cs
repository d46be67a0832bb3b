using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis.Text;
using Procgen.Generator.Model;

namespace Procgen.Generator.Emitting;

/// <summary>
/// The class that makes an assembly's targets and codecs known. A library's initializer runs only when the library is
/// touched, so an executable's calls all of them, and then serves calls if it was started to.
/// </summary>
internal static class RegistrationEmitter
{
    public const string HintName = "Registration.g.cs";

    private const string Services = StubEmitter.Services;

    public static SourceText Emit(RegistrationModel registration)
    {
        AssemblyModel assembly = registration.Assembly;
        CodeWriter code = CodeWriter.File();
        code.Line($"[assembly: {Services}ProcessTargetAssembly(typeof(global::{assembly.Namespace}.Registration))]\n");
        code.Line($"namespace {assembly.Namespace};\n");
        code.Line("/// <summary>Makes the targets of this assembly known to Procgen.</summary>");
        code.Line("[global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]");
        code.Line(StubEmitter.GeneratedCode);
        using (code.Block("public static class Registration"))
        {
            code.Line("/// <summary>Called before any of them can be; calling it again changes nothing.</summary>");
            using (code.Block("public static void Register()"))
            {
                if (registration.Targets.Count != 0) code.Line($"{Services}TargetRegistry.Register(new Targets());");
                if (registration.Proxies.Count != 0) code.Line($"{Services}ManagedTypeRegistry.AddSource(RegisterProxies);");
                if (registration.Proxies.Count + registration.Codecs.Count != 0) code.Line($"{Services}Codecs.AddSource(RegisterCodecs);");
            }

            code.Line();
            code.Line("[global::System.Runtime.CompilerServices.ModuleInitializer]");
            using (code.Block("internal static void Initialize()"))
            {
                code.Line("Register();");
                foreach (string reference in assembly.References) code.Line($"{reference}.Register();");
                if (assembly.TakesOver && registration.MeetsManagers) code.Line($"{Services}WorkerEntry.UseManagers();");
                if (assembly.TakesOver) code.Line($"{Services}WorkerEntry.TakeOverIfWorker();");
            }

            if (registration.Proxies.Count != 0) EmitProxies(code, registration.Proxies);
            if (registration.Proxies.Count + registration.Codecs.Count != 0) EmitCodecs(code, [.. registration.Proxies, .. registration.Codecs]);
            if (registration.Targets.Count != 0) EmitTable(code, registration.Targets);
        }

        return code.ToSourceText();
    }

    /// <summary>Called when a managed class is looked for: few processes host any.</summary>
    private static void EmitProxies(CodeWriter code, EquatableArray<TypeRegistration> proxies)
    {
        code.Line();
        using (code.Block("private static void RegisterProxies()"))
        {
            foreach (TypeRegistration proxy in proxies) code.Line(proxy.Statement);
        }
    }

    /// <summary>
    /// Called when a codec is looked for. Each has a method of its own: to compile one that names them all would load all their
    /// types, and a worker needs few.
    /// </summary>
    private static void EmitCodecs(CodeWriter code, IReadOnlyList<TypeRegistration> types)
    {
        code.Line();
        code.Line("/// <summary>Registers the codecs of the types of one name, or all.</summary>");
        code.Line("[global::System.Runtime.CompilerServices.MethodImpl(global::System.Runtime.CompilerServices.MethodImplOptions.NoOptimization)] // Long, and rarely run.");
        using (code.Block("private static void RegisterCodecs(string? name)"))
        using (code.Block("switch (name)"))
        {
            EmitCase(code, "null", Enumerable.Range(0, types.Count));
            foreach (IGrouping<string, int> same in Enumerable.Range(0, types.Count).GroupBy(index => types[index].Name))
                EmitCase(code, $"\"{same.Key}\"", same);
        }

        for (int i = 0; i < types.Count; i++)
        {
            code.Line();
            using (code.Block($"private static void RegisterCodec{i}()")) code.Line(types[i].Statement);
        }
    }

    private static void EmitCase(CodeWriter code, string label, IEnumerable<int> codecs)
    {
        code.Line($"case {label}:");
        using (code.Indent())
        {
            foreach (int index in codecs) code.Line($"RegisterCodec{index}();");
            code.Line("break;");
        }
    }

    /// <summary>A worker that runs one target compiles of it what finds that one, however many there are.</summary>
    private static void EmitTable(CodeWriter code, EquatableArray<TargetLookup> targets)
    {
        code.Line();
        using (code.Block($"private sealed class Targets : {Services}TargetTable"))
        {
            code.Line("public override global::System.ReadOnlySpan<ulong> Ids =>");
            code.Line("[");
            using (code.Indent())
            {
                foreach (ulong id in targets.SelectMany(static lookup => lookup.Ids)) code.Line(TargetSwitchEmitter.Constant(id) + ",");
            }

            code.Line("];");
            code.Line();
            using (code.Block($"public override {Services}Target? Find(ulong id)")) TargetSwitchEmitter.Emit(code, [.. targets]);
        }
    }
}
