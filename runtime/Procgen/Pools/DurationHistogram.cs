using Procgen.Telemetry;

namespace Procgen;

/// <summary>How many durations lay where, by powers of two of a nanosecond.</summary>
public sealed class DurationHistogram
{
    private readonly long[] _counts;

    internal DurationHistogram(long[] counts) => _counts = counts;

    /// <summary>How many there are in each bucket: bucket <c>i</c> has what is below <see cref="UpperBound"/>(i) and in no lower one.</summary>
    public IReadOnlyList<long> Counts => _counts;

    /// <summary>How many durations there are.</summary>
    public long Count => _counts.Sum();

    /// <summary>Where a bucket ends: 2^<paramref name="bucket"/> nanoseconds, to the 100 that a <see cref="TimeSpan"/> counts; the last bucket has no end.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such bucket.</exception>
    public static TimeSpan UpperBound(int bucket)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bucket);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(bucket, DurationBuckets.Count);
        return bucket == DurationBuckets.Count - 1 ? TimeSpan.MaxValue : TimeSpan.FromTicks(Math.Max(1, (1L << bucket) / 100));
    }

    /// <summary>What that share of the durations was below, as exactly as the buckets say: 0.5 for the median.</summary>
    /// <param name="share">0 to 1.</param>
    /// <returns>Zero where there are no durations.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="share"/> is less or more.</exception>
    public TimeSpan Quantile(double share)
    {
        if (share is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(share), share, "A share lies between 0 and 1.");
        long wanted = (long)Math.Ceiling(Count * share);
        long seen = 0;
        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= wanted && seen > 0) return UpperBound(bucket);
        }

        return TimeSpan.Zero;
    }
}
