using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Procgen.Shared;
using Procgen.Telemetry;

namespace Procgen.Pools;

/// <summary>What a map does with the items' ends.</summary>
internal enum MapMode
{
    /// <summary>Waits for all of them; the first failure stops it.</summary>
    Collect,

    /// <summary>Yields values in the order of the items; a failure ends it at its place.</summary>
    Ordered,

    /// <summary>Yields values as they come.</summary>
    Unordered,
}

/// <summary>
/// One map under way: <see cref="MapFeed{TItem, TResult}"/> sends its items, <see cref="MapEnds{TItem, TResult}"/> keeps
/// what became of them, and this counts them and knows when all is over.
/// </summary>
/// <remarks>Locks are taken in the order: the pool's, then the ends'. No user code runs under either.</remarks>
internal sealed class MapRun<TItem, TResult> : IPoolOperation
{
    private static readonly TimeSpan ToldWithin = TimeSpan.FromSeconds(1);
    private readonly PoolCore _core;
    private readonly MapFeed<TItem, TResult> _feed;
    private readonly MapEnds<TItem, TResult> _ends;
    private readonly MapMode _mode;
    private readonly bool _stopsOnFailure;
    private readonly MapReporter? _reporter;

    // Where a collecting map's values go, when the source says how many there are.
    private readonly TResult[]? _values;
    private PoolWorkOptions _options;
    private volatile MapChunk<TItem, TResult>? _lastSent;
    private Activity? _span;
    private Exception? _stopReason;
    private CancellationTokenRegistration _cancellation;
    private long _settled;
    private long _returned;
    private long _failed;
    private long _bytes;
    private int _openChunks;
    private volatile bool _isStopped;
    private volatile bool _isAbandoned;
    private bool _hasBegun;
    private int _hasEnded;

    public MapRun(
        PoolCore core, ItemSource<TItem> source, Func<TItem, ProcessCall> target, MapPlan plan, PoolWorkOptions workOptions, IProgress<MapProgress>? progress, MapMode mode, bool keepsItems, bool stopsOnFailure)
    {
        _core = core;
        _mode = mode;
        _stopsOnFailure = stopsOnFailure;
        _options = workOptions;
        _feed = new MapFeed<TItem, TResult>(this, source, target, plan, keepsItems);
        _ends = new MapEnds<TItem, TResult>(mode);
        if (mode == MapMode.Collect && typeof(TResult) != typeof(NoResult) && source.Total is { } total) _values = new TResult[total];
        if (progress is not null) _reporter = new MapReporter(progress, source.Total);
    }

    public bool IsStopped => _isStopped;

    /// <summary>What holds for each item.</summary>
    public PoolWorkOptions Options => _options;

    /// <summary>Where long arguments go.</summary>
    public SegmentHeap? Heap => _core.Heap;

    /// <summary>
    /// How many more items the pool takes. Where it takes none, one may wait in line with the calls and the other maps, whose
    /// acceptance asks again: so each gets its turn, and no map more than that.
    /// </summary>
    public long Room => _core.Room is > 0 and var room ? room : _lastSent is { WaitsForAdmission: true } ? 0 : 1;

    /// <summary>Items that are done with.</summary>
    public long Settled => Volatile.Read(ref _settled);

    /// <summary>Items that nothing is kept for any more but, of a map that collects, a value.</summary>
    public long Consumed => _mode == MapMode.Collect ? Settled : _ends.Taken;

    public int OpenChunks => Volatile.Read(ref _openChunks);

    /// <summary>What a result takes, on average.</summary>
    public long AverageBytes => Settled is > 0 and var settled ? Volatile.Read(ref _bytes) / settled : 0;

    public int Version => _ends.Version;

    /// <summary>Whether nothing more comes for the consumer.</summary>
    public bool IsOver => _isAbandoned || (IsSettled && (_mode == MapMode.Collect || _ends.Taken == _feed.Pulled || _isStopped)) || HasFailed;

