using System.Diagnostics.CodeAnalysis;

namespace Procgen.Pools;

/// <summary>How much may be accepted and not have ended. What goes beyond waits here, in order. Under the pool's lock.</summary>
internal sealed class PoolAdmission(PoolSettings settings)
{
    private const int FewestToSweep = 256;
    private static readonly Comparer<PoolWork> Order = Comparer<PoolWork>.Create(static (left, right) => left.CompareTo(right));

    // Made when something has to wait: most pools never need it.
    private PriorityQueue<PoolWork, PoolWork>? _waiting;
    private long _waitingItems;
    private long _items;
    private long _bytes;

    /// <summary>Nothing that was accepted, or waits to be, has not ended.</summary>
    public bool IsEmpty => _items == 0 && WaitingItems == 0;

    public long WaitingItems
    {
        get => Volatile.Read(ref _waitingItems);
        private set => Volatile.Write(ref _waitingItems, value);
    }

    /// <summary>How many more items are accepted at once. Any thread may ask: maps do before they take more.</summary>
    public long Room =>
        WaitingItems > 0 || Volatile.Read(ref _bytes) >= settings.MaxPendingBytes ? 0 : Math.Max(0, settings.MaxPendingCalls - Volatile.Read(ref _items));

    /// <summary>False where the work has to wait.</summary>
    public bool TryEnter(PoolWork work)
    {
        if (WaitingItems > 0 || !Fits(work))
        {
            Enqueue(work);
            return false;
        }

        Accept(work);
        return true;
    }

    /// <summary>Items have ended. What they held is held until the last of their work has.</summary>
    public void Leave(int items) => Volatile.Write(ref _items, _items - items);

    /// <summary>All items of a work have ended.</summary>
    public void Release(PoolWork work) => Volatile.Write(ref _bytes, _bytes - work.Items.Length);

    public bool TryAdmit([NotNullWhen(true)] out PoolWork? work)
    {
        work = null;
        while (_waiting is not null && _waiting.TryPeek(out work, out _))
        {
            if (work.IsWanted && !Fits(work)) return false;
            _waiting.Dequeue();
            if (!work.WaitsForAdmission) continue;
            work.WaitsForAdmission = false;
            WaitingItems -= work.Count;
            if (!work.IsWanted)
            {
                work.Settle(work.Count);
                continue;
            }

            Accept(work);
            work.OnAdmitted();
            return true;
        }

        return false;
    }

    /// <summary>Drops one call, at a cost that does not grow with what waits: its place is given up when its turn comes.</summary>
    public void Drop(CallWork work)
    {
        if (!work.WaitsForAdmission) return;
        work.WaitsForAdmission = false;
        WaitingItems--;
        work.Settle(1);
        if (_waiting!.Count <= FewestToSweep || _waiting.Count < 2 * WaitingItems) return;
        foreach (PoolWork waiting in RemoveAll()) Enqueue(waiting);
    }

    public void Drop(Predicate<PoolWork> isUnwanted)
    {
        foreach (PoolWork work in RemoveAll())
        {
            if (isUnwanted(work))
            {
                work.Settle(work.Count);
                continue;
            }

            Enqueue(work);
        }
    }

    public List<PoolWork> RemoveAll()
    {
        if (_waiting is null) return [];
        List<PoolWork> all = [.. _waiting.UnorderedItems.Select(static entry => entry.Element).Where(static work => work.WaitsForAdmission)];
        foreach (PoolWork work in all) work.WaitsForAdmission = false;
        _waiting.Clear();
        WaitingItems = 0;
        return all;
    }

    private void Enqueue(PoolWork work)
    {
        work.WaitsForAdmission = true;
        _waiting ??= new PriorityQueue<PoolWork, PoolWork>(Order);
        _waiting.Enqueue(work, work);
        WaitingItems += work.Count;
    }

    /// <summary>One that is alone always fits, or it never would.</summary>
    private bool Fits(PoolWork work) =>
        _items == 0 || (_items + work.Count <= settings.MaxPendingCalls && _bytes + work.Items.Length <= settings.MaxPendingBytes);

    private void Accept(PoolWork work)
    {
        Volatile.Write(ref _items, _items + work.Count);
        Volatile.Write(ref _bytes, _bytes + work.Items.Length);
    }
}
