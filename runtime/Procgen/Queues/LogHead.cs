using System.Runtime.CompilerServices;
using Procgen.Shared;

namespace Procgen.Queues;

/// <summary>
/// The consumers' side of an <see cref="ItemLog"/>. All of it runs under the head latch; the one store to
/// <see cref="LogLayout.Head"/> takes an item.
/// </summary>
internal sealed class LogHead(SharedBlock block, long control, PageHeap heap)
{
    private readonly Latch _latch = new(block, control + LogLayout.HeadLatch);
    private readonly LeaseTable _leases = new(block, control, heap);
    private readonly HeadRecovery _recovery = new(block, control, heap);

    public LeaseTable Leases => _leases;

    public LogPosition Position => new(Volatile.Read(ref At<ulong>(LogLayout.Head)));

    /// <summary>Leased items that came back and are at the front.</summary>
    public int Returned => Volatile.Read(ref At<int>(LogLayout.Returned));

    public int Leased => Volatile.Read(ref At<int>(LogLayout.Leased));

    /// <summary>How many items were reported done, modulo 2^32.</summary>
    public uint Done => Volatile.Read(ref At<uint>(LogLayout.Done));

    private LogPosition Tail => new(Volatile.Read(ref At<ulong>(LogLayout.Tail)));

    /// <summary>Takes or leases the first item.</summary>
    /// <param name="request">What to take; an item that does not fit stays.</param>
    /// <param name="small">Gets the bytes of a small item.</param>
    /// <param name="item">What was taken. A run in it belongs to this process: give it back to the heap.</param>
    public TakeOutcome TryTake(in TakeRequest request, ItemBuffer small, out TakenItem item)
    {
        Enter();
        bool orderly = false;
        try
        {
            TakeOutcome outcome = Returned > 0 && TryLeaseReturned(out item) ? TakeOutcome.Done : TryTakeNext(request, small, out item);
            orderly = true;
            return outcome;
        }
        finally
        {
            if (!orderly) _recovery.Run();
            _latch.Exit();
        }
    }

    /// <summary>The bytes of an item that this process leases.</summary>
    public ReadOnlySpan<byte> LeasedBytes(int record) => _leases.Bytes(record);

    /// <summary>Puts a leased item back to the front.</summary>
    public void Return(int record)
    {
        Enter();
        Return(record, OwnerToken.Current);
        _latch.Exit();
    }

    /// <summary>Ends a lease of this process; the item is gone.</summary>
    /// <param name="record">The lease.</param>
    /// <param name="counts">Count it as done too, unless as many were reported as were put.</param>
    public void Finish(int record, bool counts)
    {
        Enter();
        if (counts && Done != Tail.Count)
        {
            uint done = unchecked(Done + 1);
            Volatile.Write(ref At<uint>(LogLayout.CompletedDone), done);
            Volatile.Write(ref _leases.Owner(record), OwnerToken.Completing);
            Volatile.Write(ref At<uint>(LogLayout.Done), done);
        }

        _leases.Free(record);
        Interlocked.Decrement(ref At<int>(LogLayout.Leased));
        _latch.Exit();
    }

    /// <summary>Reports one item done.</summary>
    /// <returns>False when as many were reported as were put.</returns>
    public bool TryReportDone()
    {
        Enter();
        bool open = Done != Tail.Count;
        if (open) Volatile.Write(ref At<uint>(LogLayout.Done), unchecked(Done + 1));
        _latch.Exit();
        return open;
    }

    /// <summary>Whether no item is left and none will come.</summary>
    public bool IsCompleted()
    {
        Enter();
        bool completed = IsCompletedNow();
        _latch.Exit();
        return completed;
    }

    /// <summary>Puts the items of dead lessees back to the front.</summary>
    /// <returns>How many came back.</returns>
    public int ReturnFromTheDead()
    {
        if (Leased == 0) return 0;
        int returned = 0;
        HashSet<ulong> alive = [OwnerToken.Current];
        for (int record = 0, top = _leases.Top; record < top; record++)
        {
            ulong owner = Volatile.Read(ref _leases.Owner(record));
            if (!OwnerToken.IsProcess(owner) || alive.Contains(owner)) continue;
            if (OwnerToken.IsAlive(owner))
            {
                alive.Add(owner);
                continue;
            }

            Enter();
            if (Return(record, owner)) returned++;
            _latch.Exit();
        }

        return returned;
    }

    /// <summary>Claims the right to look for dead lessees, at most one process and once in a while.</summary>
    public bool ClaimCheck(long now, int interval)
    {
        if (Leased == 0) return false;
        long last = Volatile.Read(ref At<long>(LogLayout.LeaseCheck));
        return now - last >= interval && Interlocked.CompareExchange(ref At<long>(LogLayout.LeaseCheck), now, last) == last;
    }

    /// <summary>Puts in order what a dead consumer may have left.</summary>
    public void Settle()
    {
        Enter();
        _latch.Exit();
    }

    private void Enter()
    {
        if (_latch.Enter()) _recovery.Run();
    }

    private bool IsCompletedNow() =>
        Volatile.Read(ref At<int>(LogLayout.Completed)) != 0 && Tail.Count == Position.Count && Returned <= 0 && Leased <= 0;

