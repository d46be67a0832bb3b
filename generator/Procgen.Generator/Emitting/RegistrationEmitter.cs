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
                foreach (string statement in registration.Statements) code.Line(statement);
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

            if (registration.Targets.Count != 0) EmitTable(code, registration.Targets);
        }

        return code.ToSourceText();
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
            using (code.Block($"public override {Services}Target? Find(ulong id)")) TargetSwitchEmitter.Emit(code, targets);
        }
    }
}
