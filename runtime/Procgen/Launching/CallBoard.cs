using System.Runtime.CompilerServices;
using Procgen.Shared;
using Procgen.Telemetry;

namespace Procgen.Launching;

/// <summary>
/// What a pool and one of its workers both see, whatever becomes of the worker: which items of which batch it has begun,
/// and the ring in which their results wait to be collected. A worker that is killed leaves finished results behind, and
/// the one item that it was running is known exactly. Behind all that is room for results too long for the ring, in the
/// segments of a <see cref="SegmentHeap"/> that the worker fills.
/// </summary>
/// <remarks>
/// Of a batch there is one word: how many items are offered, and how many have been begun. The worker begins an item and
/// the pool takes back what has not begun by compare-and-swap on that word, so that every item is run by one of them.
/// </remarks>
internal sealed class CallBoard
{
    /// <summary>How many batches may be with a worker; numbers follow each other and their words go round.</summary>
    public const int MaxBatches = 1024;

    /// <summary>Bytes of the ring.</summary>
    public const int RingLength = 128 * 1024;

    // Each on a cache line of its own: one side writes while the other looks.
    private const long CommittedAt = 0;
    private const long PublishedAt = 64;
    private const long ConsumedAt = 128;
    private const long ReaderSleepsAt = 192;
    private const long RoomWantedAt = 256;
    private const long RunningAt = 320;
    private const long BegunAtAt = 328;
    private const long ItemTicksAt = 336;
    private const long RunTimesAt = 512;
    private const long BatchesAt = RunTimesAt + (DurationBuckets.Count * sizeof(long));
    private const long RingAt = BatchesAt + (MaxBatches * sizeof(long));

    private readonly SharedBlock _block;

    private CallBoard(SharedBlock block)
    {
        _block = block;
        RoomWanted = new WaitWord(block, RoomWantedAt);
    }

    /// <summary>Where the worker has finished results, in bytes since the beginning. Written by the worker.</summary>
    public ref long Committed => ref _block.At<long>(CommittedAt);

    /// <summary>How far the worker wants them to be collected now. Written by the worker.</summary>
    public ref long Published => ref _block.At<long>(PublishedAt);

    /// <summary>How far they have been collected. Written by the pool.</summary>
    public ref long Consumed => ref _block.At<long>(ConsumedAt);

    /// <summary>1 while the pool's reader waits on the link: who sets it to 0 must ring there.</summary>
    public ref int ReaderSleeps => ref _block.At<int>(ReaderSleepsAt);

    /// <summary>1 while the worker waits for room in the ring.</summary>
    public WaitWord RoomWanted { get; }

    /// <summary>The batch that is running plus 1, or 0. Written by the worker.</summary>
    public ref long Running => ref _block.At<long>(RunningAt);

    /// <summary>When the running item of a batch with a time limit began, by the system's monotonic clock; else 0. Written by the worker.</summary>
    public ref long BegunAt => ref _block.At<long>(BegunAtAt);

    /// <summary>What an item took lately, in ticks of the system's monotonic clock; 0 for unknown. Written by the worker.</summary>
    public ref long ItemTicks => ref _block.At<long>(ItemTicksAt);

    /// <summary>How many items ran for how long, by <see cref="DurationBuckets"/>. Written by the worker.</summary>
    public ref long RunTimes(int bucket) => ref _block.At<long>(RunTimesAt + (bucket * sizeof(long)));

    /// <param name="hasSegments">Whether it has room for results too long for the ring.</param>
    public static CallBoard Create(bool hasSegments = true)
    {
        var board = new CallBoard(SharedBlock.Create(RingAt + RingLength, hasSegments ? SegmentHeap.Capacity : 0));
        board.ReaderSleeps = 1;
        return board;
    }

    public static CallBoard Open(SharedBlock block) => new(block);

    public SharedBlock Block => _block;

    /// <summary>Bytes of the ring from a position on; the caller stays within what is contiguous.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Ring(long position, int length) => _block.GetSpan(RingAt + (position & (RingLength - 1)), length);

    /// <summary>How many bytes follow a position before the ring begins again.</summary>
    public static int ContiguousFrom(long position) => RingLength - (int)(position & (RingLength - 1));

    /// <summary>Offers the items of a batch that is about to be sent. Called by the pool.</summary>
    public void Offer(uint batch, int count) => Volatile.Write(ref Word(batch), (long)count << 32);

    /// <summary>Takes back what has not begun. Called by the pool.</summary>
    /// <returns>How many have begun.</returns>
    public int TakeBack(uint batch)
    {
        ref long word = ref Word(batch);
        while (true)
        {
            long seen = Volatile.Read(ref word);
            int begun = (int)seen;
            if (begun >= (int)(seen >> 32)) return begun;
            if (Interlocked.CompareExchange(ref word, ((long)begun << 32) | (uint)begun, seen) == seen) return begun;
        }
    }

    /// <summary>How many items of a batch have begun.</summary>
    public int CountBegun(uint batch) => (int)Volatile.Read(ref Word(batch));

    /// <summary>Begins the next item of a batch, unless the rest has been taken back. Called by the worker.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryBegin(uint batch)
    {
        ref long word = ref Word(batch);
        while (true)
        {
            long seen = Volatile.Read(ref word);
            if ((int)seen >= (int)(seen >> 32)) return false;
            if (Interlocked.CompareExchange(ref word, seen + 1, seen) == seen) return true;
        }
    }

    private ref long Word(uint batch) => ref _block.At<long>(BatchesAt + (batch % MaxBatches * sizeof(long)));
}
