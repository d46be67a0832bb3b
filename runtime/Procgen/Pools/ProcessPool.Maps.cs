using System.Runtime.ExceptionServices;
using Procgen.Pools;

namespace Procgen;

/// <content>Maps: one call for each item of a source, which is enumerated as the workers need items.</content>
public sealed partial class ProcessPool
{
    /// <summary>Calls a target for each item and collects the results in order. Python's <c>map_async</c> and <c>starmap_async</c>.</summary>
    /// <typeparam name="TItem">The items' type.</typeparam>
    /// <typeparam name="T">What the target returns.</typeparam>
    /// <param name="items">The items: enumerated lazily, by one thread at a time, and disposed once.</param>
    /// <param name="target">Makes an item's call: a stub, or a lambda around one.</param>
    /// <param name="options">Time limit and retries of each item, chunk size, progress.</param>
    /// <param name="cancellationToken">Ends the task at once and cancels what runs.</param>
    /// <returns>Ends when all have; the first failure cancels what has not begun, and is thrown when what runs has ended.</returns>
    public Task<T[]> MapAsync<TItem, T>(IEnumerable<TItem> items, Func<TItem, ProcessCall<T>> target, PoolMapOptions? options = null, CancellationToken cancellationToken = default) =>
        CollectAsync<TItem, T>(items, target, options, static run => run.ToArray(), cancellationToken);

    /// <summary>Calls a target for each item.</summary>
    /// <inheritdoc cref="MapAsync{TItem, T}"/>
    public Task MapAsync<TItem>(IEnumerable<TItem> items, Func<TItem, ProcessCall> target, PoolMapOptions? options = null, CancellationToken cancellationToken = default) =>
        CollectAsync<TItem, NoResult>(items, target, options, static _ => [], cancellationToken);

    /// <summary>Calls a target for each item and yields the results as they are done, in order unless the options say otherwise. Python's <c>imap</c> and <c>imap_unordered</c>.</summary>
    /// <inheritdoc cref="MapAsync{TItem, T}"/>
    /// <returns>Begins its work with the first step; a failure is thrown at its place, and ending early cancels the rest.</returns>
    public IAsyncEnumerable<T> MapStreamAsync<TItem, T>(IEnumerable<TItem> items, Func<TItem, ProcessCall<T>> target, PoolMapOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        return Values<TItem, T>(() => ItemSource<TItem>.From(items), target, options, cancellationToken);
    }

    /// <inheritdoc cref="MapStreamAsync{TItem, T}(IEnumerable{TItem}, Func{TItem, ProcessCall{T}}, PoolMapOptions?, CancellationToken)"/>
    public IAsyncEnumerable<T> MapStreamAsync<TItem, T>(IAsyncEnumerable<TItem> items, Func<TItem, ProcessCall<T>> target, PoolMapOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        return Values<TItem, T>(() => ItemSource<TItem>.From(items), target, options, cancellationToken);
    }

    /// <summary>
    /// Calls a target for each item and yields what became of each: a failure ends nothing but its item. What
    /// <paramref name="items"/> or <paramref name="target"/> throws here, in this process, ends the map.
    /// </summary>
    /// <inheritdoc cref="MapAsync{TItem, T}"/>
    /// <returns>Begins its work with the first step; ending early cancels the rest.</returns>
    public IAsyncEnumerable<CallOutcome<TItem, T>> MapOutcomesAsync<TItem, T>(IEnumerable<TItem> items, Func<TItem, ProcessCall<T>> target, PoolMapOptions? options = null, CancellationToken cancellationToken = default) =>
        Outcomes<TItem, T, CallOutcome<TItem, T>>(items, target, options, static (chunk, index) => chunk.StateOf(index) == ItemState.Failed
            ? new CallOutcome<TItem, T>(chunk.Start + index, chunk.ItemOf(index), default!, chunk.ErrorOf(index))
            : new CallOutcome<TItem, T>(chunk.Start + index, chunk.ItemOf(index), chunk.ValueOf(index), null), cancellationToken);

