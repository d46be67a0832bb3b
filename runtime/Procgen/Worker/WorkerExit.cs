using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Tracing;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Procgen.Launching;

namespace Procgen.Worker;

/// <summary>
/// The end of a worker process: children are joined and the app's own handlers run, as at the end of any <c>Main</c>. Then
/// it ends at once: what the runtime would still do takes longer than all of an empty call.
/// </summary>
internal static class WorkerExit
{
    private static readonly EventHandler LastHandler = static (_, _) => ProcessSetup.ExitFlushed(_code);
    private static readonly EventHandler NoHandler = static (_, _) => { };
    private static Action? _raiseExit;
    private static int _code;

    [DoesNotReturn]
    public static void Exit(int code)
    {
        if (_raiseExit is not null && !IsWatched())
        {
            Environment.ExitCode = code;
            _raiseExit();
            ProcessSetup.ExitFlushed(code);
        }

        _code = code;
        AppDomain.CurrentDomain.ProcessExit += LastHandler;
        Environment.Exit(code);
    }

    /// <summary>Compiles and binds what runs at an exit, which is else left to the exit. From then on this thread may run it itself.</summary>
    public static void Prepare()
    {
        if (!RuntimeFeature.IsDynamicCodeCompiled) return; // All of it was, with the app.
        RuntimeHelpers.PrepareDelegate((Action<int>)Exit);
        RuntimeHelpers.PrepareDelegate(LastHandler);
        RuntimeHelpers.PrepareDelegate((Action<int>)ProcessSetup.ExitFlushed);
        RuntimeHelpers.PrepareDelegate((Action<int>)ProcessSetup.ExitImmediately);
        foreach (MethodInfo? step in RuntimeSteps())
            if (step is not null) RuntimeHelpers.PrepareMethod(step.MethodHandle);
        _raiseExit = RuntimeSteps()[0]?.CreateDelegate<Action>();
    }

    /// <summary>Whether a debugger, a profiler or a trace wants to see more of the end than the app's handlers do: then it is the runtime's own.</summary>
    private static bool IsWatched()
    {
        if (ProcessSetup.HasDiagnosticFiles) return true;
        foreach (EventSource source in EventSource.GetSources())
            if (source.IsEnabled()) return true;
        return false;
    }

    /// <summary>What the runtime calls at an exit, and nobody else may. Null where a runtime names it otherwise: its exit only takes longer then.</summary>
    internal static MethodInfo?[] RuntimeSteps() =>
    [
        typeof(AppContext).GetMethod("OnProcessExit", BindingFlags.Static | BindingFlags.NonPublic, Type.EmptyTypes),
        typeof(AppDomain).GetMethod("OnProcessExit", BindingFlags.Static | BindingFlags.NonPublic, Type.EmptyTypes),
        typeof(AssemblyLoadContext).GetMethod("OnProcessExit", BindingFlags.Static | BindingFlags.NonPublic, Type.EmptyTypes),
        typeof(EventListener).GetMethod("DisposeOnShutdown", BindingFlags.Static | BindingFlags.NonPublic, Type.EmptyTypes),
    ];

    /// <summary>What the runtime and this library do at an exit, as far as it can be done without one: done for the first time it takes longer than the call.</summary>
    public static void Rehearse()
    {
        foreach (AssemblyLoadContext context in AssemblyLoadContext.All) GC.KeepAlive(context);
        foreach (EventSource source in EventSource.GetSources()) GC.KeepAlive(source);
        GC.KeepAlive(EventArgs.Empty);
        AppDomain.CurrentDomain.ProcessExit += NoHandler;
        AppDomain.CurrentDomain.ProcessExit -= NoHandler;
        ProcessSetup.Flush();
        GC.WaitForPendingFinalizers(); // On the finalizers' thread the handlers run.
    }
}
