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
        if (!OperatingSystem.IsWindows() && !LibCMemory.MakeHollow(range.Address, range.Length))
        {
            _ = LibCMemory.Unmap(range.Address, (nint)range.Length);
            return;
        }

        lock (s_resting)
        {
            s_resting.Enqueue((range, Stopwatch.GetTimestamp()));
            s_addresses += range.Length;
            while (s_resting.TryPeek(out (MappedRange Range, long Since) oldest)
                && (s_addresses > MaxAddresses || Stopwatch.GetElapsedTime(oldest.Since) > Rest))
            {
                s_resting.Dequeue();
                s_addresses -= oldest.Range.Length;
                if (oldest.Range.Owner is { } owner) owner.Dispose();
                else _ = LibCMemory.Unmap(oldest.Range.Address, (nint)oldest.Range.Length);
            }
        }
    }
}
