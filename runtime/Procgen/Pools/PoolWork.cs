using Procgen.CompilerServices;
using Procgen.Launching;

namespace Procgen.Pools;

/// <summary>
/// Items of one target that were submitted together, encoded: one call, or a chunk of a map. Each item ends exactly once;
/// the results come on the link threads of the workers that had them.
/// </summary>
internal abstract class PoolWork(Target target, PoolWorkOptions options)
{
    private int _unsettled;
    private volatile bool _waitsForAdmission;

    public Target Target { get; } = target;

    public PoolWorkOptions Options { get; } = options;

    /// <summary>The items' arguments.</summary>
    public EncodedItems Items { get; private set; } = EncodedItems.None;

    public int Count { get; private set; }

    /// <summary>How many items go to a worker together, at least: fewer are only what others left.</summary>
    public int Unit { get; protected init; } = int.MaxValue;

    /// <summary>Its place among works of equal priority.</summary>
    public long Sequence { get; set; }

    /// <summary>Waits to be accepted. Set under the pool's lock; any thread may look.</summary>
    public bool WaitsForAdmission
    {
        get => _waitsForAdmission;
        set => _waitsForAdmission = value;
    }

    /// <summary>How many of its items wait in the pool's queue. Under the pool's lock.</summary>
    public int Queued { get; set; }

    /// <summary>Counted out while it still had a place in the queue, which means nothing any more. Under the pool's lock.</summary>
    public bool IsDropped { get; set; }

    /// <summary>When it was submitted, by the system's monotonic clock.</summary>
    public long SubmittedAt { get; set; }

    /// <summary>False once nobody waits for what has not begun.</summary>
    public abstract bool IsWanted { get; }

    /// <summary>The pool's own: it belongs to one worker and counts nowhere.</summary>
    public virtual bool IsInternal => false;

    /// <summary>Whether progress was reported: then the end goes the same way, so that it comes after.</summary>
    public virtual bool HasReported
    {
        get => false;
        set { }
    }

    /// <summary>Takes the encoded items over.</summary>
    public void SetItems(EncodedItems items)
    {
        Items = items;
        Count = items.Count;
        _unsettled = Count;
    }

    /// <summary>An item returned.</summary>
    public abstract void Complete(int index, ReadOnlySpan<byte> payload);

    /// <summary>Items of one batch returned, one after another.</summary>
    /// <param name="results">What they returned; what follows them stays there.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="first">The place of the batch's first item in this work.</param>
    /// <returns>How many.</returns>
    public virtual int Complete(ref ResultCursor results, uint batch, int first)
    {
        int count = 0;
        while (results.TryTakeReturned(batch, out int index, out ReadOnlySpan<byte> payload))
        {
            Complete(first + index, payload);
            count++;
        }

        return count;
    }

    /// <summary>An item threw.</summary>
    public abstract void Fail(int index, ReadOnlySpan<byte> payload, string origin);

    /// <summary>An item's worker died or ran out of time.</summary>
    public abstract void Fail(int index, Exception error);

    /// <summary>Whether an item is known here to have ended. Where it is not, the item may have: it has reported, or nobody needs to know.</summary>
    public virtual bool HasEnded(int index) => false;

    /// <summary>The pool has ended, and nothing more comes. For an <see cref="OperationCanceledException"/> it was terminated.</summary>
    public abstract void Abandon(Exception reason);

    /// <summary>False for what must not be run again after a crash: a stream that has yielded.</summary>
    public virtual bool CanRunAgain => true;

    /// <summary>It was accepted after it had to wait. Under the pool's lock.</summary>
    public virtual void OnAdmitted()
    {
    }

    /// <summary>Items of it go to a worker. Under the pool's lock.</summary>
    public virtual void OnAssigned(Assignment assignment)
    {
    }

    /// <summary>An item's target reports to its caller's progress: on a callback thread.</summary>
    /// <param name="index">The item.</param>
    /// <param name="argument">Which progress.</param>
    /// <param name="payload">The value.</param>
    public virtual void Report(int index, int argument, ReadOnlySpan<byte> payload)
    {
    }

    /// <summary>An item's end will be told on a callback thread, after its reports, though the item is settled before. <see cref="EndLate"/> follows.</summary>
    public virtual void BeLate()
    {
    }

    /// <summary>It has been told.</summary>
    public virtual void EndLate()
    {
    }

    /// <summary>Below 0 where it goes before <paramref name="other"/>.</summary>
    public int CompareTo(PoolWork other) => Options.Priority != other.Options.Priority
        ? other.Options.Priority.CompareTo(Options.Priority)
        : Sequence.CompareTo(other.Sequence);

    /// <summary>That many items are done with: ended, or dropped because nobody wants them.</summary>
    /// <returns>True for the last of them.</returns>
    public bool Settle(int count)
    {
        OnSettling(count);
        if (Interlocked.Add(ref _unsettled, -count) != 0) return false;
        Items.Segment?.Release();
        Items = Items with { Array = [], Segment = null }; // Who keeps this for its results keeps no arguments.
        OnSettled();
        return true;
    }

    /// <summary>Under the pool's lock.</summary>
    protected virtual void OnSettling(int count)
    {
    }

    /// <summary>Under the pool's lock.</summary>
    protected virtual void OnSettled()
    {
    }
}

/// <summary>What holds for each item.</summary>
internal sealed record PoolWorkOptions(int Priority, TimeSpan Timeout, int Retries, string? TraceParent)
{
    public static readonly PoolWorkOptions Internal = new(int.MaxValue, System.Threading.Timeout.InfiniteTimeSpan, 0, null);

    public bool IsTimed => Timeout != System.Threading.Timeout.InfiniteTimeSpan;
}
