namespace Procgen;

public class PoolRunOptions { public TimeSpan? Timeout { get; set; } public int? Retries { get; set; } public int Priority { get; set; } }

public class PoolMapOptions : PoolRunOptions
{
    public int? ChunkSize { get; set; }
    public bool Ordered { get; set; } = true;
    public int? MaxInFlight { get; set; }
    public IProgress<MapProgress>? Progress { get; set; }
}

public readonly record struct MapProgress(long Completed, long Failed, long? Total, double Rate, TimeSpan? Remaining);

public readonly struct CallOutcome<TItem, T>
{
    public long Index => throw null!;
    public TItem Item => throw null!;
    public bool IsSuccess => throw null!;
    public T Value => throw null!;
    public Exception? Exception => throw null!;
}
public readonly struct CallOutcome<TItem>
{
    public long Index => throw null!;
    public TItem Item => throw null!;
    public bool IsSuccess => throw null!;
    public Exception? Exception => throw null!;
}

public sealed class PoolWorker
{
    public int Id => throw null!;
    public string Name => throw null!;
    public int Index => throw null!;
    public long CallsDone => throw null!;
    public string? RunningTarget => throw null!;
    public long Memory => throw null!;
}

public sealed class PoolStatistics
{
    public long Queued => throw null!; public long Running => throw null!; public long Completed => throw null!;
    public long Failed => throw null!; public long Retried => throw null!; public long Restarts => throw null!;
    public long BytesSent => throw null!; public long BytesReceived => throw null!;
}

public class ProcessPoolOptions
{
    public int? Processes { get; set; }
    public string? Name { get; set; }
    public ProcessOptions Worker { get; set; } = null!;
    public ProcessCall? Initializer { get; set; }
    public ProcessCall? Finalizer { get; set; }
    public int? MaxCallsPerWorker { get; set; }
    public long? MaxWorkerMemory { get; set; }
    public TimeSpan? CallTimeout { get; set; }
    public int Retries { get; set; }
    public int? MaxPendingCalls { get; set; }
    public long? MaxPendingBytes { get; set; }
    public TimeSpan CancellationGrace { get; set; }
    public int? MinProcesses { get; set; }
    public TimeSpan? IdleTimeout { get; set; }
}

public sealed class ProcessPool : IDisposable, IAsyncDisposable
{
    public ProcessPool(int? processes = null, ProcessPoolOptions? options = null) => throw null!;
    public ProcessPool(ProcessPoolOptions options) => throw null!;
    public static ProcessPool Shared => throw null!;

    public Task RunAsync(ProcessCall call, PoolRunOptions? options = null, CancellationToken cancellationToken = default) => throw null!;
    public Task<T> RunAsync<T>(ProcessCall<T> call, PoolRunOptions? options = null, CancellationToken cancellationToken = default) => throw null!;
    public IAsyncEnumerable<T> StreamAsync<T>(ProcessStream<T> call, PoolRunOptions? options = null, CancellationToken cancellationToken = default) => throw null!;
    // not added: RunAsync(call, CancellationToken) – it would capture RunAsync(call, new() { Timeout = … })
    public Task StartAsync(CancellationToken cancellationToken = default) => throw null!;     // all workers are up and initialized
    public bool Close(TimeSpan? timeout = null) => throw null!;
    public IAsyncEnumerable<CallOutcome<TItem>> MapOutcomesAsync<TItem>(IEnumerable<TItem> items, Func<TItem, ProcessCall> target, PoolMapOptions? options = null, CancellationToken cancellationToken = default) => throw null!;
    public IEnumerable<T> Stream<T>(ProcessStream<T> call, PoolRunOptions? options = null, CancellationToken cancellationToken = default) => throw null!;
    public Task<T[]> MapAsync<TItem, T>(IEnumerable<TItem> items, Func<TItem, ProcessCall<T>> target, PoolMapOptions? options = null, CancellationToken cancellationToken = default) => throw null!;
    public Task MapAsync<TItem>(IEnumerable<TItem> items, Func<TItem, ProcessCall> target, PoolMapOptions? options = null, CancellationToken cancellationToken = default) => throw null!;
    public IAsyncEnumerable<T> MapStreamAsync<TItem, T>(IEnumerable<TItem> items, Func<TItem, ProcessCall<T>> target, PoolMapOptions? options = null, CancellationToken cancellationToken = default) => throw null!;
    public IAsyncEnumerable<T> MapStreamAsync<TItem, T>(IAsyncEnumerable<TItem> items, Func<TItem, ProcessCall<T>> target, PoolMapOptions? options = null, CancellationToken cancellationToken = default) => throw null!;
    public IAsyncEnumerable<CallOutcome<TItem, T>> MapOutcomesAsync<TItem, T>(IEnumerable<TItem> items, Func<TItem, ProcessCall<T>> target, PoolMapOptions? options = null, CancellationToken cancellationToken = default) => throw null!;

    public void Run(ProcessCall call, PoolRunOptions? options = null, CancellationToken cancellationToken = default) => throw null!;
    public T Run<T>(ProcessCall<T> call, PoolRunOptions? options = null, CancellationToken cancellationToken = default) => throw null!;
    public T[] Map<TItem, T>(IEnumerable<TItem> items, Func<TItem, ProcessCall<T>> target, PoolMapOptions? options = null, CancellationToken cancellationToken = default) => throw null!;
    public void Map<TItem>(IEnumerable<TItem> items, Func<TItem, ProcessCall> target, PoolMapOptions? options = null, CancellationToken cancellationToken = default) => throw null!;
    public IEnumerable<T> MapStream<TItem, T>(IEnumerable<TItem> items, Func<TItem, ProcessCall<T>> target, PoolMapOptions? options = null, CancellationToken cancellationToken = default) => throw null!;

    public Task RunOnEachAsync(ProcessCall call, CancellationToken cancellationToken = default) => throw null!;   // once on every worker, and on later ones when they start
    public Task CloseAsync(CancellationToken cancellationToken = default) => throw null!;
    public void Terminate() => throw null!;
    public void Resize(int processes) => throw null!;
    public IReadOnlyList<PoolWorker> Workers => throw null!;
    public PoolStatistics GetStatistics() => throw null!;
    public void Dispose() => throw null!;
    public ValueTask DisposeAsync() => throw null!;
}
