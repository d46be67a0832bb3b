using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Procgen.Calls;
using Procgen.CompilerServices;

namespace Procgen.Pools;

/// <summary>
/// Takes a map's items from their source as the workers need them, and sends them in chunks. Whoever pumps is alone with
/// the source; anybody may ask for it.
/// </summary>
internal sealed class MapFeed<TItem, TResult>(
    MapRun<TItem, TResult> run, ItemSource<TItem> source, Func<TItem, ProcessCall> target, MapPlan plan, bool keepsItems)
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(4);
    private ProcessCall? _carried;
    private TItem _carriedItem = default!;
    private long _pulled;
    private volatile bool _sourceEnded;
    private int _isPumping;
    private int _isScheduled;
    private volatile bool _isDisposed;

    // Watched while the source may take its time.
    private ChunkInHand<TItem, TResult>? _inHand;
    private int _isWatching;

    /// <summary>How many items have been taken from the source.</summary>
    public long Pulled => Volatile.Read(ref _pulled);

    /// <summary>What the source threw, or what made an item's call.</summary>
    public Exception? Error { get; private set; }

    /// <inheritdoc cref="ItemSource{TItem}.MayBlock"/>
    public bool MayBlock => source.MayBlock;

    /// <summary>Whether no more are taken.</summary>
    public bool IsOver => (_sourceEnded || run.IsStopped) && Volatile.Read(ref _isPumping) == 0;

    /// <summary>
    /// Whether the workers want items that nobody fetches. Who pumps looks again after the last step: a thread woken beside it
    /// would only be in its way.
    /// </summary>
    public bool IsWanted => Volatile.Read(ref _isPumping) == 0 && IsHungry();

    /// <summary>Has a thread of the pool fetch items, where the workers want some.</summary>
    public void Schedule()
    {
        if (!IsWanted || Interlocked.Exchange(ref _isScheduled, 1) == 1) return;
        ThreadPool.UnsafeQueueUserWorkItem(
            static feed =>
            {
                Volatile.Write(ref feed._isScheduled, 0);
                _ = feed.PumpAsync();
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
                while (IsHungry())
                {
                    if (!TrySendChunk()) await source.WaitAsync().ConfigureAwait(false);
                }
            }
            catch (Exception error)
            {
                EndSource(error);
            }

            await FinishPumpAsync(_sourceEnded || run.IsStopped).ConfigureAwait(false);
        }

        // It may have been stopped just then, by somebody who found this pumping and left the source to it.
        if (run.IsStopped && !_isDisposed) await EndAsync().ConfigureAwait(false);
    }

    /// <summary>Takes no more. The source is disposed here, or by who pumps.</summary>
    public async Task EndAsync()
    {
        if (TryPump()) await FinishPumpAsync(dispose: true).ConfigureAwait(false);
    }

    /// <inheritdoc cref="ItemSource{TItem}.CancelAsync"/>
    public Task CancelSourceAsync() => source.CancelAsync();

    private bool IsHungry() => !_sourceEnded && !run.IsStopped && Room() > 0 && plan.IsHungry(run.OpenChunks);

    /// <summary>How many more items may be on their way.</summary>
    private long Room() => Math.Min(plan.Window(run.AverageBytes) - (Pulled - run.Consumed), run.Room);

    private bool TryPump() => Interlocked.CompareExchange(ref _isPumping, 1, 0) == 0;

    private async ValueTask FinishPumpAsync(bool dispose)
    {
        if (dispose && !_isDisposed)
        {
            _isDisposed = true;
            _sourceEnded = true;
            try
            {
                await source.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception error)
            {
                Error ??= error;
            }
        }

        // A full fence: whoever settles the last item looks at this after it has counted, this looks at the count afterwards.
        Interlocked.Exchange(ref _isPumping, 0);
        run.Signal();
    }

    private void EndSource(Exception? error)
    {
        Error ??= error;
        _sourceEnded = true;
    }

    /// <returns>False where the source has to be waited for.</returns>
    private bool TrySendChunk()
    {
        if (_carried is null)
        {
            SourceStep step = Step(out _carriedItem!, out _carried);
            if (step != SourceStep.Item) return step == SourceStep.End;
        }

        Target chunkTarget = _carried!.Target;
        long started = Stopwatch.GetTimestamp();
        var chunk = new MapChunk<TItem, TResult>(run, chunkTarget, run.Options, _pulled, plan.Unit, keepsItems ? [] : null);
        using ItemEncoder encoder = ItemEncoder.Rent(run.Heap);
        ChunkInHand<TItem, TResult>? inHand = source.MayBlock ? new ChunkInHand<TItem, TResult>(chunk, encoder, started) : null;
        if (inHand is not null)
        {
            Volatile.Write(ref _inHand, inHand);
            BeginWatch();
        }

        Exception? problem = Encode(chunk, encoder, plan.SizeOfChunk(chunkTarget, source.Total - _pulled, Room()), started, inHand);
        Volatile.Write(ref _inHand, null);
        if (inHand is { HasLeft: true }) return true;
        if (encoder.Count > 0) Send(chunk, encoder, started);
        else chunk.Handles.Withdraw(); // Of the one item, which could not be encoded to its end.
        if (problem is not null) Refuse(chunkTarget, problem);
        return true;
    }

    private void Send(MapChunk<TItem, TResult> chunk, ItemEncoder encoder, long started)
    {
        plan.HasTaken(encoder.Count, Stopwatch.GetTimestamp() - started);
        Volatile.Write(ref _pulled, _pulled + encoder.Count);
        run.Send(chunk, encoder.ToItems());
    }

    private void BeginWatch()
    {
        if (Interlocked.Exchange(ref _isWatching, 1) == 0) Deadlines.Schedule(WatchInterval, LookAtSource);
    }

    /// <summary>Sends what there is where the source is not through with its next item yet. On the deadlines' thread, now and then, as long as something may wait.</summary>
    private void LookAtSource()
    {
        if (Volatile.Read(ref _inHand) is { } inHand && inHand.TryTake())
        {
            try
            {
                Send(inHand.Chunk, inHand.Encoder, inHand.Started);
            }
            catch (Exception error)
            {
                EndSource(error);
            }

            Volatile.Write(ref _inHand, null);
            inHand.Leave();
        }

        // Who begins the next one looks whether it is watched after it has shown it; this looks the other way round.
        Interlocked.Exchange(ref _isWatching, 0);
        if (Volatile.Read(ref _inHand) is not null) BeginWatch();
    }

    /// <summary>
    /// Encodes items up to the first that cannot be, or that calls another target: that one is carried to the next chunk. What
    /// the source throws ends it, and what came before it is still done.
    /// </summary>
    /// <returns>Why the carried item cannot be encoded.</returns>
    /// <remarks>The runtime replaces the loop while it runs: the final code knows from the first what source, calls and codecs it meets.</remarks>
    private Exception? Encode(MapChunk<TItem, TResult> chunk, ItemEncoder encoder, int size, long started, ChunkInHand<TItem, TResult>? inHand)
    {
        // In locals: a field of a class that refers to another costs as much again as all of a small item.
        PayloadWriter writer = encoder.BeginItems(chunk.Handles);
        Target chunkTarget = chunk.Target;
        ProcessCall? call = _carried;
        TItem item = _carriedItem;
        bool isPulling = false; // One region for both kinds of errors: with one around each step its values would be passed in memory.
        Exception? problem = null;
        try
        {
            while (true)
            {
                encoder.Append(call!, ref writer);
                chunk.Keep(item, call!);
                call = null;
                if (encoder.Count >= size || encoder.Length >= MapPlan.ChunkBytes || run.IsStopped || plan.IsOverdue(encoder.Count, started)) break;
                isPulling = true;
                SourceStep step = inHand is null ? Step(out item!, out call) : Step(inHand, ref writer, out item!, out call);
                if (step != SourceStep.Item || !ReferenceEquals(call!.Target, chunkTarget)) break;
                isPulling = false;
            }
        }
        catch (Exception error) when (isPulling)
        {
            EndSource(error);
            inHand?.TryReturn();
        }
        catch (Exception error)
        {
            encoder.Undo(ref writer);
            call = null;
            problem = error;
        }

        if (problem is null) writer.Flush();
        _carried = call;
        _carriedItem = item;
        return problem;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private SourceStep Step([MaybeNull] out TItem item, out ProcessCall? call)
    {
        SourceStep step = source.Step(out item);
        call = step == SourceStep.Item ? target(item!) ?? throw new InvalidOperationException("The map's function returned null instead of a call.") : null;
        if (step == SourceStep.End) EndSource(null);
        return step;
    }

    /// <summary>The same while another thread may send what there is; where one has, a further item is for later, though it is there.</summary>
    private SourceStep Step(ChunkInHand<TItem, TResult> inHand, ref PayloadWriter writer, [MaybeNull] out TItem item, out ProcessCall? call)
    {
        writer.Flush();
        inHand.GoToSource();
        SourceStep step = Step(out item, out call);
        return inHand.TryReturn() || step != SourceStep.Item ? step : SourceStep.Later;
    }

    /// <summary>An item that cannot be encoded fails at its place.</summary>
    private void Refuse(Target chunkTarget, Exception error)
    {
        var chunk = new MapChunk<TItem, TResult>(run, chunkTarget, run.Options, _pulled, null, keepsItems ? [_carriedItem] : null);
        Volatile.Write(ref _pulled, _pulled + 1);
        run.Refuse(chunk, error);
    }
}
