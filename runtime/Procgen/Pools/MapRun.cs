using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using Procgen.CompilerServices;

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
/// One map under way: takes items from its source as the workers need them, sends them in chunks, and keeps the ends until
/// they are read. Whoever pumps is alone with the source; link threads bring the ends; one consumer reads.
/// </summary>
/// <remarks>Locks are taken in the order: the pool's, then this one's. No user code runs under either.</remarks>
internal sealed class MapRun<TItem, TResult>
{
    private readonly object _gate = new();
    private readonly PoolCore _core;
    private readonly ItemSource<TItem> _source;
    private readonly Func<TItem, ProcessCall> _target;
    private readonly MapPlan _plan;
    private readonly PoolWorkOptions _options;
    private readonly MapMode _mode;
    private readonly bool _keepsItems;
    private readonly bool _stopsOnFailure;
    private readonly MapReporter? _reporter;
    private readonly Queue<MapChunk<TItem, TResult>> _chunks = new();
    private readonly Queue<(MapChunk<TItem, TResult> Chunk, int Index)> _answered = new();
    private Target? _lastTarget;
    private ProcessCall? _carried;
    private Exception? _sourceError;
    private Exception? _stopReason;
    private TaskCompletionSource? _waiter;
    private CancellationTokenRegistration _cancellation;
    private long _pulled;
    private long _settled;
    private long _failed;
    private long _taken;
    private long _bytes;
    private int _openChunks;
    private int _headIndex;
    private int _version;
    private int _isScheduled;
    private volatile bool _isStopped;
    private bool _isPumping;
    private bool _sourceEnded;
    private bool _hasBegun;
    private int _hasEnded;
    private bool _isDisposed;
    private volatile bool _isAbandoned;
    private TItem _carriedItem = default!;
    private Task<bool>? _next;

    public MapRun(
        PoolCore core, ItemSource<TItem> source, Func<TItem, ProcessCall> target, MapPlan plan, PoolWorkOptions workOptions, IProgress<MapProgress>? progress, MapMode mode, bool keepsItems, bool stopsOnFailure)
    {
        _core = core;
        _source = source;
        _target = target;
        _plan = plan;
        _options = workOptions;
        _mode = mode;
        _keepsItems = keepsItems;
        _stopsOnFailure = stopsOnFailure;
        if (progress is not null) _reporter = new MapReporter(progress, source.Total);
    }

    public bool IsStopped => _isStopped;

    /// <summary>The first reason to stop: a failure, cancellation, the end of the pool.</summary>
    private Exception? StopReason => Volatile.Read(ref _stopReason);

    /// <summary>Throws what ended it early.</summary>
    public void ThrowIfFailed()
    {
        if ((StopReason ?? _sourceError) is { } error) ExceptionDispatchInfo.Throw(error);
    }

    /// <summary>All values, in order: of a map that collects.</summary>
    public TResult[] ToArray()
    {
        var all = new TResult[_pulled];
        foreach (MapChunk<TItem, TResult> chunk in _chunks) chunk.Values.CopyTo(all, chunk.Start);
        return all;
    }

    /// <summary>Whether all that was taken from the source has ended and no more follows.</summary>
    private bool IsSettled => (_sourceEnded || _isStopped) && !_isPumping && _settled == _pulled;

    /// <exception cref="ObjectDisposedException">The pool is closed.</exception>
    public void Begin(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _core.BeginOperation();
        _hasBegun = true;
        if (cancellationToken.CanBeCanceled)
            _cancellation = cancellationToken.UnsafeRegister(static (run, token) => ((MapRun<TItem, TResult>)run!).Stop(new OperationCanceledException(token), cancelsRunning: true), this);
    }

    /// <summary>Takes no more items; what has not begun is dropped.</summary>
    public void Stop(Exception reason, bool cancelsRunning)
    {
        if (Interlocked.CompareExchange(ref _stopReason, reason, null) is not null && !cancelsRunning) return;
        _isAbandoned |= cancelsRunning || reason is OperationCanceledException;
        _isStopped = true;
        _core.Withdraw(IsOwn, cancelsRunning);
        Signal();
    }

    /// <summary>Ends the map for good: once, by its consumer. The source is disposed here, or by who pumps.</summary>
    public async Task EndAsync()
    {
        if (!_hasBegun || Interlocked.Exchange(ref _hasEnded, 1) == 1) return;
        _cancellation.Unregister();
        if (!IsSettled) Stop(new OperationCanceledException(), cancelsRunning: true);
        _isStopped = true;
        _core.EndOperation();
        if (TryPump()) await FinishPumpAsync(dispose: true).ConfigureAwait(false);
    }