    /// <summary>
    /// Whether a failure has stopped a map that collects, and all that ran has ended. A source that may take any time is left to
    /// who fetches from it: it may give nothing before its owner hears of just this failure.
    /// </summary>
    private bool HasFailed => _mode == MapMode.Collect && _isStopped && _feed.MayBlock && Settled == _feed.Pulled;

    /// <summary>Whether all that was taken from the source has ended and no more follows.</summary>
    private bool IsSettled => _feed.IsOver && Settled == _feed.Pulled;

    /// <exception cref="ObjectDisposedException">The pool is closed.</exception>
    public void Begin(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _core.Life.BeginOperation(this);
        string? traceParent;
        try
        {
            _span = CallSpans.Begin("map", _core.Settings.Name, out traceParent);
        }
        catch
        {
            _core.Life.EndOperation(this); // A listener threw: nobody will end what has not begun.
            throw;
        }

        _hasBegun = true;
        if (traceParent is not null) _options = _options with { TraceParent = traceParent };
        if (cancellationToken.CanBeCanceled)
            _cancellation = cancellationToken.UnsafeRegister(static (run, token) => ((MapRun<TItem, TResult>)run!).Stop(new OperationCanceledException(token), cancelsRunning: true), this);
    }

    /// <inheritdoc cref="MapFeed{TItem, TResult}.Schedule"/>
    public void SchedulePump() => _feed.Schedule();

    /// <inheritdoc cref="MapFeed{TItem, TResult}.PumpAsync"/>
    public Task PumpAsync() => _feed.PumpAsync();

    /// <summary>
    /// Has items fetched for a consumer that blocks: on its own thread, by <see cref="PumpAsync"/>, or, where the source may take
    /// its time, beside it, so that it gets what is there meanwhile. That thread has the usual stack: it runs the user's code.
    /// </summary>
    /// <returns>Whether the consumer is to pump; where not, it is to say what it has taken (<see cref="WakeFeed"/>).</returns>
    public bool BeginFeed()
    {
        if (!_feed.MayBlock) return true;
        new Thread(Feed) { IsBackground = true, Name = $"Procgen map {_core.Settings.Name}" }.Start();
        return false;
    }

    /// <summary>The consumer has taken an item: wakes the thread that feeds, where it waits for just that.</summary>
    public void WakeFeed()
    {
        if (_feed.IsWanted) _ends.Signal(wakesTask: false);
    }

    /// <inheritdoc cref="MapEnds{TItem, TResult}.TryTake"/>
    public bool TryTake(out MapChunk<TItem, TResult> chunk, out int index)
    {
        index = 0;
        chunk = null!;
        return !_isAbandoned && _ends.TryTake(out chunk, out index);
    }

    /// <inheritdoc cref="MapEnds{TItem, TResult}.WaitAsync"/>
    public Task WaitAsync(int version) => _ends.WaitAsync(version);

    /// <inheritdoc cref="MapEnds{TItem, TResult}.Wait"/>
    public void Wait(int version) => _ends.Wait(version);

    /// <summary>Throws what ended it early.</summary>
    public void ThrowIfFailed()
    {
        if ((Volatile.Read(ref _stopReason) ?? _feed.Error) is { } error) ExceptionDispatchInfo.Throw(error);
    }

    /// <summary>All values, in order: of a map that collects.</summary>
    public TResult[] ToArray()
    {
        TResult[] all = _values?.Length == _feed.Pulled ? _values : new TResult[_feed.Pulled];
        _ends.CopyTo(all);
        return all;
    }

    /// <summary>The last word about progress, before the caller hears of the end.</summary>
    public Task ReportEndAsync() => _reporter?.EndAsync(Volatile.Read(ref _returned), Volatile.Read(ref _failed)) ?? Task.CompletedTask;

    /// <summary>Takes no more items; what has not begun is dropped.</summary>
    public void Stop(Exception reason, bool cancelsRunning)
    {
        if (Interlocked.CompareExchange(ref _stopReason, reason, null) is not null && !cancelsRunning) return;
        _isAbandoned |= cancelsRunning;
        _isStopped = true;
        _ = _feed.CancelSourceAsync(); // Its exception comes after the reason, which stays.
        _core.Withdraw(work => work is MapChunk<TItem, TResult> chunk && chunk.IsOf(this), cancelsRunning);
        Signal();
    }

