using Procgen.Pools;
using Procgen.Shared;

namespace Procgen;

/// <content>The blocking forms: reader threads answer them.</content>
public sealed partial class ProcessPool
{
    /// <summary>Runs a call on a worker and waits for it. Python's <c>apply</c>.</summary>
    /// <inheritdoc cref="RunAsync(ProcessCall, PoolRunOptions?, CancellationToken)"/>
    public void Run(ProcessCall call, PoolRunOptions? options = null, CancellationToken cancellationToken = default) =>
        RunAsync(call, options, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Runs a call on a worker and waits for its result. Python's <c>apply</c>.</summary>
    /// <inheritdoc cref="RunAsync{T}(ProcessCall{T}, PoolRunOptions?, CancellationToken)"/>
    /// <returns>What the target returned.</returns>
    public T Run<T>(ProcessCall<T> call, PoolRunOptions? options = null, CancellationToken cancellationToken = default) =>
        RunAsync(call, options, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Runs a target that yields items. It begins with the first step.</summary>
    /// <inheritdoc cref="StreamAsync{T}"/>
    public IEnumerable<T> Stream<T>(ProcessStream<T> call, PoolRunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        return new PoolStream<T>(_core, call, WorkOptions(options), cancellationToken).Read();
    }

    /// <summary>Calls a target for each item and collects the results in order. Python's <c>map</c> and <c>starmap</c>.</summary>
    /// <inheritdoc cref="MapAsync{TItem, T}"/>
    /// <returns>The results.</returns>
    public T[] Map<TItem, T>(IEnumerable<TItem> items, Func<TItem, ProcessCall<T>> target, PoolMapOptions? options = null, CancellationToken cancellationToken = default) =>
        Collect(CollectingRun<TItem, T>(items, target, options), static run => run.ToArray(), cancellationToken);

    /// <summary>Calls a target for each item.</summary>
    /// <inheritdoc cref="Map{TItem, T}"/>
    public void Map<TItem>(IEnumerable<TItem> items, Func<TItem, ProcessCall> target, PoolMapOptions? options = null, CancellationToken cancellationToken = default) =>
        Collect(CollectingRun<TItem, NoResult>(items, target, options), static _ => [], cancellationToken);

    /// <inheritdoc cref="MapStreamAsync{TItem, T}(IEnumerable{TItem}, Func{TItem, ProcessCall{T}}, PoolMapOptions?, CancellationToken)"/>
    public IEnumerable<T> MapStream<TItem, T>(IEnumerable<TItem> items, Func<TItem, ProcessCall<T>> target, PoolMapOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        return Values<TItem, T>(() => ItemSource<TItem>.From(items), target, options, cancellationToken).Read();
    }

    /// <inheritdoc cref="CloseAsync"/>
    /// <param name="timeout">How long to wait; null or <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <returns>False where the pool had not ended in time; it goes on closing.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative and not infinite; the pool goes on.</exception>
    public bool Close(TimeSpan? timeout = null)
    {
        ThrowIfShared();
        Deadline deadline = Deadline.After(timeout);
        _core.Life.Close();
        return _core.Life.WaitUntilEnded(deadline);
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose()
    {
        Terminate();
        _core.Life.WaitUntilEnded(Deadline.Never);
    }

    /// <summary>Waits on the calling thread, woken by reader threads; it fetches items itself, unless it would have to wait for them.</summary>
    private static T[] Collect<TItem, T>(MapRun<TItem, T> run, Func<MapRun<TItem, T>, T[]> finish, CancellationToken cancellationToken)
    {
        run.Begin(cancellationToken);
        try
        {
            bool pumps = run.BeginFeed();
            while (true)
            {
                int version = run.Version;
                if (pumps) run.PumpAsync().GetAwaiter().GetResult();
                if (run.IsOver) break;
                run.Wait(version);
            }

            run.ReportEndAsync().GetAwaiter().GetResult();
            run.ThrowIfFailed();
            return finish(run);
        }
        finally
        {
            run.EndAsync().GetAwaiter().GetResult();
        }
    }
}
