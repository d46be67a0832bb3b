namespace Procgen;

/// <summary>What holds for one call of a pool, or for each item of a map.</summary>
public class PoolRunOptions
{
    /// <summary>
    /// How long it may run, from the start of its execution; null for <see cref="ProcessPoolOptions.CallTimeout"/>,
    /// <see cref="Timeout.InfiniteTimeSpan"/> for no limit. Its worker is killed then and the call ends with <see cref="CallTimeoutException"/>.
    /// </summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>How often it is run again after a crash or timeout interrupted it, 0 or more; null for <see cref="ProcessPoolOptions.Retries"/>.</summary>
    public int? Retries { get; set; }

    /// <summary>Higher ones go first, equal ones in order; 0 by default.</summary>
    public int Priority { get; set; }
}
