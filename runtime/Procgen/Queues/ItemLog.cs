using Procgen.Shared;

namespace Procgen.Queues;

/// <summary>
/// Items in shared memory, first in, first out, for many producers and consumers in any processes: what queues and both
/// directions of pipes are made of. The death of any of them leaves it as it was or with the whole step done.
/// </summary>
/// <remarks>
/// <para>
/// <b>Shape.</b> A chain of segments of 64 KiB, in which items stand one behind the other: eight bytes of
/// <see cref="EntryHeader"/>, then the bytes; a large item has a run of pages of its own, and only its number in the
/// chain. Segments and runs come from a <see cref="PageHeap"/>. Two words say everything: <c>Tail</c> (items put, and
/// where the next one goes) and <c>Head</c> (items taken, and where the next one is). What lies between them is the
/// log's contents; the rest of what is stored helps to find things fast.
/// </para>
/// <para>
/// <b>One atomic publish, one atomic take.</b> A producer, alone under the tail latch, writes an item behind the tail,
/// where nobody looks, and then stores the new <c>Tail</c>: before that store the item does not exist, after it it does.
/// A consumer, alone under the head latch, copies the item out and then stores the new <c>Head</c>. Space is got before
/// and given back after, separately. Producers and consumers do not wait for each other.
/// </para>
/// <para>
/// <b>Death.</b> A process may be killed between any two instructions. Outside the latches it can own runs, which are
/// then garbage and found by <see cref="PageHeap.Sweep"/>, and leases, which are found by
/// <see cref="LogHead.ReturnFromTheDead"/>. Inside a latch it leaves the latch word naming a dead process: a waiter finds
/// that within <see cref="Deadline.LookAroundMilliseconds"/>, takes the word by compare-and-swap and runs the side's
/// recovery (<see cref="HeadRecovery"/>, <c>LogTail.Recover</c>) before anything else. For every step that needs more
/// than its one store there is an intent word, written before and cleared after it, and recovery decides by <c>Tail</c> or <c>Head</c> whether the step
/// counts: then it is finished, else undone. Each run that it frees is first made its own, then forgotten by the intent,
/// then freed, so that being killed in recovery is again one of these cases. Counts of leases are recounted.
/// </para>
/// <para>
/// <b>Waiting.</b> Sleepers wait on signals and look around every 40 ms, so that a notification that died with its
/// sender delays nobody longer.
/// </para>
/// </remarks>
internal sealed class ItemLog
{
    private const int CheckMilliseconds = 20;

    private readonly PageHeap _heap;

    /// <summary>Opens a log that <see cref="Format"/> made.</summary>
    public ItemLog(SharedBlock block, long control, PageHeap heap)
    {
        _heap = heap;
        MaxItems = block.At<int>(control + LogLayout.MaxItems);
        Tail = new LogTail(block, control, heap);
        Head = new LogHead(block, control, heap);
        Items = new Signal(block, control + LogLayout.ItemsSignal);
        Space = new Signal(block, control + LogLayout.SpaceSignal);
        Idle = new Signal(block, control + LogLayout.IdleSignal);
    }

    public LogTail Tail { get; }

    public LogHead Head { get; }

    /// <summary>Notified when an item can be taken, or none will come any more.</summary>
    public Signal Items { get; }

    /// <summary>Notified when an item can be put, or none may be any more.</summary>
    public Signal Space { get; }

    /// <summary>Notified when every item was reported done.</summary>
    public Signal Idle { get; }

    /// <summary>How many items there may be; 0 for any number.</summary>
    public int MaxItems { get; }

    /// <summary>Items that can be taken now.</summary>
    public int Count
    {
        get
        {
            uint head = Head.Position.Count;
            return (int)Math.Clamp((long)unchecked(Tail.Position.Count - head) + Head.Returned, 0, int.MaxValue);
        }
    }

    /// <summary>Whether a try to take now would find neither an item nor the end.</summary>
    public bool LooksEmpty => Head.Position.Count == Tail.Position.Count && Head.Returned <= 0 && !Tail.IsCompleted;

    /// <summary>Whether every item that was put was reported done.</summary>
    public bool IsIdle => Head.Done == Tail.Position.Count;