    /// <summary>The pool has ended: nothing that is out there comes back.</summary>
    public void Break(Exception reason)
    {
        _isAbandoned = true;
        Stop(reason, cancelsRunning: false);
        Signal();
    }

    /// <summary>More workers want more at a time. A map that has sent nothing yet will see how many there are.</summary>
    public void OnResized()
    {
        if (_lastSent is not null) Signal();
    }

    /// <summary>Where nothing more was to come, what has come is still read.</summary>
    public void OnPoolEnded(Exception reason)
    {
        if (!IsSettled) Break(reason);
    }

    /// <summary>Ends the map for good: once, by its consumer.</summary>
    public async Task EndAsync()
    {
        if (!_hasBegun || Interlocked.Exchange(ref _hasEnded, 1) == 1) return;
        _cancellation.Unregister();
        if (!IsSettled) Stop(new OperationCanceledException(), cancelsRunning: true);
        _isStopped = true;
        _reporter?.Stop();
        _core.Life.EndOperation(this);

        // Told before the consumer goes on: what it gives a source that waits is not for this map any more. What the source does then may take longer than is waited for.
        if (Volatile.Read(ref _stopReason) is not null) await _feed.CancelSourceAsync().WaitAsync(ToldWithin).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _feed.EndAsync().ConfigureAwait(false);
        CallSpans.End(_span, Volatile.Read(ref _stopReason) ?? _feed.Error);
    }

    /// <summary>Sends a chunk to the workers. Called by who pumps.</summary>
    public void Send(MapChunk<TItem, TResult> chunk, EncodedItems items)
    {
        if (_values is not null && chunk.Start + items.Count <= _values.Length) chunk.Take(items, _values, (int)chunk.Start);
        else chunk.Take(items);
        Expect(chunk);
        _lastSent = chunk;
        _core.SubmitPart(chunk);
    }

    /// <summary>Instead of being sent, a chunk's one item fails. Called by who pumps.</summary>
    public void Refuse(MapChunk<TItem, TResult> chunk, Exception error)
    {
        chunk.Take(EncodedItems.None);
        Expect(chunk);
        chunk.Fail(0, error);
        chunk.Settle(1);
    }

    public void OnReturned(MapChunk<TItem, TResult> chunk, int index, int count, long bytes)
    {
        Interlocked.Add(ref _bytes, bytes);
        if (_reporter is not null) Interlocked.Add(ref _returned, count); // Not what is settled: that may have been dropped.
        _ends.Add(chunk, index, count);
    }

    public void OnFailed(MapChunk<TItem, TResult> chunk, int index, Exception error)
    {
        Interlocked.Increment(ref _failed);
        _ends.Add(chunk, index, 1);
        if (_mode == MapMode.Collect && _stopsOnFailure) Stop(error, cancelsRunning: false);
    }

    /// <summary>Under the pool's lock, or without it.</summary>
    public void OnSettling(int count)
    {
        Interlocked.Add(ref _settled, count);
        Signal();
    }

    /// <summary>A chunk need not wait any longer, so that another may. Under the pool's lock.</summary>
    public void OnChunkAdmitted() => Signal();

    /// <summary>Under the pool's lock.</summary>
    public void OnChunkSettled()
    {
        Interlocked.Decrement(ref _openChunks);

        // Who feeds may have been told of the items while the chunk still counted.
        Signal();
    }

    /// <summary>Something has changed: wakes who waits for it.</summary>
    public void Signal()
    {
        _ends.Signal(_mode != MapMode.Collect || IsOver);
        _feed.Schedule();
        _reporter?.Report(Volatile.Read(ref _returned), Volatile.Read(ref _failed));
    }

    private void Feed()
    {
        while (true)
        {
            int version = Version;
            PumpAsync().GetAwaiter().GetResult();
            if (_feed.IsOver) return;
            Wait(version);
        }
    }

    private void Expect(MapChunk<TItem, TResult> chunk)
    {
        Interlocked.Increment(ref _openChunks);
        _ends.Expect(chunk);
    }
}