    public void CountBytes(int length) => Volatile.Write(ref _bytes, _bytes + length);

    public void OnReturned(MapChunk<TItem, TResult> chunk, int index)
    {
        if (_mode != MapMode.Unordered) return;
        lock (_gate) _answered.Enqueue((chunk, index));
    }

    public void OnFailed(MapChunk<TItem, TResult> chunk, int index, Exception error)
    {
        Interlocked.Increment(ref _failed);
        OnReturned(chunk, index);
        if (_mode == MapMode.Collect && _stopsOnFailure) Stop(error, cancelsRunning: false);
    }

    /// <summary>Under the pool's lock.</summary>
    public void OnSettling(int count)
    {
        Interlocked.Add(ref _settled, count);
        Signal();
    }

    public void OnChunkSettled() => Interlocked.Decrement(ref _openChunks);

    /// <summary>The next end in order; false where it has not come.</summary>
    public bool TryTake(out MapChunk<TItem, TResult> chunk, out int index)
    {
        lock (_gate)
        {
            index = 0;
            chunk = null!;
            if (_isAbandoned) return false;
            if (_mode == MapMode.Unordered)
            {
                if (!_answered.TryDequeue(out (MapChunk<TItem, TResult> Chunk, int Index) answered)) return false;
                (chunk, index) = answered;
            }
            else
            {
                if (!_chunks.TryPeek(out chunk!) || chunk.StateOf(_headIndex) == ItemState.Open) return false;
                index = _headIndex++;
                if (_headIndex == chunk.Count)
                {
                    _chunks.Dequeue();
                    _headIndex = 0;
                }
            }
        }

        _taken++;
        return true;
    }

    /// <summary>Whether nothing more comes for the consumer.</summary>
    public bool IsOver => _isAbandoned || (IsSettled && (_mode == MapMode.Collect || _taken == _pulled || _isStopped));

    public int Version
    {
        get
        {
            lock (_gate) return _version;
        }
    }

    /// <summary>Waits until something has happened since <paramref name="version"/>.</summary>
    public Task WaitAsync(int version)
    {
        lock (_gate)
        {
            if (_version != version) return Task.CompletedTask;
            _waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiter.Task;
        }
    }

    /// <inheritdoc cref="WaitAsync"/>
    public void Wait(int version)
    {
        lock (_gate)
        {
            while (_version == version) Monitor.Wait(_gate);
        }
    }

    /// <summary>Has a thread of the pool fetch items, where the workers want some.</summary>
    public void SchedulePump()
    {
        if (!IsHungry() || Interlocked.Exchange(ref _isScheduled, 1) == 1) return;
        ThreadPool.UnsafeQueueUserWorkItem(
            static run =>
            {
                Volatile.Write(ref run._isScheduled, 0);
                _ = run.PumpAsync();
            },
            this, preferLocal: false);
    }

    /// <summary>Fetches items on the calling thread while the workers want some; at once over where another thread does.</summary>
    public async Task PumpAsync()
    {
        while (IsHungry() && TryPump())
        {
            try
            {
                while (IsHungry()) await SendChunkAsync().ConfigureAwait(false);
            }
            catch (Exception error)
            {
                _sourceError = error;
                _sourceEnded = true;
            }

            await FinishPumpAsync(_sourceEnded || _isStopped).ConfigureAwait(false);
        }
    }

    /// <summary>The last word about progress, before the caller hears of the end.</summary>
    public Task ReportEndAsync() => _reporter?.EndAsync(_settled - _failed, _failed) ?? Task.CompletedTask;

    private bool IsHungry()
    {
        if (_sourceEnded || _isStopped) return false;
        long settled = Volatile.Read(ref _settled);
        if (_pulled - (_mode == MapMode.Collect ? settled : Volatile.Read(ref _taken)) >= _plan.Window(settled == 0 ? 0 : Volatile.Read(ref _bytes) / settled)) return false;
        return _plan.IsHungry(_lastTarget, Volatile.Read(ref _openChunks), _pulled - settled);
    }

    private bool TryPump()
    {
        lock (_gate)
        {
            if (_isPumping) return false;
            return _isPumping = true;
        }
    }