    /// <summary>Lays an empty log into a zeroed block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="control">Where its control part goes, in the first range.</param>
    /// <param name="heap">Where it gets pages.</param>
    /// <param name="maxItems">How many items it may hold; 0 for any number.</param>
    /// <param name="maxVolume">Bytes of items, in units of 64, at which it lets no more in; 0 for no limit.</param>
    public static void Format(SharedBlock block, long control, PageHeap heap, int maxItems, int maxVolume)
    {
        uint segment = heap.Allocate(LogLayout.SegmentBytes);
        heap.SetOwner(segment, linked: true);
        block.At<int>(control + LogLayout.MaxItems) = maxItems;
        block.At<int>(control + LogLayout.MaxVolume) = maxVolume;
        block.At<uint>(control + LogLayout.TailSegment) = segment;
        block.At<uint>(control + LogLayout.HeadSegment) = segment;
    }

    /// <summary>Gets space for a large item and copies it there; a small one needs none.</summary>
    public PreparedItem Prepare(ReadOnlySpan<byte> payload, ItemKind kind)
    {
        if (_heap.SweepIsDue) _heap.Sweep(Settle);
        if (payload.Length <= LogLayout.MaxInline) return new PreparedItem(payload.Length, kind, 0);
        uint run = _heap.Allocate(payload.Length);
        payload.CopyTo(_heap.Pages.Bytes(run, 0, payload.Length));
        return new PreparedItem(payload.Length, kind, run);
    }

    /// <summary>Gives back the space of an item that was not put.</summary>
    public void Drop(in PreparedItem item)
    {
        if (item.Run != 0) _heap.Free(item.Run);
    }

    /// <summary>Puts an item if there is space.</summary>
    public PutOutcome TryPut(in PreparedItem item, ReadOnlySpan<byte> payload)
    {
        PutOutcome outcome = Tail.TryPublish(item, payload);
        if (outcome == PutOutcome.Done) Items.Notify();
        return outcome;
    }

    /// <summary>Takes or leases an item if there is one.</summary>
    /// <param name="request">What to take.</param>
    /// <param name="buffer">Gets the bytes, unless the item has a run.</param>
    /// <param name="item">What was taken.</param>
    public TakeOutcome TryTake(in TakeRequest request, ItemBuffer buffer, out TakenItem item)
    {
        if (Head.Leased > 0) ReturnFromTheDead();
        TakeOutcome outcome = Head.TryTake(request, buffer, out item);
        if (outcome != TakeOutcome.Done) return outcome;
        Space.Notify();
        if (item.Lease == 0) return outcome;
        buffer.Set(Head.LeasedBytes(item.Lease - 1));
        if (request.Lease) return outcome;

        // A returned item is taken by leasing and finishing it: dying in between only returns it again.
        FinishLease(item.Lease, counts: false);
        item = item with { Lease = 0 };
        return outcome;
    }

    /// <summary>The bytes of a taken item's run.</summary>
    public ReadOnlySpan<byte> BytesOf(uint run, int length) => _heap.Pages.Bytes(run, 0, length);

    /// <summary>Gives a taken item's run back; 0 for an item without one.</summary>
    public void Release(uint run)
    {
        if (run != 0) _heap.Free(run);
    }

    /// <summary>Ends a lease; its item is gone.</summary>
    public void FinishLease(int lease, bool counts)
    {
        Head.Finish(lease - 1, counts);
        if (counts && IsIdle) Idle.NotifyAll();
        if (Tail.IsCompleted && Head.IsCompleted()) Items.NotifyAll();
    }

    /// <summary>Ends a lease; its item is at the front again.</summary>
    public void ReturnLease(int lease)
    {
        Head.Return(lease - 1);
        Items.Notify();
    }

    /// <summary>Reports one item done.</summary>
    /// <returns>False when as many were reported as were put.</returns>
    public bool TryReportDone()
    {
        if (!Head.TryReportDone()) return false;
        if (IsIdle) Idle.NotifyAll();
        return true;
    }

    /// <summary>Lets no further item in.</summary>
    public void Complete()
    {
        Tail.Complete();
        Items.NotifyAll();
        Space.NotifyAll();
    }

    /// <summary>Looks for leases of dead processes, if nobody has for a while.</summary>
    public void ReturnFromTheDead()
    {
        if (!Head.ClaimCheck(Environment.TickCount64, CheckMilliseconds)) return;
        for (int returned = Head.ReturnFromTheDead(); returned > 0; returned--) Items.Notify();
    }

    /// <summary>Lets both sides put in order what a dead process may have left.</summary>
    public void Settle()
    {
        Head.Settle();
        Tail.Settle();
    }
}