    /// <summary>Leases the item that left the log first of those that came back.</summary>
    private bool TryLeaseReturned(out TakenItem item)
    {
        int first = -1;
        for (int record = 0, top = _leases.Top; record < top; record++)
        {
            if (Volatile.Read(ref _leases.Owner(record)) != OwnerToken.Returned) continue;
            if (first < 0 || unchecked((int)(_leases.Order(record) - _leases.Order(first))) < 0) first = record;
        }

        item = default;
        if (first < 0) return false;
        Interlocked.Increment(ref At<int>(LogLayout.Leased));
        Volatile.Write(ref _leases.Owner(first), OwnerToken.Current);
        Interlocked.Decrement(ref At<int>(LogLayout.Returned));
        item = new TakenItem(_leases.Length(first), 0, first + 1);
        return true;
    }

    private TakeOutcome TryTakeNext(in TakeRequest request, ItemBuffer small, out TakenItem item)
    {
        item = default;
        LogPosition head = Position;
        if (head.Count == At<uint>(LogLayout.TailSeen))
        {
            bool completed = Volatile.Read(ref At<int>(LogLayout.Completed)) != 0;
            At<uint>(LogLayout.TailSeen) = Tail.Count;
            if (head.Count == At<uint>(LogLayout.TailSeen)) return completed && IsCompletedNow() ? TakeOutcome.Completed : TakeOutcome.Empty;
        }

        uint segment = At<uint>(LogLayout.HeadSegment);
        uint start = heap.Pages.At<uint>(segment, LogLayout.SegmentBase);
        uint used = unchecked(head.Units - start);
        EntryHeader header = used < LogLayout.SegmentUnits ? new EntryHeader(EntryAt<ulong>(segment, used)) : EntryHeader.Skip;
        uint retiring = 0;
        if (header.IsSkip)
        {
            retiring = segment;
            segment = heap.Pages.At<uint>(segment, LogLayout.SegmentNext);
            start = heap.Pages.At<uint>(segment, LogLayout.SegmentBase);
            used = 0;
            header = new EntryHeader(EntryAt<ulong>(segment, 0));
        }

        int length = header.Length;
        item = new TakenItem(length, 0, 0);
        if (header.Kind != request.Kind) return TakeOutcome.WrongKind;
        if (length > request.MaxLength) return TakeOutcome.TooLong;
        uint run = length > LogLayout.MaxInline ? EntryAt<uint>(segment, used + 1) : 0;
        int inline = run != 0 ? sizeof(uint) : length;
        uint units = 1 + (((uint)inline + LogLayout.UnitSize - 1) / LogLayout.UnitSize);
        LogPosition after = new(unchecked(head.Count + 1), unchecked(start + used + units));
        ReadOnlySpan<byte> bytes = run == 0 ? heap.Pages.Bytes(segment, DataOffset(used + 1), length) : default;

        if (request.Lease) item = new TakenItem(length, 0, LeaseNext(after, length, run, bytes) + 1);
        else if (run != 0) item = TakeRun(after, length, run);
        else
        {
            small.Set(bytes);
            Volatile.Write(ref At<ulong>(LogLayout.Head), after.Word);
        }

        Volatile.Write(ref At<uint>(LogLayout.HeadVolume), header.Volume);
        if (retiring != 0) _recovery.Retire(retiring, segment);
        return TakeOutcome.Done;
    }

    private TakenItem TakeRun(LogPosition after, int length, uint run)
    {
        Volatile.Write(ref At<ulong>(LogLayout.TakingHead), after.Word);
        Volatile.Write(ref At<uint>(LogLayout.TakingRun), run);
        Volatile.Write(ref At<ulong>(LogLayout.Head), after.Word);
        heap.SetOwner(run, linked: false);
        Volatile.Write(ref At<uint>(LogLayout.TakingRun), 0);
        return new TakenItem(length, run, 0);
    }

    /// <summary>The record counts from the moment that the head moves: before that, whoever takes the latch over drops it.</summary>
    private int LeaseNext(LogPosition after, int length, uint run, ReadOnlySpan<byte> bytes)
    {
        int record = _leases.Fill(unchecked(after.Count - 1), length, run, bytes);
        Volatile.Write(ref At<int>(LogLayout.LeasingRecord), record + 1);
        if (run == 0 && _leases.Run(record) != 0) heap.SetOwner(_leases.Run(record), linked: true);
        Interlocked.Increment(ref At<int>(LogLayout.Leased));
        Volatile.Write(ref _leases.Owner(record), OwnerToken.Current);
        Volatile.Write(ref At<ulong>(LogLayout.Head), after.Word);
        Volatile.Write(ref At<int>(LogLayout.LeasingRecord), 0);
        return record;
    }

    private bool Return(int record, ulong from)
    {
        if (Volatile.Read(ref _leases.Owner(record)) != from) return false;
        Interlocked.Increment(ref At<int>(LogLayout.Returned));
        Volatile.Write(ref _leases.Owner(record), OwnerToken.Returned);
        Interlocked.Decrement(ref At<int>(LogLayout.Leased));
        return true;
    }

    private ref T EntryAt<T>(uint segment, uint unit) => ref heap.Pages.At<T>(segment, DataOffset(unit));

    private static int DataOffset(uint unit) => LogLayout.SegmentData + ((int)unit * LogLayout.UnitSize);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref T At<T>(int offset) => ref block.At<T>(control + offset);
}
