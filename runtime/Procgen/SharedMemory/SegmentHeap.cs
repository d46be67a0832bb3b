using System.Numerics;

namespace Procgen.Shared;

/// <summary>
/// Segments for large payloads behind a block's first range. They are used again and again, since the first touch of a
/// page that processes share costs more than to copy it a few times. One process takes segments; another one reads them
/// through <see cref="SegmentViews"/>.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class SegmentHeap
{
    /// <summary>Payloads from this length on are worth a segment: below it a pipe costs no more.</summary>
    public const int LargeFrom = 128 * 1024;

    /// <summary>The least that a segment takes of a block.</summary>
    public const long SmallestSize = 4 * SharedBlock.Granularity;

    /// <summary>How much memory free segments may keep.</summary>
    private const long MostKept = 64L << 20;

    private readonly object _gate = new();
    private readonly List<SharedSegment> _segments = [];
    private SharedBlock? _block;
    private long _end;
    private bool _isClosed;

    /// <summary>Segments in a block of their own, which is made when the first one is wanted.</summary>
    public SegmentHeap()
    {
    }

    /// <summary>Segments in a block that has room for them; the caller goes on holding it.</summary>
    public SegmentHeap(SharedBlock block)
    {
        block.AddReference();
        _block = block;
        _end = block.MappableFrom;
    }

    /// <summary>What the segments are in; null as long as there are none.</summary>
    public SharedBlock? Block => _block;

    /// <summary>What to make a block's capacity that has segments. On Windows reserved room is not free: payloads that find none go through the pipe.</summary>
    public static long Capacity { get; } = OperatingSystem.IsWindows() ? 512L << 20 : 1L << 36;

    /// <summary>A segment for so many bytes; null where there is no room, or no more use.</summary>
    public SharedSegment? TryTake(long length)
    {
        lock (_gate)
        {
            if (_isClosed || length > Array.MaxLength - SharedSegment.HeaderLength) return null;
            SharedSegment? segment = FindFree(length) ?? TryAdd(length);
            segment?.Take();
            return segment;
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            if (_isClosed) return;
            _isClosed = true;
            foreach (SharedSegment segment in _segments) segment.Close();
            _segments.Clear();
            _block?.Release();
        }
    }

    private SharedSegment? FindFree(long length)
    {
        SharedSegment? best = null;
        long kept = 0;
        foreach (SharedSegment segment in _segments)
        {
            if (!segment.IsFree) continue;
            if (segment.Capacity >= length && (best is null || IsBetter(segment, best))) best = segment;
            if (!segment.IsTouched || (kept += segment.Capacity) <= MostKept || ReferenceEquals(segment, best)) continue;
            kept -= segment.Capacity;
            segment.Discard();
        }

        return best;
    }

    /// <summary>Memory that is there already first, then the smallest.</summary>
    private static bool IsBetter(SharedSegment segment, SharedSegment other) =>
        segment.Capacity < other.Capacity || (segment.Capacity == other.Capacity && segment.IsTouched && !other.IsTouched);

    private SharedSegment? TryAdd(long length)
    {
        long size = Math.Max(SmallestSize, (long)BitOperations.RoundUpToPowerOf2((ulong)length + SharedSegment.HeaderLength));
        try
        {
            if (_block is null)
            {
                _block = SharedBlock.Create(0, Capacity);
                _end = _block.MappableFrom;
            }

            if (_end + size > Capacity) return null;
            var segment = new SharedSegment(_block.Map(_end, size));
            _segments.Add(segment);
            _end += size;
            return segment;
        }
        catch (Exception error) when (error is InsufficientMemoryException or IOException)
        {
            return null;
        }
    }
}
