using System.Diagnostics;
using Procgen.Telemetry;

namespace Procgen.Pools;

/// <summary>
/// Durations that wait to be recorded by a histogram of the meter: how many in each bucket (<see cref="DurationBuckets"/>)
/// and their sum, so that a listener that is slower than the pool takes no memory and misses none. Under the pool's lock.
/// </summary>
internal sealed class CallTimes
{
    private readonly long[] _counts = new long[DurationBuckets.Count];
    private readonly double[] _seconds = new double[DurationBuckets.Count];

    /// <param name="ticks">Ticks of <see cref="Stopwatch"/>.</param>
    /// <param name="count">Of so many calls each.</param>
    public void Add(long ticks, int count)
    {
        int bucket = DurationBuckets.Of(ticks);
        _counts[bucket] += count;
        _seconds[bucket] += (double)Math.Max(ticks, 0) / Stopwatch.Frequency * count;
    }

    /// <summary>Takes them out: of each bucket, how many there are and their mean.</summary>
    public List<(long Count, double Seconds)> Take()
    {
        List<(long Count, double Seconds)> taken = [];
        for (int i = 0; i < _counts.Length; i++)
        {
            if (_counts[i] == 0) continue;
            taken.Add((_counts[i], _seconds[i] / _counts[i]));
            _counts[i] = 0;
            _seconds[i] = 0;
        }

        return taken;
    }
}
