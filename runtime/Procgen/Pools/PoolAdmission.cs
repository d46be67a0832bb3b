using System.Diagnostics.CodeAnalysis;

namespace Procgen.Pools;

/// <summary>How much may be accepted and not have ended. What goes beyond waits here, in order. Under the pool's lock.</summary>
internal sealed class PoolAdmission(PoolSettings settings)
{
    private readonly PriorityQueue<PoolWork, (int Priority, long Sequence)> _waiting = new();
    private long _items;
    private long _bytes;

    /// <summary>Nothing that was accepted, or waits to be, has not ended.</summary>
    public bool IsEmpty => _items == 0 && _waiting.Count == 0;

    public long WaitingItems { get; private set; }

    /// <summary>False where the work has to wait.</summary>
    public bool TryEnter(PoolWork work, bool always)
    {
        if (!always && (_waiting.Count > 0 || !Fits(work)))
        {
            _waiting.Enqueue(work, (-work.Options.Priority, work.Sequence));
            WaitingItems += work.Count;
            return false;
        }

        Count(work, 1);
        return true;
    }

    public void Leave(PoolWork work) => Count(work, -1);

    public bool TryAdmit([NotNullWhen(true)] out PoolWork? work)
    {
        while (_waiting.TryPeek(out work, out _))
        {
            if (work.IsWanted && !Fits(work)) return false;
            _waiting.Dequeue();
            WaitingItems -= work.Count;
            if (!work.IsWanted)
            {
                work.Settle(work.Count);
                continue;
            }

            Count(work, 1);
            return true;
        }

        return false;
    }

    public void Drop(Predicate<PoolWork> isUnwanted)
    {
        if (_waiting.Count == 0) return;
        foreach (PoolWork work in RemoveAll())
        {
            if (isUnwanted(work))
            {
                work.Settle(work.Count);
                continue;
            }

            _waiting.Enqueue(work, (-work.Options.Priority, work.Sequence));
            WaitingItems += work.Count;
        }
    }

    public List<PoolWork> RemoveAll()
    {
        List<PoolWork> all = [.. _waiting.UnorderedItems.Select(static entry => entry.Element)];
        _waiting.Clear();
        WaitingItems = 0;
        return all;
    }

    /// <summary>One that is alone always fits, or it never would.</summary>
    private bool Fits(PoolWork work) =>
        _items == 0 || (_items + work.Count <= settings.MaxPendingCalls && _bytes + work.ItemsLength <= settings.MaxPendingBytes);

    private void Count(PoolWork work, int sign)
    {
        _items += sign * work.Count;
        _bytes += sign * (long)work.ItemsLength;
    }
}
