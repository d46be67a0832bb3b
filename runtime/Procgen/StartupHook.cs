using Procgen.CompilerServices;

/// <summary>
/// Where the runtime enters a worker, before the app's <c>Main</c> and without the lock that a module initializer would
/// hold: <c>DOTNET_STARTUP_HOOKS</c> names this assembly, in the worker's environment only.
/// </summary>
internal static class StartupHook
{
    public static void Initialize() => WorkerEntry.RunIfWorker();
}
