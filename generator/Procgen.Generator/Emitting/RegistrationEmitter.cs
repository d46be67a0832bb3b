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
        foreach (string alias in assembly.Libraries.Select(static library => library.Alias).Where(static alias => alias != LibraryModel.Global).Distinct())
            code.Line($"extern alias {alias};\n");
        code.Line($"[assembly: {Services}ProcessTargetAssembly(typeof(global::{assembly.Namespace}.Registration))]\n");
        code.Line($"namespace {assembly.Namespace};\n");
        code.Line("/// <summary>Makes the targets of this assembly known to Procgen.</summary>");
        code.Line("[global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)]");
        code.Line(StubEmitter.GeneratedCode);
        code.Line("[global::System.Obsolete] // so that it may name classes whose use is an error");
        using (code.Block("public static class Registration"))
        {
            code.Line("/// <summary>Called before any of them can be; calling it again changes nothing.</summary>");
            using (code.Block("public static void Register()"))
            {
                if (registration.Targets.Count != 0) code.Line($"{Services}TargetRegistry.Register(typeof(Registration), FindTarget);");
                if (registration.ManagedTypes.Count != 0) code.Line($"{Services}ManagedTypeRegistry.Register(typeof(Registration), FindManagedType);");
                if (registration.Codecs.Count != 0) code.Line($"{Services}Codecs.Register(typeof(Registration), RegisterCodecs);");
            }

            code.Line();
            code.Line("[global::System.Runtime.CompilerServices.ModuleInitializer]");
            using (code.Block("internal static void Initialize()"))
            {
                code.Line("Register();");
                foreach (LibraryModel library in assembly.Libraries) code.Line($"{library.Registration}.Register();");
                if (assembly.TakesOver && registration.MeetsManagers) code.Line($"{Services}WorkerEntry.UseManagers();");
                if (assembly.TakesOver) code.Line($"{Services}WorkerEntry.TakeOverIfWorker();");
            }

            if (registration.Targets.Count != 0) EmitFind(code, "Target", registration.Targets);
            if (registration.ManagedTypes.Count != 0) EmitFind(code, "ManagedType", registration.ManagedTypes);
            if (registration.Codecs.Count != 0) EmitCodecs(code, registration.Codecs);
        }

        return code.ToSourceText();
    }

    private static void EmitFind(CodeWriter code, string type, EquatableArray<IdCase> cases)
    {
        code.Line();
        IdSwitchEmitter.EmitMethod(code, "private static", type, "Find" + type, cases);
    }

    /// <summary>
    /// Called when a codec is looked for. Each has a method of its own: to compile one that names them all would load all their
    /// types, of which a worker needs few, and one that cannot be loaded would take the others with it.
    /// </summary>
    private static void EmitCodecs(CodeWriter code, EquatableArray<CodecRegistration> codecs)
    {
        code.Line();
        code.Line("/// <summary>Registers the codecs of the types of one name, or all.</summary>");
        code.Line("[global::System.Runtime.CompilerServices.MethodImpl(global::System.Runtime.CompilerServices.MethodImplOptions.NoOptimization)] // Long, and rarely run.");
        using (code.Block("private static void RegisterCodecs(string? name)"))
        using (code.Block("switch (name)"))
        {
            EmitCase(code, "null", ["CodecRegistrations.RegisterAll();"]);
            foreach (IGrouping<string, int> same in Enumerable.Range(0, codecs.Count).GroupBy(index => codecs[index].Name))
                EmitCase(code, $"\"{same.Key}\"", same.Select(static index => TryRegister($"CodecRegistrations.Register{index}")));
        }

        code.Line();
        using (code.Block("private static class CodecRegistrations"))
        {
            using (code.Block("public static void RegisterAll()"))
            {
                for (int i = 0; i < codecs.Count; i++) code.Line(TryRegister($"Register{i}"));
            }

            for (int i = 0; i < codecs.Count; i++)
            {
                code.Line();
                using (code.Block($"public static void Register{i}()"))
                {
                    code.Line($"{Services}Codecs.Register<{codecs[i].TypeName}>(Make);");
                    code.Line($"static {Services}Codec<{codecs[i].TypeName}> Make() => {codecs[i].Codec};");
                }
            }
        }
    }

    /// <summary>A delegate that is kept nowhere: a field for each would be loaded with the class.</summary>
    private static string TryRegister(string method) => $"{Services}Codecs.TryRegister(new global::System.Action({method}));";

    private static void EmitCase(CodeWriter code, string label, IEnumerable<string> statements)
    {
        code.Line($"case {label}:");
        using (code.Indent())
        {
            foreach (string statement in statements) code.Line(statement);
            code.Line("break;");
        }
    }
}
