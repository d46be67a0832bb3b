using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Emit;

namespace Procgen.Generator.Tests.Support;

/// <summary>A generated app as an assembly in this process, with its targets registered.</summary>
internal sealed class LoadedApp
{
    private static int s_count;

    private readonly Assembly _assembly;

    private LoadedApp(Assembly assembly) => _assembly = assembly;

    public static LoadedApp Of(string source, params MetadataReference[] libraries)
    {
        // Its own name and therefore its own module version id: the table of targets is one per process.
        string name = $"App{Interlocked.Increment(ref s_count)}";
        GeneratorRun run = GeneratorRun.Of(AppCompilation.Of(source, name: name, more: libraries)).AssertCompiles();
        using MemoryStream image = new();
        EmitResult emitted = run.Output.Emit(image);
        Assert.That(emitted.Success, Is.True, string.Join('\n', emitted.Diagnostics));
        Assembly assembly = Assembly.Load(image.ToArray());
        assembly.GetType($"Procgen.Generated.{name}.Registration", throwOnError: true)!.GetMethod("Register")!.Invoke(null, null);
        return new LoadedApp(assembly);
    }

    public Type Type(string name) => _assembly.GetType(name, throwOnError: true)!;

    /// <summary>Calls a static method of the app: a stub, or code that calls one.</summary>
    public object? Call(string type, string method, params object?[] arguments)
    {
        MethodInfo found = Type(type).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Single(candidate => candidate.Name == method && candidate.GetParameters().Length == arguments.Length);
        return found.Invoke(null, arguments);
    }

    /// <summary>Calls a static method of the app that throws.</summary>
    public Exception Thrown(string type, string method) => Assert.Throws<TargetInvocationException>(() => Call(type, method))!.InnerException!;
}
