using Procgen.CompilerServices;

namespace Procgen.Pools;

/// <summary>
/// Items of one target that were submitted together, encoded: one call, or a chunk of a map. Each item ends exactly once;
/// the results come on the link threads of the workers that had them.
/// </summary>
internal abstract class PoolWork(Target target, PoolWorkOptions options)
{
    private int _unsettled;

    public Target Target { get; } = target;

    public PoolWorkOptions Options { get; } = options;

    /// <summary>The items, each an int32 length and its arguments.</summary>
    public byte[] Items { get; private set; } = [];

    public int ItemsLength { get; private set; }

    public int Count { get; private set; }

    /// <summary>Its place among works of equal priority.</summary>
    public long Sequence { get; set; }

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
    public void SetItems(byte[] items, int length, int count)
    {
        Items = items;
        ItemsLength = length;
        Count = count;
        _unsettled = count;
    }

    /// <summary>An item returned.</summary>
    public abstract void Complete(int index, ReadOnlySpan<byte> payload);

    /// <summary>An item threw.</summary>
    public abstract void Fail(int index, ReadOnlySpan<byte> payload, string origin);

    /// <summary>An item's worker died or ran out of time.</summary>
    public abstract void Fail(int index, Exception error);

    /// <summary>The pool was terminated.</summary>
    public abstract void Abandon(CancellationToken token);

    /// <summary>False for what must not be run again after a crash: a stream that has yielded.</summary>
    public virtual bool CanRunAgain => true;

    public virtual void Report(int argument, ReadOnlySpan<byte> payload)
    {
    }

    /// <summary>That many items are done with: ended, or dropped because nobody wants them.</summary>
    /// <returns>True for the last of them.</returns>
    public bool Settle(int count)
    {
        OnSettling(count);
        if (Interlocked.Add(ref _unsettled, -count) != 0) return false;
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
