using System.Runtime.CompilerServices;
using Procgen.Shared;

namespace Procgen.Queues;

/// <summary>The pages behind a block's first range as this process sees them: windows that are mapped when first touched.</summary>
/// <remarks>Thread-safe. Every process may see the same page at another address; only page numbers cross.</remarks>
internal sealed class PageSpace(SharedBlock block, int windowShift, uint pageCount)
{
    private readonly SharedView?[] _windows = new SharedView?[((pageCount - 1) >> windowShift) + 1];
    private readonly uint _windowMask = (1u << windowShift) - 1;

    /// <summary>The capacity to give a block whose first range is this long.</summary>
    public static long CapacityFor(long mappableFrom, uint pageCount) => mappableFrom + ((long)pageCount * HeapLayout.PageSize);

    /// <summary>A value in a page.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T At<T>(uint page, int offset) => ref Window(page).At<T>(((long)(page & _windowMask) * HeapLayout.PageSize) + offset);

    /// <summary>Bytes from a page on. They may reach over the following pages of the same run.</summary>
    public Span<byte> Bytes(uint page, int offset, int length) =>
        Window(page).GetSpan(((long)(page & _windowMask) * HeapLayout.PageSize) + offset, length);

    /// <summary>The table entry of a page.</summary>
    public ref T Entry<T>(uint page, int field) => ref Window(page).At<T>(((page & _windowMask) * HeapLayout.EntrySize) + field);

    /// <summary>Gives the memory of a run that nobody uses back to the system.</summary>
    public void Discard(uint page, uint pages) =>
        block.Discard(block.MappableFrom + ((long)page * HeapLayout.PageSize), (long)pages * HeapLayout.PageSize);

    /// <summary>Unmaps. No thread may be inside.</summary>
    public void Close()
    {
        foreach (ref SharedView? window in _windows.AsSpan()) Interlocked.Exchange(ref window, null)?.Dispose();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private SharedView Window(uint page)
    {
        uint index = page >> windowShift;
        if (index >= (uint)_windows.Length) ThrowBadPage(page);
        return Volatile.Read(ref _windows[index]) ?? MapWindow(index);
    }

    private static void ThrowBadPage(uint page) =>
        throw new InvalidDataException($"Page {page} is outside this queue's or pipe's memory: its contents were overwritten.");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private SharedView MapWindow(uint index)
    {
        long length = (long)HeapLayout.PageSize << windowShift;
        SharedView mapped = block.Map(block.MappableFrom + (index * length), length);
        SharedView? sooner = Interlocked.CompareExchange(ref _windows[index], mapped, null);
        if (sooner is null) return mapped;
        mapped.Dispose();
        return sooner;
    }
}
