using System.Diagnostics.CodeAnalysis;
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
    private static readonly EventHandler FirstHandler = static (_, _) =>
    {
        // Where the main thread is at it already, this process is about to end.
        if (!TryClaim(Environment.CurrentManagedThreadId)) Thread.Sleep(Timeout.Infinite);
    };

    private static readonly EventHandler LastHandler = static (_, _) => ProcessSetup.ExitFlushed(_code);
    private static readonly EventHandler NoHandler = static (_, _) => { };
    private static readonly Action Nothing = static () => { };
    private static Action? _raiseUnloading;
    private static Action? _raiseProcessExit;
    private static int _code;

    /// <summary>The thread that runs the handlers; 0 for none yet. Another one may call <see cref="Environment.Exit"/> at any time.</summary>
    private static int _exiting;

    [DoesNotReturn]
    public static void Exit(int code)
    {
        if (TryRunHandlers(code, isRehearsal: false)) ProcessSetup.ExitFlushed(code);

        _code = code;
        AppDomain.CurrentDomain.ProcessExit += LastHandler;
        Environment.Exit(code);
    }

    /// <summary>
    /// Makes ready to run the handlers on this thread, and compiles what that takes. The runtime has them run by another one, after
    /// it has told debuggers, profilers and traces: where there may be one, that is left to it. Before the app has any handler, unless a startup hook of its own has left one.
    /// </summary>
    public static void Prepare()
    {
        if (!RuntimeFeature.IsDynamicCodeCompiled || ProcessSetup.HasDiagnostics || WorkerEnvironment.HasTrace) return;
        MethodInfo?[] steps = RuntimeSteps();
        foreach (MethodInfo? step in steps)
            if (step is not null) RuntimeHelpers.PrepareMethod(step.MethodHandle);
        RuntimeHelpers.PrepareDelegate((Action<int>)Exit);
        RuntimeHelpers.PrepareDelegate((Action<int>)ProcessSetup.ExitFlushed);
        RuntimeHelpers.PrepareDelegate((Action<int>)ProcessSetup.ExitImmediately);
        _raiseUnloading = steps[0]?.CreateDelegate<Action>();
        _raiseProcessExit = steps[1]?.CreateDelegate<Action>();
        RuntimeHelpers.PrepareDelegate(FirstHandler);
        AppDomain.CurrentDomain.ProcessExit += FirstHandler;
    }

    /// <summary>What the runtime calls at an exit, and nobody else may. Null where a runtime names it otherwise: its exit only takes longer then.</summary>
    internal static MethodInfo?[] RuntimeSteps() =>
    [
        typeof(AssemblyLoadContext).GetMethod("OnProcessExit", BindingFlags.Static | BindingFlags.NonPublic, Type.EmptyTypes),
        typeof(AppDomain).GetMethod("OnProcessExit", BindingFlags.Static | BindingFlags.NonPublic, Type.EmptyTypes),
    ];

    /// <summary>What the runtime and this library do at an exit, as far as it can be done without one: done for the first time it takes longer than the call.</summary>
    public static void Rehearse()
    {
        foreach (AssemblyLoadContext context in AssemblyLoadContext.All) GC.KeepAlive(context);
        GC.KeepAlive(EventArgs.Empty);
        AppDomain.CurrentDomain.ProcessExit += NoHandler;
        AppDomain.CurrentDomain.ProcessExit -= NoHandler;
        SynchronizationContext? present = SynchronizationContext.Current;
        TryRunHandlers(Environment.ExitCode, isRehearsal: true);
        SynchronizationContext.SetSynchronizationContext(present);
        ProcessSetup.Flush();
    }

    /// <summary>Runs the handlers on this thread; false where that cannot be, or another one is at it. In a rehearsal there are none.</summary>
    /// <remarks>One method for both: what it takes from elsewhere is bound when it runs for the first time.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryRunHandlers(int code, bool isRehearsal)
    {
        (Action? raiseUnloading, Action? raiseProcessExit) = (_raiseUnloading, _raiseProcessExit);
        if (raiseUnloading is null || raiseProcessExit is null) return false;
        int thread = Environment.CurrentManagedThreadId;
        if (isRehearsal) (thread, raiseUnloading, raiseProcessExit) = (0, Nothing, Nothing);
        if (!TryClaim(thread)) return false;
        Environment.ExitCode = code;
        SynchronizationContext.SetSynchronizationContext(null); // The target may have left one, which nobody serves.
        raiseUnloading();
        raiseProcessExit();
        return true;
    }

    /// <summary>Makes <paramref name="thread"/> the one that runs the handlers; false where that is another. 0 is nobody.</summary>
    private static bool TryClaim(int thread)
    {
        int first = Interlocked.CompareExchange(ref _exiting, thread, 0);
        return first == 0 || first == thread;
    }
}
