using System.Diagnostics;
using System.Runtime.CompilerServices;
using Procgen.CompilerServices;
using Procgen.Telemetry;

namespace Procgen.Pools;

/// <summary>How much of a map is sent at a time: enough to keep the workers busy, not so much that the end drags.</summary>
internal sealed class MapPlan
{
    private const int LargestChunk = 8192;
    private const int SmallestPart = 16;
    private const int Growth = 4;
    private const int LookEvery = 16;
    private const long BufferedBytes = 16 << 20;
    private const long BufferedItems = 64 * 1024;
    private static readonly long ChunkTicks = Stopwatch.Frequency / 1000;
    private static readonly long LongestChunk = 4 * ChunkTicks;
    private readonly int? _chunkSize;
    private readonly int? _maxInFlight;
    private readonly Func<int> _processes;
    private long _last;
    private RecentPace _pulling;

    /// <param name="settings">The pool's.</param>
    /// <param name="processes">How many workers it has at most, which may change while the map runs.</param>
    /// <param name="options">The caller's.</param>
    public MapPlan(PoolSettings settings, Func<int> processes, PoolMapOptions? options)
    {
        _chunkSize = options?.ChunkSize;
        _maxInFlight = options?.MaxInFlight;
        if (_chunkSize < 1) throw new ArgumentOutOfRangeException(nameof(options), _chunkSize, "ChunkSize must be at least 1.");
        if (_maxInFlight < 1) throw new ArgumentOutOfRangeException(nameof(options), _maxInFlight, "MaxInFlight must be at least 1.");
        if (settings.MaxPendingCalls < int.MaxValue) _maxInFlight = Math.Min(_maxInFlight ?? int.MaxValue, settings.MaxPendingCalls);
        _processes = processes;
    }

    private MapPlan(MapPlan other)
    {
        _chunkSize = other._chunkSize;
        _maxInFlight = other._maxInFlight;
        _processes = other._processes;
    }

    /// <summary>For another run: it learns anew.</summary>
    public MapPlan Again() => new(this);

    /// <summary>The bytes of arguments after which a chunk is sent as it is.</summary>
    public static int ChunkBytes => 64 * 1024;

    /// <summary>How many items the caller wants to go to a worker together; null where that is the pool's choice.</summary>
    public int? Unit => _chunkSize;

    /// <summary>How many items are encoded together: about a millisecond of work, in whole units.</summary>
    /// <param name="target">What they call.</param>
    /// <param name="remaining">How many are left in the source, where that is known.</param>
    /// <param name="room">How many more may be in flight.</param>
    public int SizeOfChunk(Target target, long? remaining, long room)
    {
        long size = Adapt(target, remaining);
        if (_chunkSize is { } unit) size = Math.Max(unit, size / unit * unit);
        return (int)Math.Clamp(size, 1, Math.Max(1, room));
    }

    /// <summary>How long it took to get so many items: a slow source must not delay those that are there.</summary>
    public void HasTaken(int items, long ticks) => _pulling.Add(items, ticks);

    /// <summary>
    /// Whether a chunk goes as it is, having been begun long ago: a source that turns slow must not hold up what it has given.
    /// The clock is looked at now and then, as it costs half of a small item.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsOverdue(int items, long started) =>
        items % LookEvery == 0 && _chunkSize is null or 1 && Stopwatch.GetTimestamp() - started > LongestChunk;

    /// <summary>Whether the workers want more while so many chunks are out.</summary>
    public bool IsHungry(int chunks) => chunks < 3 * _processes();

    /// <summary>How many items may have been taken from the source and not been answered or read.</summary>
    /// <param name="averageBytes">What a result takes.</param>
    public long Window(long averageBytes) =>
        _maxInFlight ?? Math.Clamp(BufferedBytes / Math.Max(1, averageBytes), 4 * _processes(), BufferedItems);

    /// <summary>
    /// A millisecond's worth in the middle of a map; less at its beginning, so that all workers begin soon, and towards its
    /// end, so that they end together.
    /// </summary>
    private long Adapt(Target target, long? remaining)
    {
        long full = target.EstimatedTicks == 0 ? 1 : Math.Clamp(ChunkTicks / target.EstimatedTicks, 1, LargestChunk);
        if (_pulling.Each is > 0 and var pull) full = Math.Min(full, Math.Max(1, ChunkTicks / pull));
        long part = Math.Max(1, full / SmallestPart);
        long size = Math.Min(full, Math.Max(part, Growth * _last));
        int parts = 2 * _processes();
        if (remaining is { } rest) size = Math.Min(size, Math.Max(part, (rest + parts - 1) / parts));
        _last = size;
        return size;
    }
}
