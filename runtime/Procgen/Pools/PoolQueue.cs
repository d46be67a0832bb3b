using System.Diagnostics.CodeAnalysis;

namespace Procgen.Pools;

/// <summary>What waits for a worker: higher priority first, then in the order of submission. Under the pool's lock.</summary>
/// <param name="settle">Counts out items that are dropped.</param>
internal sealed class PoolQueue(Action<PoolWork, int> settle)
{
    private const int FewestToSweep = 256;

    // What comes in order, which is nearly all, and what has to be put between.
    private readonly Queue<WorkRange> _inOrder = new();
    private PriorityQueue<WorkRange, WorkRange>? _others;
    private WorkRange? _last;
    private int _dropped;

    // To run again, once all that was reported before has been heard.
    private readonly List<WorkRange> _held = [];

    /// <summary>How many items.</summary>
    public long Items { get; private set; }

    /// <summary>How many of them have a time limit.</summary>
    public long TimedItems { get; private set; }

    public int Count => _inOrder.Count + (_others?.Count ?? 0) - _dropped;

    public void Add(WorkRange range)
    {
        if (_inOrder.Count == 0 || Compare(_last!, range) < 0)
        {
            _inOrder.Enqueue(range);
            _last = range;
        }
        else
        {
            _others ??= new PriorityQueue<WorkRange, WorkRange>(Comparer<WorkRange>.Create(Compare));
            _others.Enqueue(range, range);
        }

        range.Work.Queued += range.Count;
        Note(range.Work, range.Count);
    }

    /// <summary>Keeps what waits, but may not go to a worker yet.</summary>
    public void Hold(WorkRange range)
    {
        _held.Add(range);
        Note(range.Work, range.Count);
    }

    /// <summary>Adds what was held; false where it has been dropped meanwhile.</summary>
    public bool TryRelease(WorkRange range)
    {
        if (!_held.Remove(range)) return false;
        Note(range.Work, -range.Count);
        Add(range);
        return true;
    }

    /// <summary>The next that somebody waits for; drops what nobody does.</summary>
    public bool TryPeek([NotNullWhen(true)] out WorkRange? range)
    {
        while (TryPeekAny(out range, out _))
        {
            if (range.Work.IsWanted) return true;
            Remove();
            if (range.Work.IsDropped) _dropped--;
            else settle(range.Work, range.Count);
        }

        return false;
    }

    /// <summary>Removes what <see cref="TryPeek"/> returned.</summary>
    public void Remove()
    {
        if (!TryPeekAny(out WorkRange? range, out bool isInOrder)) return;
        if (isInOrder) _inOrder.Dequeue();
        else _others!.Dequeue();
        if (!range.Work.IsDropped) CountOut(range);
    }

    /// <summary>Removes all, also what is held.</summary>
    public List<WorkRange> RemoveAll() => [.. RemoveQueued(), .. RemoveHeld(static _ => true)];

    private List<WorkRange> RemoveQueued()
    {
        List<WorkRange> all = [.. _inOrder];
        if (_others is not null) all.AddRange(_others.UnorderedItems.Select(static entry => entry.Element));
        all.RemoveAll(static range => range.Work.IsDropped);
        foreach (WorkRange range in all) CountOut(range);
        _inOrder.Clear();
        _others?.Clear();
        _dropped = 0;
        return all;
    }

    /// <summary>Drops one call, at a cost that does not grow with what waits: its place is given up when its turn comes.</summary>
    public void Drop(CallWork work)
    {
        foreach (WorkRange range in RemoveHeld(held => held == work)) settle(work, range.Count);
        if (work.Queued == 0) return;
        Note(work, -work.Queued);
        work.Queued = 0;
        work.IsDropped = true;
        if (++_dropped > FewestToSweep && _dropped > Count)
        {
            foreach (WorkRange range in RemoveQueued()) Add(range);
        }

        settle(work, 1);
    }

    /// <summary>Drops what belongs to some works.</summary>
    public void Drop(Predicate<PoolWork> isUnwanted)
    {
        foreach (WorkRange range in RemoveHeld(isUnwanted)) settle(range.Work, range.Count);
        foreach (WorkRange range in RemoveQueued())
        {
            if (isUnwanted(range.Work)) settle(range.Work, range.Count);
            else Add(range);
        }
    }

    private List<WorkRange> RemoveHeld(Predicate<PoolWork> isRemoved)
    {
        if (_held.Count == 0) return [];
        List<WorkRange> removed = _held.FindAll(range => isRemoved(range.Work));
        foreach (WorkRange range in removed)
        {
            _held.Remove(range);
            Note(range.Work, -range.Count);
        }

        return removed;
    }

    private static int Compare(WorkRange left, WorkRange right)
    {
        int byWork = left.Work.CompareTo(right.Work);
        return byWork != 0 ? byWork : left.First.CompareTo(right.First);
    }

    private bool TryPeekAny([NotNullWhen(true)] out WorkRange? range, out bool isInOrder)
    {
        isInOrder = _inOrder.TryPeek(out range);
        if (_others is not null && _others.TryPeek(out WorkRange? other, out _) && (!isInOrder || Compare(other, range!) < 0))
        {
            isInOrder = false;
            range = other;
        }

        return range is not null;
    }

    private void CountOut(WorkRange range)
    {
        Note(range.Work, -range.Count);
        range.Work.Queued -= range.Count;
    }

    private void Note(PoolWork work, int items)
    {
        Items += items;
        if (work.Options.IsTimed) TimedItems += items;
    }
}
