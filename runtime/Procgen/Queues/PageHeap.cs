using System.Runtime.CompilerServices;
using Procgen.Shared;

namespace Procgen.Queues;

/// <summary>
/// Hands out runs of pages to the processes that share a queue or pipe, and gets them back also from those that died.
/// </summary>
/// <remarks>
/// <para>
/// Any thread of any process. A run is taken by the one store that writes its owner into the table (its length stands
/// there already), and is free after the one store that clears it; pages inside a run never have an owner of their own.
/// An owner is a process, which alone may touch the run, or <see cref="OwnerToken.Linked"/>: the run is part of the log.
/// </para>
/// <para>
/// Killed while it searches: the latch is taken over, nothing was changed but hints. Killed as an owner: the run
/// is garbage, and <see cref="Sweep"/> frees it when the heap has grown by a part. A latch holder that was killed may
/// have left a run between "mine" and "the log's"; whoever takes the latch over settles that, so a sweep lets the
/// latches be settled first.
/// </para>
/// </remarks>
internal sealed class PageHeap
{
    private const int SearchBudget = 1024;
    private const uint MinSweepPages = 64;

    private readonly SharedBlock _block;
    private readonly long _control;
    private readonly int _windowShift;
    private readonly uint _tablePages;
    private readonly uint _pageCount;
    private readonly ulong _me = OwnerToken.Current;

    public PageHeap(SharedBlock block, long control)
    {
        _block = block;
        _control = control;
        _windowShift = Word(HeapLayout.WindowShift) is > 0 and < 32 and int shift ? shift : throw Overwritten();
        _pageCount = (uint)Word(HeapLayout.PageCount);
        _tablePages = HeapLayout.TablePages(_windowShift);
        Latch = new Latch(block, control + HeapLayout.Latch);
        Pages = new PageSpace(block, _windowShift, _pageCount);
    }

    public PageSpace Pages { get; }

    /// <summary>The longest run there is.</summary>
    public long MaxRunBytes => ((1L << _windowShift) - _tablePages) * HeapLayout.PageSize;

    /// <summary>Whether the heap has grown enough since the last sweep.</summary>
    public bool SweepIsDue => Volatile.Read(ref Word(HeapLayout.SweepDue)) != 0;

    /// <summary>Pages that were ever used: what the heap may hold in memory at most.</summary>
    public uint Top => (uint)Volatile.Read(ref Word(HeapLayout.Top));

    private Latch Latch { get; }

    /// <summary>Lays an empty heap into a zeroed block.</summary>
    public static void Format(SharedBlock block, long control, uint pageCount)
    {
        int shift = HeapLayout.DefaultWindowShift;
        block.At<int>(control + HeapLayout.WindowShift) = shift;
        block.At<uint>(control + HeapLayout.PageCount) = pageCount;
        block.At<uint>(control + HeapLayout.Top) = HeapLayout.TablePages(shift);
        block.At<uint>(control + HeapLayout.Hint) = HeapLayout.TablePages(shift);
    }

    /// <summary>Takes a run for this process.</summary>
    /// <returns>The first page. Never 0.</returns>
    /// <exception cref="InsufficientMemoryException">There is no such run left.</exception>
    public uint Allocate(long bytes)
    {
        if (bytes > MaxRunBytes) throw new InsufficientMemoryException($"An item of {bytes} bytes is longer than the {MaxRunBytes} that fit here.");
        uint pages = (uint)((bytes + HeapLayout.PageSize - 1) / HeapLayout.PageSize);
        Latch.Enter();
        try
        {
            uint page = Word(HeapLayout.Free) >= pages ? Search(pages, SearchBudget) : 0;
            if (page == 0) page = Grow(pages);
            if (page == 0) page = Search(pages, int.MaxValue);
            if (page == 0) throw new InsufficientMemoryException("The shared memory of this queue or pipe is full.");
            Pages.Entry<uint>(page, HeapLayout.EntryLength) = pages;
            Interlocked.Add(ref Word(HeapLayout.Free), -(int)pages);
            Volatile.Write(ref Owner(page), _me);
            return page;
        }
        finally
        {
            Latch.Exit();
        }
    }

    /// <summary>Makes a run of this process part of the log, or one of the log this process's.</summary>
    public void SetOwner(uint page, bool linked) => Volatile.Write(ref Owner(page), linked ? OwnerToken.Linked : _me);

