using System.Runtime.CompilerServices;
using Procgen.Shared;

namespace Procgen.Queues;

/// <summary>What became of an attempt to put an item.</summary>
internal enum PutOutcome
{
    Done,

    /// <summary>There is no space now.</summary>
    Full,

    /// <summary>Adding was completed; there never will be.</summary>
    Completed,
}

/// <summary>
/// The producers' side of an <see cref="ItemLog"/>. All of it runs under the tail latch; the one store to
/// <see cref="LogLayout.Tail"/> publishes an item.
/// </summary>
internal sealed class LogTail(SharedBlock block, long control, PageHeap heap)
{
    private readonly Latch _latch = new(block, control + LogLayout.TailLatch);
    private readonly int _maxItems = block.At<int>(control + LogLayout.MaxItems);
    private readonly int _maxVolume = block.At<int>(control + LogLayout.MaxVolume);

    public LogPosition Position => new(Volatile.Read(ref At<ulong>(LogLayout.Tail)));

    public bool IsCompleted => Volatile.Read(ref At<int>(LogLayout.Completed)) != 0;

    /// <summary>Appends an item, unless the log is full or completed.</summary>
    public PutOutcome TryPublish(in PreparedItem item, ReadOnlySpan<byte> payload)
    {
        Enter();
        bool orderly = false;
        try
        {
            LogPosition tail = Position;
            PutOutcome outcome = IsCompleted ? PutOutcome.Completed : IsFull(tail) ? PutOutcome.Full : PutOutcome.Done;
            if (outcome == PutOutcome.Done) Publish(tail, item, payload);
            orderly = true;
            return outcome;
        }
        finally
        {
            if (!orderly) Recover();
            _latch.Exit();
        }
    }

    /// <summary>Lets no further item in.</summary>
    public void Complete()
    {
        Enter();
        Volatile.Write(ref At<int>(LogLayout.Completed), 1);
        _latch.Exit();
    }

    /// <summary>Whether there is no space now.</summary>
    public bool IsFull() => IsFull(Position);

    /// <summary>Puts in order what a dead producer may have left.</summary>
    public void Settle()
    {
        Enter();
        _latch.Exit();
    }

    private void Enter()
    {
        if (_latch.Enter()) Recover();
    }

    private bool IsFull(LogPosition tail)
    {
        if (_maxItems != 0 && CountSince(At<uint>(LogLayout.HeadSeen), tail) >= _maxItems)
        {
            uint head = Head.Count;
            Volatile.Write(ref At<uint>(LogLayout.HeadSeen), head);
            if (CountSince(head, tail) >= _maxItems) return true;
        }

        // An empty log takes an item of any size.
        return _maxVolume != 0
            && unchecked((int)(At<uint>(LogLayout.TailVolume) - Volatile.Read(ref At<uint>(LogLayout.HeadVolume)))) >= _maxVolume
            && Head.Count != tail.Count;
    }

    private long CountSince(uint head, LogPosition tail) =>
        (long)unchecked(tail.Count - head) + Volatile.Read(ref At<int>(LogLayout.Returned));

    private LogPosition Head => new(Volatile.Read(ref At<ulong>(LogLayout.Head)));