    /// <inheritdoc cref="MapOutcomesAsync{TItem, T}"/>
    public IAsyncEnumerable<CallOutcome<TItem>> MapOutcomesAsync<TItem>(IEnumerable<TItem> items, Func<TItem, ProcessCall> target, PoolMapOptions? options = null, CancellationToken cancellationToken = default) =>
        Outcomes<TItem, NoResult, CallOutcome<TItem>>(items, target, options, static (chunk, index) =>
            new CallOutcome<TItem>(chunk.Start + index, chunk.ItemOf(index), chunk.StateOf(index) == ItemState.Failed ? chunk.ErrorOf(index) : null), cancellationToken);

    private static T ValueOrThrow<TItem, T>(MapChunk<TItem, T> chunk, int index)
    {
        if (chunk.StateOf(index) == ItemState.Failed) ExceptionDispatchInfo.Throw(chunk.ErrorOf(index));
        return chunk.ValueOf(index);
    }

    private MapSequence<TItem, T, T> Values<TItem, T>(Func<ItemSource<TItem>> source, Func<TItem, ProcessCall> target, PoolMapOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        return Sequence<TItem, T, T>(source, target, options, ValueOrThrow, keepsItems: false, cancellationToken);
    }

    private MapSequence<TItem, T, TOut> Outcomes<TItem, T, TOut>(IEnumerable<TItem> items, Func<TItem, ProcessCall> target, PoolMapOptions? options, Func<MapChunk<TItem, T>, int, TOut> select, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(target);
        return Sequence(() => ItemSource<TItem>.From(items), target, options, select, keepsItems: true, cancellationToken);
    }

    private MapSequence<TItem, T, TOut> Sequence<TItem, T, TOut>(
        Func<ItemSource<TItem>> source, Func<TItem, ProcessCall> target, PoolMapOptions? options, Func<MapChunk<TItem, T>, int, TOut> select, bool keepsItems, CancellationToken cancellationToken)
    {
        lock (_core.Gate) _core.Life.ThrowIfClosed();
        PoolWorkOptions workOptions = WorkOptions(options);
        MapPlan plan = new(_core.Settings, _core.Staff.Limit, options);
        MapMode mode = options is { Ordered: false } ? MapMode.Unordered : MapMode.Ordered;
        IProgress<MapProgress>? progress = options?.Progress;
        return new MapSequence<TItem, T, TOut>(
            () => new MapRun<TItem, T>(_core, source(), target, plan.Again(), workOptions, progress, mode, keepsItems, stopsOnFailure: !keepsItems),
            select,
            cancellationToken);
    }

    private MapRun<TItem, T> CollectingRun<TItem, T>(IEnumerable<TItem> items, Func<TItem, ProcessCall> target, PoolMapOptions? options)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(target);
        return new MapRun<TItem, T>(
            _core, ItemSource<TItem>.From(items), target, new MapPlan(_core.Settings, _core.Staff.Limit, options), WorkOptions(options), options?.Progress, MapMode.Collect, keepsItems: false, stopsOnFailure: true);
    }

    private Task<T[]> CollectAsync<TItem, T>(IEnumerable<TItem> items, Func<TItem, ProcessCall> target, PoolMapOptions? options, Func<MapRun<TItem, T>, T[]> finish, CancellationToken cancellationToken)
    {
        MapRun<TItem, T> run = CollectingRun<TItem, T>(items, target, options);
        return CollectAsync(run, finish, cancellationToken);
    }

    private static async Task<T[]> CollectAsync<TItem, T>(MapRun<TItem, T> run, Func<MapRun<TItem, T>, T[]> finish, CancellationToken cancellationToken)
    {
        run.Begin(cancellationToken);
        try
        {
            run.SchedulePump();
            while (true)
            {
                int version = run.Version;
                if (run.IsOver) break;
                await run.WaitAsync(version).ConfigureAwait(false);
            }

            await run.ReportEndAsync().ConfigureAwait(false);
            run.ThrowIfFailed();
            return finish(run);
        }
        finally
        {
            await run.EndAsync().ConfigureAwait(false);
        }
    }
}
