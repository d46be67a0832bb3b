namespace Procgen.Launching;

/// <summary>
/// What a worker runs before its first call: the app's module initializers, which every process of the app runs. One that started
/// another there would have that start another, without end.
/// </summary>
internal static class WorkerBoot
{
    private static volatile bool _runsInitializers;

    /// <summary>Whether this process is a worker that has not come to the end of them yet.</summary>
    public static bool IsUnderWay => _runsInitializers || WorkerEnvironment.HasTicket;

    /// <summary>They begin.</summary>
    public static void Begin() => _runsInitializers = true;

    /// <summary>All of them have run.</summary>
    public static void End() => _runsInitializers = false;
}