    private async ValueTask FinishPumpAsync(bool dispose)
    {
        if (dispose && !_isDisposed)
        {
            _isDisposed = true;
            _sourceEnded = true;
            try
            {
                await _source.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception error)
            {
                _sourceError ??= error;
            }
        }

        lock (_gate) _isPumping = false;
        Signal();
    }

    private async ValueTask SendChunkAsync()
    {
        ProcessCall? call = _carried;
        _carried = null;
        if (call is null && (call = await NextAsync().ConfigureAwait(false)) is null) return;
        Target target = _lastTarget = call.Target;
        int size = _plan.SizeOfChunk(target, _source.Total - _pulled, Room());
        using ItemEncoder encoder = ItemEncoder.Rent();
        List<TItem>? items = _keepsItems ? [] : null;
        var chunk = new MapChunk<TItem, TResult>(this, target, _options, _pulled, items);
        long started = Stopwatch.GetTimestamp();
        while (call is not null)
        {
            if (!ReferenceEquals(call.Target, target))
            {
                _carried = call;
                break;
            }

            if (!TryEncode(call, chunk, encoder, out Exception? problem))
            {
                if (encoder.Count > 0) Send(chunk, encoder);
                Refuse(target, problem);
                return;
            }

            items?.Add(_carriedItem);
            if (encoder.Count >= size || encoder.Length >= MapPlan.ChunkBytes || _isStopped) break;
            try
            {
                if (!IsNextAtHand()) break;
                call = await NextAsync().ConfigureAwait(false);
            }
            catch (Exception error)
            {
                // What came before it is still done.
                _sourceError = error;
                _sourceEnded = true;
                break;
            }
        }

        _plan.HasTaken(encoder.Count, Stopwatch.GetTimestamp() - started);
        Send(chunk, encoder);
    }

    /// <summary>The next item's call; null at the end of the source.</summary>
    private async ValueTask<ProcessCall?> NextAsync()
    {
        Task<bool>? begun = _next;
        _next = null;
        if (!(begun is null ? await _source.MoveNextAsync().ConfigureAwait(false) : await begun.ConfigureAwait(false)))
        {
            _sourceEnded = true;
            return null;
        }

        _carriedItem = _source.Current;
        return _target(_carriedItem);
    }

    /// <summary>Whether what has been taken need not wait for the next item.</summary>
    private bool IsNextAtHand()
    {
        if (_source.IsBlocking) return true;
        _next = _source.MoveNextAsync().AsTask();
        return _next.IsCompleted;
    }

    private static bool TryEncode(ProcessCall call, MapChunk<TItem, TResult> chunk, ItemEncoder encoder, [NotNullWhen(false)] out Exception? problem)
    {
        try
        {
            encoder.Append(call, chunk.Handles);
            problem = null;
            return true;
        }
        catch (Exception error)
        {
            problem = error;
            return false;
        }
    }

    private void Send(MapChunk<TItem, TResult> chunk, ItemEncoder encoder)
    {
        chunk.Take(encoder);
        Enlist(chunk);
        _core.SubmitPart(chunk);
    }

    /// <summary>An item that cannot be encoded fails at its place.</summary>
    private void Refuse(Target target, Exception error)
    {
        var chunk = new MapChunk<TItem, TResult>(this, target, _options, _pulled, _keepsItems ? [_carriedItem] : null);
        chunk.TakeUnencoded();
        Enlist(chunk);
        chunk.Fail(0, error);
        chunk.Settle(1);
    }

    private void Enlist(MapChunk<TItem, TResult> chunk)
    {
        Interlocked.Increment(ref _openChunks);
        lock (_gate)
        {
            _pulled += chunk.Count;
            if (_mode != MapMode.Unordered) _chunks.Enqueue(chunk);
        }
    }

    private long Room() => _plan.Window(0) - (_pulled - (_mode == MapMode.Collect ? Volatile.Read(ref _settled) : Volatile.Read(ref _taken)));

    /// <summary>Something has changed: wakes who waits for it.</summary>
    private void Signal()
    {
        TaskCompletionSource? waiter = null;
        lock (_gate)
        {
            _version++;
            Monitor.PulseAll(_gate);
            if (_mode != MapMode.Collect || IsOver)
            {
                waiter = _waiter;
                _waiter = null;
            }
        }

        waiter?.TrySetResult();
        SchedulePump();
        _reporter?.Report(Volatile.Read(ref _settled) - Volatile.Read(ref _failed), Volatile.Read(ref _failed));
    }

    private bool IsOwn(PoolWork work) => work is MapChunk<TItem, TResult> chunk && chunk.IsOf(this);
}
