namespace Procgen;

/// <summary>How a worker process comes to be. Python's start methods.</summary>
public enum StartMethod
{
    /// <summary>A new process of the same executable, started on demand. Python's <c>spawn</c>.</summary>
    Spawn,

    /// <summary>A booted process that waits in reserve. What Python's <c>forkserver</c> is for.</summary>
    /// <remarks>
    /// It boots in this process's environment and folder, module initializers included, and is given what its options ask for when it is
    /// taken; what cannot be given then has one spawned instead. When it boots, it compiles the last targets that were asked of the reserve until then. Unless the environment variable
    /// <c>DOTNET_EnableWriteXorExecute</c> is set, its runtime writes code where it executes it, as it did before .NET 7.
    /// </remarks>
    Standby,

    /// <summary>Threads of this process, arguments still encoded: for debugging. Python's <c>multiprocessing.dummy</c>.</summary>
    InProcess,
}
