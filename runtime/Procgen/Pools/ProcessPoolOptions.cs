namespace Procgen;

/// <summary>How a <see cref="ProcessPool"/> works. Validated and copied by its constructor; later changes have no effect.</summary>
public class ProcessPoolOptions
{
    /// <summary>How many workers, at most where <see cref="MinProcesses"/> is set: 1 or more; null for one per processor.</summary>
    public int? Processes { get; set; }

    /// <summary>The pool's name, which its workers' names begin with: by default <c>Pool-1</c>.</summary>
    public string? Name { get; set; }

    /// <summary>How each worker is started. Workers are daemons unless this says otherwise, and have their names from the pool.</summary>
    public ProcessOptions Worker { get; set; } = new();

    /// <summary>
    /// Runs first on every worker, before its calls. When it throws, the pool ends: the calls that wait get its exception, and
    /// later ones a <see cref="ProcgenException"/> with it inside. Who dies at it is replaced, until three attempts in a row
    /// have come to nothing and none ever got through, or eight. Python's <c>initializer</c> and <c>initargs</c>.
    /// </summary>
    public ProcessCall? Initializer { get; set; }

    /// <summary>
    /// Runs last on every worker that ends in order: when the pool is closed, shrinks, or replaces a worker by age or size. The
    /// worker ends whether it throws or not, and nobody hears of it. Closing waits for it as long as it takes.
    /// </summary>
    public ProcessCall? Finalizer { get; set; }

    /// <summary>After how many calls a worker is replaced, 1 or more; null for never. Python's <c>maxtasksperchild</c>.</summary>
    public int? MaxCallsPerWorker { get; set; }

    /// <summary>The resident size in bytes beyond which a worker is replaced, looked at between calls; null for no limit, as it must be where the workers are threads (<see cref="StartMethod.InProcess"/>).</summary>
    public long? MaxWorkerMemory { get; set; }

    /// <summary>
    /// How long a call may run, from the start of its execution; null for no limit. <see cref="Initializer"/>,
    /// <see cref="Finalizer"/> and <see cref="ProcessPool.RunOnEachAsync"/> have none.
    /// </summary>
    public TimeSpan? CallTimeout { get; set; }

    /// <summary>How often a call is run again after a crash or timeout interrupted it; 0 by default.</summary>
    public int Retries { get; set; }

    /// <summary>
    /// How many calls, and items of maps, may have been accepted and not have ended; more wait to be accepted, in order. A map
    /// takes no more than fit, and lets one wait. Null for no limit.
    /// </summary>
    public int? MaxPendingCalls { get; set; }

    /// <summary>How many bytes of arguments the accepted calls that have not ended may hold; more wait. One that is alone fits in any case. Null for no limit.</summary>
    public long? MaxPendingBytes { get; set; }

    /// <summary>How long a cancelled target may take to stop before its worker is killed; 2 seconds by default, zero to kill it at once, infinite to wait for it.</summary>
    public TimeSpan CancellationGrace { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How many workers there always are, 0 up to <see cref="Processes"/>; more are started as calls wait. Null for all of them at once.</summary>
    public int? MinProcesses { get; set; }

    /// <summary>How long a worker beyond <see cref="MinProcesses"/> stays idle before it ends; null for ever. Nothing without <see cref="MinProcesses"/>.</summary>
    public TimeSpan? IdleTimeout { get; set; }
}
