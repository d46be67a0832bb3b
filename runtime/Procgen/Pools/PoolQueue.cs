namespace Procgen.Pools;

/// <summary>What waits for a worker: higher priority first, then in the order of submission. Under the pool's lock.</summary>
/// <param name="settle">Counts out items that are dropped.</param>
internal sealed class PoolQueue(Action<PoolWork, int> settle)
{
    private readonly PriorityQueue<WorkRange, (int Priority, long Sequence, int First)> _ranges = new(Comparer<(int Priority, long Sequence, int First)>.Create(Compare));

    /// <summary>How many items.</summary>
    public long Items { get; private set; }

    public int Count => _ranges.Count;

    public void Add(WorkRange range)
    {
        _ranges.Enqueue(range, (range.Work.Options.Priority, range.Work.Sequence, range.First));
        Items += range.Count;
    }

    /// <summary>The next that somebody waits for; drops what nobody does.</summary>
    public bool TryPeek(out WorkRange range)
    {
        while (_ranges.TryPeek(out range!, out _))
        {
            if (range.Work.IsWanted) return true;
            Remove();
            settle(range.Work, range.Count);
        }

        return false;
    }

    /// <summary>Removes what <see cref="TryPeek"/> returned.</summary>
    public void Remove() => Items -= _ranges.Dequeue().Count;

    /// <summary>Removes all.</summary>
    public List<WorkRange> RemoveAll()
    {
        List<WorkRange> all = [.. _ranges.UnorderedItems.Select(static entry => entry.Element)];
        _ranges.Clear();
        Items = 0;
        return all;
    }

    /// <summary>Removes what belongs to one work, and settles it.</summary>
    public void Drop(Predicate<PoolWork> isUnwanted)
    {
        List<WorkRange> all = RemoveAll();
        foreach (WorkRange range in all)
        {
            if (isUnwanted(range.Work)) settle(range.Work, range.Count);
            else Add(range);
        }
    }

    private static int Compare((int Priority, long Sequence, int First) left, (int Priority, long Sequence, int First) right)
    {
        if (left.Priority != right.Priority) return right.Priority.CompareTo(left.Priority);
        return left.Sequence != right.Sequence ? left.Sequence.CompareTo(right.Sequence) : left.First.CompareTo(right.First);
    }
}
