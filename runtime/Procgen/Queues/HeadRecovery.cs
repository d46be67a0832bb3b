using System.Runtime.CompilerServices;
using Procgen.Shared;

namespace Procgen.Queues;

/// <summary>
/// What a consumer that died under the head latch left half done, and how it is settled: by intent words, and by whether
/// <see cref="LogLayout.Head"/> has moved. Runs under that latch, before anything else does.
/// </summary>
internal sealed class HeadRecovery(SharedBlock block, long control, PageHeap heap)
{
    private readonly LeaseTable _leases = new(block, control, heap);

    /// <summary>Finishes or undoes what a dead holder of the latch had begun. May itself be cut short and begun again.</summary>
    public void Run()
    {
        LogPosition head = new(Volatile.Read(ref At<ulong>(LogLayout.Head)));
        _leases.Recover();
        RecoverTaking(head);
        RecoverSegments(head);
        RecoverLeasing(head);
        RecoverRecords();
    }

    private void RecoverTaking(LogPosition head)
    {
        uint taking = At<uint>(LogLayout.TakingRun);
        if (taking == 0) return;
        bool taken = head.Word == At<ulong>(LogLayout.TakingHead);
        if (taken) heap.SetOwner(taking, linked: false);
        Volatile.Write(ref At<uint>(LogLayout.TakingRun), 0);
        if (taken) heap.Free(taking);
    }

    private void RecoverSegments(LogPosition head)
    {
        uint retiring = At<uint>(LogLayout.RetiringSegment);
        if (retiring != 0 && retiring != At<uint>(LogLayout.HeadSegment))
        {
            heap.SetOwner(retiring, linked: false);
            Volatile.Write(ref At<uint>(LogLayout.RetiringSegment), 0);
            heap.Free(retiring);
        }

        Volatile.Write(ref At<uint>(LogLayout.RetiringSegment), 0);
        while (true)
        {
            uint segment = At<uint>(LogLayout.HeadSegment);
            if (unchecked(head.Units - heap.Pages.At<uint>(segment, LogLayout.SegmentBase)) <= LogLayout.SegmentUnits) return;
            Retire(segment, heap.Pages.At<uint>(segment, LogLayout.SegmentNext));
        }
    }

    private void RecoverLeasing(LogPosition head)
    {
        int leasing = At<int>(LogLayout.LeasingRecord) - 1;
        if (leasing >= 0 && _leases.Order(leasing) == head.Count) _leases.Drop(leasing);
        Volatile.Write(ref At<int>(LogLayout.LeasingRecord), 0);
    }

    private void RecoverRecords()
    {
        int leased = 0;
        int returned = 0;
        for (int record = 0, top = _leases.Top; record < top; record++)
        {
            ulong owner = Volatile.Read(ref _leases.Owner(record));
            if (owner == OwnerToken.Completing) Volatile.Write(ref At<uint>(LogLayout.Done), At<uint>(LogLayout.CompletedDone));
            if (owner is OwnerToken.Completing or OwnerToken.Freeing) _leases.Free(record);
            if (owner == OwnerToken.Returned) returned++;
            if (OwnerToken.IsProcess(owner)) leased++;
        }

        Volatile.Write(ref At<int>(LogLayout.Returned), returned);
        Volatile.Write(ref At<int>(LogLayout.Leased), leased);
    }

    /// <summary>Moves the head's segment on and frees the one that it has left.</summary>
    public void Retire(uint segment, uint next)
    {
        Volatile.Write(ref At<uint>(LogLayout.RetiringSegment), segment);
        Volatile.Write(ref At<uint>(LogLayout.HeadSegment), next);
        heap.SetOwner(segment, linked: false);
        Volatile.Write(ref At<uint>(LogLayout.RetiringSegment), 0);
        heap.Free(segment);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref T At<T>(int offset) => ref block.At<T>(control + offset);
}
