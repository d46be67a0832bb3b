using System.Runtime.CompilerServices;
using Procgen.Shared;

namespace Procgen.Queues;

/// <summary>
/// The items of a log that are leased or came back: records of 256 bytes in pages that are added as needed. A record's
/// first word says whose it is; small items stand in it, large ones keep their run.
/// </summary>
/// <remarks>All under the head latch, but for reading a record's owner and what a lessee reads of its own.</remarks>
internal sealed class LeaseTable(SharedBlock block, long control, PageHeap heap)
{
    private const int OwnerField = 0;
    private const int OrderField = 8;
    private const int LengthField = 12;
    private const int RunField = 16;
    private const int DataField = 20;
    private const int MaxData = LogLayout.LeaseSize - DataField;

    /// <summary>How many records were ever used.</summary>
    public int Top => Volatile.Read(ref At<int>(LogLayout.LeaseTop));

    public ref ulong Owner(int record) => ref Field<ulong>(record, OwnerField);

    /// <summary>How many items had left the log before this one; returned items go out in this order.</summary>
    public uint Order(int record) => Field<uint>(record, OrderField);

    public int Length(int record) => Field<int>(record, LengthField);

    /// <summary>The item's run; 0 for a small one.</summary>
    public uint Run(int record) => Field<uint>(record, RunField);

    /// <summary>The item's bytes.</summary>
    public ReadOnlySpan<byte> Bytes(int record)
    {
        uint run = Run(record);
        int length = Length(record);
        return run != 0 ? heap.Pages.Bytes(run, 0, length) : heap.Pages.Bytes(Chunk(record), Offset(record) + DataField, length);
    }

    /// <summary>Finds a free record and fills it. It stays free until its owner is written.</summary>
    /// <param name="order">How many items had left the log before this one.</param>
    /// <param name="length">The item's length.</param>
    /// <param name="run">The run that the item has already; 0 when it stands in the log.</param>
    /// <param name="bytes">The item's bytes where it stands in the log.</param>
    public int Fill(uint order, int length, uint run, ReadOnlySpan<byte> bytes)
    {
        int record = FindFree();
        Field<uint>(record, OrderField) = order;
        Field<int>(record, LengthField) = length;
        Field<uint>(record, RunField) = run;
        if (run == 0 && length > MaxData)
        {
            run = heap.Allocate(length);
            Volatile.Write(ref Field<uint>(record, RunField), run);
            bytes.CopyTo(heap.Pages.Bytes(run, 0, length));
        }
        else if (run == 0)
        {
            bytes.CopyTo(heap.Pages.Bytes(Chunk(record), Offset(record) + DataField, length));
        }

        return record;
    }

    /// <summary>Whether a record has a run that the log did not have.</summary>
    public bool OwnsRun(int record) => Run(record) != 0 && Length(record) <= LogLayout.MaxInline;

    /// <summary>Frees a record and its run, once, also when cut short and begun again.</summary>
    public void Free(int record)
    {
        Volatile.Write(ref Owner(record), OwnerToken.Freeing);
        uint run = Run(record);
        if (run != 0) heap.SetOwner(run, linked: false);
        Volatile.Write(ref Field<uint>(record, RunField), 0);
        if (run != 0) heap.Free(run);
        Volatile.Write(ref Owner(record), OwnerToken.None);
    }

    /// <summary>Frees a record whose item never left the log. A large item's run is still the log's.</summary>
    public void Drop(int record)
    {
        if (!OwnsRun(record)) Volatile.Write(ref Field<uint>(record, RunField), 0);
        Free(record);
    }

    /// <summary>Makes the table's own pages the log's, where their maker died before it could.</summary>
    public void Recover()
    {
        for (int chunk = 0; chunk < LogLayout.LeaseChunks && Directory(chunk) != 0; chunk++) heap.SetOwner(Directory(chunk), linked: true);
    }

    private int FindFree()
    {
        int top = Top;
        int hint = At<int>(LogLayout.LeaseHint);
        for (int i = 0; i < Math.Min(top, 64); i++)
        {
            int record = hint + i < top ? hint + i : hint + i - top;
            if (record < top && Volatile.Read(ref Owner(record)) == OwnerToken.None) return Remember(record);
        }

        // Growing costs memory: first look everywhere, but only where a look may pay.
        if (Volatile.Read(ref At<int>(LogLayout.Leased)) + Volatile.Read(ref At<int>(LogLayout.Returned)) < top / 2)
        {
            for (int record = 0; record < top; record++)
            {
                if (Volatile.Read(ref Owner(record)) == OwnerToken.None) return Remember(record);
            }
        }

        if (top / LogLayout.LeasesPerChunk >= LogLayout.LeaseChunks)
            throw new InvalidOperationException($"The queue has {top} leases outstanding, and cannot have more.");
        ref uint chunk = ref At<uint>(LogLayout.LeaseDirectory + (top / LogLayout.LeasesPerChunk * sizeof(uint)));
        if (chunk == 0)
        {
            uint page = heap.Allocate(HeapLayout.PageSize);
            heap.Pages.Bytes(page, 0, HeapLayout.PageSize).Clear();
            Volatile.Write(ref chunk, page);
            heap.SetOwner(page, linked: true);
        }

        Volatile.Write(ref At<int>(LogLayout.LeaseTop), top + 1);
        return Remember(top);
    }

    private int Remember(int record)
    {
        At<int>(LogLayout.LeaseHint) = record + 1;
        return record;
    }

    private uint Chunk(int record) => Directory(record / LogLayout.LeasesPerChunk);

    private uint Directory(int chunk) => At<uint>(LogLayout.LeaseDirectory + (chunk * sizeof(uint)));

    private static int Offset(int record) => record % LogLayout.LeasesPerChunk * LogLayout.LeaseSize;

    private ref T Field<T>(int record, int field) => ref heap.Pages.At<T>(Chunk(record), Offset(record) + field);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref T At<T>(int offset) => ref block.At<T>(control + offset);
}
