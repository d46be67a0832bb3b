namespace Procgen.Queues;

/// <summary>
/// Where things stand in a <see cref="PageHeap"/>. The control line is in the block's first range, from the offset that
/// the heap was given; the pages stand in windows behind it, each of which begins with the table of its own pages:
/// <code>
/// | first range: heap control, logs' control | window 0: table, pages … | window 1: table, pages … | …
/// </code>
/// The file is sparse, so what was never written costs nothing; a process maps a window when it first touches a page of it.
/// </summary>
internal static class HeapLayout
{
    public const int PageSize = 16 * 1024;

    // One table entry: who owns the run of pages that begins here, and how many they are.
    public const int EntrySize = 16;
    public const int EntryOwner = 0;
    public const int EntryLength = 8;

    // Control.
    public const int Latch = 0;
    public const int Top = 8;
    public const int Hint = 12;
    public const int Free = 16;
    public const int SweepDue = 20;
    public const int PageCount = 24;
    public const int WindowShift = 28;
    public const int SweptTop = 32;
    public const int ControlSize = 128;

    /// <summary>Pages of one window, as a power of two: 4 GiB, or 64 MiB where mapping a range commits it.</summary>
    public static int DefaultWindowShift => OperatingSystem.IsWindows() || !Environment.Is64BitProcess ? 12 : 18;

    /// <summary>How many pages at the start of each window its table takes.</summary>
    public static uint TablePages(int windowShift) => (uint)((EntrySize << windowShift) / PageSize);
}
