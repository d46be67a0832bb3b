using Procgen.Processes;

namespace Procgen.Pools;

/// <summary>A validated copy of <see cref="ProcessPoolOptions"/>.</summary>
internal sealed class PoolSettings
{
    private static int s_count;

    public PoolSettings(int? processes, ProcessPoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Processes = processes ?? options.Processes ?? Environment.ProcessorCount;
        ArgumentOutOfRangeException.ThrowIfLessThan(Processes, 1, nameof(processes));
        ThrowIfLess(options.MaxCallsPerWorker, 1, nameof(options.MaxCallsPerWorker));
        ThrowIfLess(options.MaxWorkerMemory, 1, nameof(options.MaxWorkerMemory));
        ThrowIfLess(options.Retries, 0, nameof(options.Retries));
        ThrowIfLess(options.MaxPendingCalls, 1, nameof(options.MaxPendingCalls));
        ThrowIfLess(options.MaxPendingBytes, 1, nameof(options.MaxPendingBytes));
        ThrowIfLess(options.MinProcesses, 0, nameof(options.MinProcesses));

        // One for each processor may be fewer than a user thinks of on another machine.
        ThrowIfMore(options.MinProcesses, processes ?? options.Processes, nameof(options.MinProcesses));
        ArgumentNullException.ThrowIfNull(options.Worker);
        Name = options.Name ?? $"Pool-{Interlocked.Increment(ref s_count)}";
        if (Name.Length == 0) throw new ArgumentException("A pool's name must not be empty.", nameof(options));
        Worker = new LaunchOptions(options.Worker);
        IsDaemon = options.Worker.Daemon ?? true;
        Initializer = options.Initializer;
        Finalizer = options.Finalizer;
        MaxCallsPerWorker = options.MaxCallsPerWorker;
        MaxWorkerMemory = options.MaxWorkerMemory;
        if (Worker.StartMethod == StartMethod.InProcess)
        {
            Worker.RequireNothingOfProcesses();
            LaunchOptions.RequireUnset(MaxWorkerMemory is null, nameof(options.MaxWorkerMemory));
            MaxWorkerMemory = null; // Asked for all the same where the environment has made threads of them.
        }

        CallTimeout = RequireTimeout(options.CallTimeout, nameof(options.CallTimeout));
        Retries = options.Retries;
        MaxPendingCalls = options.MaxPendingCalls ?? int.MaxValue;
        MaxPendingBytes = options.MaxPendingBytes ?? long.MaxValue;
        CancellationGrace = RequireTimeout(options.CancellationGrace, nameof(options.CancellationGrace), allowZero: true);
        MinProcesses = options.MinProcesses;
        IdleTimeout = options.IdleTimeout is { } idle ? RequireTimeout(idle, nameof(options.IdleTimeout)) : null;
    }

    public int Processes { get; }

    public string Name { get; }

    public LaunchOptions Worker { get; }

    public bool IsDaemon { get; }

    public ProcessCall? Initializer { get; }

    public ProcessCall? Finalizer { get; }

    public int? MaxCallsPerWorker { get; }

    public long? MaxWorkerMemory { get; }

    /// <summary>Infinite for none.</summary>
    public TimeSpan CallTimeout { get; }

    public int Retries { get; }

    public int MaxPendingCalls { get; }

    public long MaxPendingBytes { get; }

    public TimeSpan CancellationGrace { get; }

    public int? MinProcesses { get; }

    public TimeSpan? IdleTimeout { get; }

    public TimeSpan TimeoutOf(PoolRunOptions? options) =>
        options?.Timeout is { } timeout ? RequireTimeout(timeout, nameof(PoolRunOptions.Timeout)) : CallTimeout;

    public int RetriesOf(PoolRunOptions? options)
    {
        if (options?.Retries is not { } retries) return Retries;
        ThrowIfLess(retries, 0, nameof(PoolRunOptions.Retries));
        return retries;
    }

    private static TimeSpan RequireTimeout(TimeSpan? value, string name, bool allowZero = false)
    {
        if (value is not { } timeout || timeout == Timeout.InfiniteTimeSpan) return Timeout.InfiniteTimeSpan;
        return timeout > TimeSpan.Zero || (allowZero && timeout == TimeSpan.Zero)
            ? timeout
            : throw new ArgumentOutOfRangeException(name, timeout, $"{name} must be {(allowZero ? "zero, " : "")}positive or infinite.");
    }

    private static void ThrowIfLess(long? value, long least, string name)
    {
        if (value < least) throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least {least}.");
    }

    private static void ThrowIfMore(int? value, int? processes, string name)
    {
        if (value > processes) throw new ArgumentOutOfRangeException(name, value, $"{name} must be at most the number of processes, {processes}.");
    }
}
