using System.Diagnostics;
using Procgen.Interop;

namespace Procgen.Shared;

/// <summary>
/// Mappings whose block was disposed. A thread may be between its "is it disposed?" and its access, so addresses are
/// not given up at once: first the file is taken away from them (its memory is freed there and then, and late accesses
/// find private zeros), and a good while later the addresses go too.
/// </summary>
/// <remarks>Thread-safe. Nothing here runs by itself: each retirement clears what has waited long enough.</remarks>
internal static unsafe class RetiredMappings
{
    private const long MaxAddresses = 1L << 40;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    private static readonly Queue<(MappedRange Range, long Since)> s_resting = new();
    private static long s_addresses;

    public static void Add(MappedRange range)
    {
        if (!TryMakeHollow(range)) return;
        lock (s_resting)
        {
            s_resting.Enqueue((range, Stopwatch.GetTimestamp()));
            s_addresses += range.Length;
            while (s_resting.TryPeek(out (MappedRange Range, long Since) oldest)
                && (s_addresses > MaxAddresses || Stopwatch.GetElapsedTime(oldest.Since) > Rest))
            {
                s_resting.Dequeue();
                s_addresses -= oldest.Range.Length;
                GiveUp(oldest.Range);
            }
        }
    }

    /// <returns>False when the addresses are gone already.</returns>
    private static bool TryMakeHollow(MappedRange range)
    {
        if (OperatingSystem.IsWindows())
        {
            // Not in one step there, and memory that is only kept harmless counts against the system's limit: small ones only.
            range.Owner?.Dispose();
            return range.Length <= SharedBlock.Granularity && Kernel32Memory.TakeAddresses(range.Address, (nint)range.Length);
        }

        if (LibCMemory.MakeHollow(range.Address, range.Length)) return true;
        _ = LibCMemory.Unmap(range.Address, (nint)range.Length);
        return false;
    }

    private static void GiveUp(MappedRange range)
    {
        if (OperatingSystem.IsWindows()) Kernel32Memory.FreeAddresses(range.Address);
        else _ = LibCMemory.Unmap(range.Address, (nint)range.Length);
    }
}