    private void Publish(LogPosition tail, in PreparedItem item, ReadOnlySpan<byte> payload)
    {
        uint segment = At<uint>(LogLayout.TailSegment);
        uint start = heap.Pages.At<uint>(segment, LogLayout.SegmentBase);
        uint used = unchecked(tail.Units - start);
        uint units = 1 + (((uint)item.InlineLength + LogLayout.UnitSize - 1) / LogLayout.UnitSize);
        bool advances = used + units > LogLayout.SegmentUnits;
        if (advances)
        {
            if (unchecked(tail.Units - Head.Units) > LogLayout.MaxUnits) throw new InsufficientMemoryException("The queue is full: no more can be addressed.");
            uint next = heap.Pages.At<uint>(segment, LogLayout.SegmentNext);
            if (next == 0) next = Extend(segment, start);
            if (used < LogLayout.SegmentUnits) EntryAt<ulong>(segment, used) = EntryHeader.Skip.Word;
            segment = next;
            start = unchecked(start + LogLayout.SegmentUnits);
            used = 0;
            Volatile.Write(ref At<uint>(LogLayout.AdvancingTo), segment);
        }

        uint volume = unchecked(At<uint>(LogLayout.TailVolume) + EntryHeader.VolumeOf(item.Length));
        EntryAt<ulong>(segment, used) = new EntryHeader(item.Length, item.Kind, volume).Word;
        LogPosition after = new(unchecked(tail.Count + 1), unchecked(start + used + units));
        if (item.Run == 0)
        {
            payload.CopyTo(heap.Pages.Bytes(segment, DataOffset(used + 1), payload.Length));
        }
        else
        {
            EntryAt<uint>(segment, used + 1) = item.Run;
            Volatile.Write(ref At<ulong>(LogLayout.PublishingTail), after.Word);
            Volatile.Write(ref At<uint>(LogLayout.PublishingRun), item.Run);
            heap.SetOwner(item.Run, linked: true);
        }

        Volatile.Write(ref At<ulong>(LogLayout.Tail), after.Word);
        Volatile.Write(ref At<uint>(LogLayout.TailVolume), volume);
        if (item.Run != 0) Volatile.Write(ref At<uint>(LogLayout.PublishingRun), 0);
        if (advances)
        {
            Volatile.Write(ref At<uint>(LogLayout.TailSegment), segment);
            Volatile.Write(ref At<uint>(LogLayout.AdvancingTo), 0);
        }
    }

    /// <summary>Links a new segment behind the last one. It may stay empty: the next producer finds it there.</summary>
    private uint Extend(uint segment, uint start)
    {
        uint next = heap.Allocate(LogLayout.SegmentBytes);
        heap.Pages.At<uint>(next, LogLayout.SegmentNext) = 0;
        heap.Pages.At<uint>(next, LogLayout.SegmentBase) = unchecked(start + LogLayout.SegmentUnits);
        Volatile.Write(ref At<uint>(LogLayout.LinkingSegment), next);
        heap.SetOwner(next, linked: true);
        Volatile.Write(ref heap.Pages.At<uint>(segment, LogLayout.SegmentNext), next);
        Volatile.Write(ref At<uint>(LogLayout.LinkingSegment), 0);
        return next;
    }

    /// <summary>Finishes or undoes what a dead holder of the latch had begun. May itself be cut short and begun again.</summary>
    private void Recover()
    {
        LogPosition tail = Position;
        uint advancing = At<uint>(LogLayout.AdvancingTo);
        if (advancing != 0)
        {
            uint into = unchecked(tail.Units - heap.Pages.At<uint>(advancing, LogLayout.SegmentBase));
            if (into is > 0 and <= LogLayout.SegmentUnits) Volatile.Write(ref At<uint>(LogLayout.TailSegment), advancing);
            Volatile.Write(ref At<uint>(LogLayout.AdvancingTo), 0);
        }

        uint linking = At<uint>(LogLayout.LinkingSegment);
        if (linking != 0)
        {
            bool linked = heap.Pages.At<uint>(At<uint>(LogLayout.TailSegment), LogLayout.SegmentNext) == linking;
            FreeIntended(LogLayout.LinkingSegment, linked ? 0 : linking);
        }

        uint publishing = At<uint>(LogLayout.PublishingRun);
        if (publishing != 0)
        {
            bool published = tail.Word == At<ulong>(LogLayout.PublishingTail);
            FreeIntended(LogLayout.PublishingRun, published ? 0 : publishing);
        }
    }

    /// <summary>Frees a run once: it is this process's own before the intent is forgotten, and free after that.</summary>
    private void FreeIntended(int intent, uint run)
    {
        if (run != 0) heap.SetOwner(run, linked: false);
        Volatile.Write(ref At<uint>(intent), 0);
        if (run != 0) heap.Free(run);
    }

    private ref T EntryAt<T>(uint segment, uint unit) => ref heap.Pages.At<T>(segment, DataOffset(unit));

    private static int DataOffset(uint unit) => LogLayout.SegmentData + ((int)unit * LogLayout.UnitSize);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref T At<T>(int offset) => ref block.At<T>(control + offset);
}
