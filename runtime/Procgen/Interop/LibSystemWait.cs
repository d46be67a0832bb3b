using System.Runtime.InteropServices;

namespace Procgen.Interop;

/// <summary>macOS's waits on an address between processes (14.4 and later), and when a process began.</summary>
internal static unsafe partial class LibSystemWait
{
    private const uint Shared = 1;
    private const uint ClockMachAbsolute = 32;
    private const int ProcessBsdInfo = 3;
    private const int BsdInfoSize = 136;
    private const int StartSecondsOffset = 120;

    /// <summary>Whether this macOS can wait on addresses; older ones poll.</summary>
    public static bool WaitsOnAddresses { get; } = OperatingSystem.IsMacOSVersionAtLeast(14, 4);

    /// <summary>Sleeps while the word is <paramref name="expected"/>; may return early.</summary>
    public static void Wait(int* word, int expected, int milliseconds)
    {
        if (milliseconds < 0) _ = WaitOnAddress(word, (uint)expected, sizeof(int), Shared);
        else _ = WaitOnAddressWithTimeout(word, (uint)expected, sizeof(int), Shared, ClockMachAbsolute, (ulong)milliseconds * 1_000_000);
    }

    public static void Wake(int* word, int count)
    {
        if (count == int.MaxValue) _ = WakeByAddressAll(word, sizeof(int), Shared);
        else for (int i = 0; i < count && WakeByAddressAny(word, sizeof(int), Shared) == 0; i++) { }
    }

    /// <summary>When the process began, in microseconds; 0 when there is none or it is dead.</summary>
    public static long StartTime(int processId)
    {
        byte* info = stackalloc byte[BsdInfoSize];
        if (ProcessInfo(processId, ProcessBsdInfo, 0, info, BsdInfoSize) != BsdInfoSize) return 0;
        long* start = (long*)(info + StartSecondsOffset);
        return (start[0] * 1_000_000) + start[1];
    }

    [LibraryImport("libSystem", EntryPoint = "os_sync_wait_on_address")]
    private static partial int WaitOnAddress(int* word, ulong expected, nint size, uint flags);

    [LibraryImport("libSystem", EntryPoint = "os_sync_wait_on_address_with_timeout")]
    private static partial int WaitOnAddressWithTimeout(int* word, ulong expected, nint size, uint flags, uint clock, ulong nanoseconds);

    [LibraryImport("libSystem", EntryPoint = "os_sync_wake_by_address_any")]
    private static partial int WakeByAddressAny(int* word, nint size, uint flags);

    [LibraryImport("libSystem", EntryPoint = "os_sync_wake_by_address_all")]
    private static partial int WakeByAddressAll(int* word, nint size, uint flags);

    [LibraryImport("libSystem", EntryPoint = "proc_pidinfo")]
    private static partial int ProcessInfo(int processId, int flavor, ulong argument, byte* buffer, int size);
}