    /// <summary>Gives a run back that belongs to this process, or to the log under the caller's latch.</summary>
    public void Free(uint page)
    {
        uint pages = Pages.Entry<uint>(page, HeapLayout.EntryLength);

        // The next search begins here, where the caches are warm. Written while the run is still one, for a search must
        // never begin inside a run: who takes these pages then moves the hint again.
        Volatile.Write(ref Word(HeapLayout.Hint), (int)page);
        Volatile.Write(ref Owner(page), OwnerToken.None);
        Interlocked.Add(ref Word(HeapLayout.Free), (int)pages);
    }

    /// <summary>Frees the runs of processes that are dead.</summary>
    /// <param name="settle">Enters and leaves every latch whose holder may have been about to give a run to the log.</param>
    public void Sweep(Action settle)
    {
        Volatile.Write(ref Word(HeapLayout.SweptTop), (int)Top);
        Volatile.Write(ref Word(HeapLayout.SweepDue), 0);
        HashSet<ulong> dead = FindDeadOwners();
        if (dead.Count > 0) settle();

        Latch.Enter();
        try
        {
            int free = 0;
            for (uint page = _tablePages, top = Top; page < top; page = Next(page))
            {
                ulong owner = Volatile.Read(ref Owner(page));
                if (owner != OwnerToken.None && dead.Contains(owner)) Interlocked.CompareExchange(ref Owner(page), OwnerToken.None, owner);
                if (!IsTable(page) && Volatile.Read(ref Owner(page)) == OwnerToken.None) free++;
            }

            Volatile.Write(ref Word(HeapLayout.Free), free);
        }
        finally
        {
            Latch.Exit();
        }
    }

    private static InvalidDataException Overwritten() => new("This queue's or pipe's memory was overwritten.");

    private HashSet<ulong> FindDeadOwners()
    {
        HashSet<ulong> owners = [];
        Latch.Enter();
        try
        {
            for (uint page = _tablePages, top = Top; page < top; page = Next(page))
            {
                ulong owner = Volatile.Read(ref Owner(page));
                if (OwnerToken.IsProcess(owner)) owners.Add(owner);
            }
        }
        finally
        {
            Latch.Exit();
        }

        owners.RemoveWhere(OwnerToken.IsAlive);
        return owners;
    }

    /// <summary>Looks for a run of free pages from where the last search ended, once around. Under the latch.</summary>
    private uint Search(uint pages, int budget)
    {
        uint top = Top;
        uint start = Math.Clamp((uint)Word(HeapLayout.Hint), _tablePages, top);
        uint page = start;
        bool wrapped = false;
        uint run = 0;
        for (; budget > 0 && !(wrapped && page - run >= start); budget--)
        {
            if (page >= top)
            {
                if (wrapped) break;
                wrapped = true;
                page = _tablePages;
                run = 0;
                continue;
            }

            bool free = Volatile.Read(ref Owner(page)) == OwnerToken.None && !IsTable(page);
            run = free ? run + 1 : 0;
            page = free ? page + 1 : Next(page);
            if (run < pages) continue;
            Word(HeapLayout.Hint) = (int)page;
            return page - run;
        }

        Word(HeapLayout.Hint) = (int)(page - run);
        return 0;
    }

    /// <summary>Takes pages that were never used. Under the latch.</summary>
    private uint Grow(uint pages)
    {
        uint page = Top;
        uint inWindow = page & WindowMask;
        if (inWindow + pages > WindowMask + 1) page += WindowMask + 1 - inWindow;
        if ((page & WindowMask) < _tablePages) page = (page & ~WindowMask) + _tablePages;
        if (page + pages > _pageCount) return 0;
        Interlocked.Add(ref Word(HeapLayout.Free), (int)(page + pages - Top));
        Volatile.Write(ref Word(HeapLayout.Top), (int)(page + pages));

        // By an eighth at a time, so that sweeping a heap that only grows stays cheap.
        uint swept = (uint)Word(HeapLayout.SweptTop);
        if (page + pages >= swept + (swept / 8) + MinSweepPages) Volatile.Write(ref Word(HeapLayout.SweepDue), 1);
        return page;
    }

    private uint WindowMask => (1u << _windowShift) - 1;

    private bool IsTable(uint page) => (page & WindowMask) < _tablePages;

    /// <summary>The page behind the run, or the free or table page, that begins here.</summary>
    private uint Next(uint page)
    {
        if (IsTable(page)) return (page & ~WindowMask) + _tablePages;
        return Volatile.Read(ref Owner(page)) == OwnerToken.None ? page + 1 : page + Math.Max(Pages.Entry<uint>(page, HeapLayout.EntryLength), 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref ulong Owner(uint page) => ref Pages.Entry<ulong>(page, HeapLayout.EntryOwner);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref int Word(int offset) => ref _block.At<int>(_control + offset);
}
