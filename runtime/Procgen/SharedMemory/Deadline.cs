using System.Diagnostics;

namespace Procgen.Shared;

/// <summary>When a wait gives up. Null, negative one millisecond and anything beyond what the clock counts, 292 years on most systems: never.</summary>
internal readonly struct Deadline
{
    /// <summary>
    /// The longest that anybody sleeps without looking around: whether a holder died, whether a wake was lost because
    /// its sender was killed between the change and the wake, whether the handle was disposed.
    /// </summary>
    public const int LookAroundMilliseconds = 40;

    private readonly long _end;

    private Deadline(long end) => _end = end;

    public static Deadline Never => new(long.MaxValue);

    public static Deadline Now => new(long.MinValue);

    public bool HasPassed => _end != long.MaxValue && (_end == long.MinValue || Stopwatch.GetTimestamp() >= _end);

    public bool IsNever => _end == long.MaxValue;

    /// <summary>The time that is left, in whole milliseconds, rounded up: 24 days at most, and infinite where there is no end.</summary>
    public TimeSpan Rest => IsNever ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Slice(int.MaxValue));

    /// <param name="timeout">Null or <see cref="Timeout.InfiniteTimeSpan"/> for ever; zero for not at all.</param>
    /// <exception cref="ArgumentOutOfRangeException">Negative, and not infinite.</exception>
    public static Deadline After(TimeSpan? timeout)
    {
        if (timeout is not { } time || time == Timeout.InfiniteTimeSpan) return Never;
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero, nameof(timeout));
        if (time == TimeSpan.Zero) return Now;
        double end = Stopwatch.GetTimestamp() + (time.TotalSeconds * Stopwatch.Frequency);
        return end < long.MaxValue ? new Deadline((long)end) : Never;
    }

    /// <summary>Waits, however long: no wait of the system's takes more than 24 days at a time.</summary>
    /// <param name="wait">Waits for so many milliseconds, and says whether what it waits for has come.</param>
    /// <returns>False when the time was up.</returns>
    public bool Wait(Func<int, bool> wait)
    {
        while (!wait(Slice(int.MaxValue)))
        {
            if (HasPassed) return false;
        }

        return true;
    }

    /// <summary>How many milliseconds to sleep now: the rest, rounded up, but no more than until the next look around.</summary>
    public int Slice(int longest = LookAroundMilliseconds)
    {
        if (_end == long.MaxValue) return longest;
        if (_end == long.MinValue) return 0;
        long rest = _end - Stopwatch.GetTimestamp();
        if (rest <= 0) return 0;

        // In milliseconds it might be more than 64 bits hold.
        if (rest / Stopwatch.Frequency > longest / 1000) return longest;
        long milliseconds = ((rest * 1000) + Stopwatch.Frequency - 1) / Stopwatch.Frequency;
        return (int)Math.Min(milliseconds, longest);
    }
}
