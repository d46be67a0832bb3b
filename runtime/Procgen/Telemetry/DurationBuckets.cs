using System.Diagnostics;
using System.Numerics;

namespace Procgen.Telemetry;

/// <summary>Durations sorted by their powers of two: bucket <c>i</c> has those below 2^i ns that no lower one has, the last one also all above.</summary>
internal static class DurationBuckets
{
    public const int Count = 48;

    /// <param name="ticks">Ticks of <see cref="Stopwatch"/>.</param>
    public static int Of(long ticks)
    {
        ulong nanoseconds = Stopwatch.Frequency == 1_000_000_000 ? (ulong)Math.Max(ticks, 0) : (ulong)(Math.Max(ticks, 0) * (1e9 / Stopwatch.Frequency));
        return Math.Min(Count - 1, 64 - BitOperations.LeadingZeroCount(nanoseconds));
    }
}
