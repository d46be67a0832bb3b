using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using Procgen.CompilerServices;
using Procgen.Framing;
using Procgen.Launching;
using Procgen.Serialization;
using Procgen.Shared;
using Procgen.Telemetry;
using Procgen.Transport;

namespace Procgen.Worker;

/// <summary>
/// Writes results where the pool finds them also when this process is killed: into the shared ring, or, where one is too
/// long for it, beside it in a segment of shared memory or in a frame. Results are shown to the pool together, up to some
/// hundreds of microseconds apart while items are short: waking the reader for each would cost more than the items.
/// </summary>
/// <remarks>The target's thread writes, one result at a time; <see cref="Publish"/> may be called by any thread.</remarks>
internal sealed class ResultWriter : IBufferWriter<byte>
{
    private const int LongestInRing = CallBoard.RingLength / 4;
    private const int SpanHint = 64;
    private const int ShortRecord = ResultRecord.HeaderLength + SpanHint;
    private const int MaxInterval = 256;
    private static readonly long Pause = Stopwatch.Frequency / 5000; // 200 µs
    private readonly CallBoard _board;
    private readonly Link _link;
    private readonly object _publishing = new();
    private readonly SegmentHeap _heap;
    private readonly PayloadBuffer _aside;
    private long _position;
    private long _roomUntil;
    private int _length;
    private bool _isAside;
    private bool _isShared;
    private bool _isClosed;
    private long _published;
    private long _lastPublished;
    private long _lastLook;
    private RecentPace _pace;
    private bool _isMeasured;
    private volatile bool _isWatched;
    private int _interval = 1;
    private int _sinceLook;

    public ResultWriter(CallBoard board, Link link)
    {
        _board = board;
        _link = link;
        _heap = new SegmentHeap(board.Block);
        _aside = new PayloadBuffer { Heap = _heap };
    }

    /// <summary>Begins a result; what was written since the last one is forgotten.</summary>
    public void Begin()
    {
        _length = 0;
        _isShared = false;
        if (!_isAside) return;
        _isAside = false;
        _aside.Clear();
    }

    /// <summary>Begins a value that is written with what is returned, up to its <see cref="End"/>.</summary>
    public PayloadWriter Begin(HandleScope scope)
    {
        Begin();

        // Most are short, and go straight into the ring without asking for room again.
        return FreeHere(ShortRecord) < ShortRecord
            ? new PayloadWriter(this, scope)
            : new PayloadWriter(this, scope, _board.Ring(_position + ResultRecord.HeaderLength, SpanHint));
    }

    /// <summary>The value has been written.</summary>
    public void End(ref PayloadWriter writer) => Advance(writer.Pending);

    public void Advance(int count)
    {
        if (_isAside) _aside.Advance(count);
        else _length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => throw new NotSupportedException("Shared memory is written through spans.");

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        if (!_isAside)
        {
            int needed = ResultRecord.SizeOf(_length + Math.Max(sizeHint, 1));
            int free = FreeHere(needed);
            if (needed <= free) return _board.Ring(_position + ResultRecord.HeaderLength + _length, free - ResultRecord.HeaderLength - _length);

            // It does not fit between here and the ring's end, or the pool has not made room yet.
            MoveAside();
        }

        return _aside.GetSpan(Math.Max(sizeHint, SpanHint));
    }

    /// <summary>The result is complete: from now on it survives this process.</summary>
    /// <param name="batch">Its batch.</param>
    /// <param name="index">The item's place in it.</param>
    /// <param name="status">What became of the item.</param>
    /// <param name="asFrame">Whether it must stay behind frames that were sent before it.</param>
    public void Commit(uint batch, int index, ItemStatus status, bool asFrame = false)
    {
        // Before the pool can see the result: by what was measured it decides how much more to send.
        bool looks = status != ItemStatus.BatchLeft && (++_sinceLook >= _interval || _isWatched);
        long now = looks ? LookAtClock() : 0;
        if (_isAside && _aside.IsShared) LeaveShared();
        int length = _isAside ? _aside.Length : _length;
        var record = new ResultRecord(length, batch, index, status, _isShared);
        if (asFrame || length > LongestInRing)
        {
            SendAsFrame(record);
        }
        else
        {
            int size = ResultRecord.SizeOf(length);
            if (_isAside || FreeHere(size) < size)
            {
                MakeRoom(size);
                if (_isAside) _aside.Written.CopyTo(_board.Ring(_position + ResultRecord.HeaderLength, length));
            }

            record.Write(_board.Ring(_position, ResultRecord.HeaderLength));
            _position += size;
            Volatile.Write(ref _board.Committed, _position);
        }

        if (!looks || now - _lastPublished < Pause) return;
        _lastPublished = now;
        Publish();
    }

    /// <summary>An item has taken its time: shows the pool what is there, and has that item measured.</summary>
    public void PublishWatched()
    {
        _isWatched = true;
        Publish();
    }

    /// <summary>Shows the pool all results, and wakes its reader where that sleeps.</summary>
    public void Publish()
    {
        lock (_publishing)
        {
            if (_isClosed) return;
            long committed = Volatile.Read(ref _board.Committed);
            if (committed == _published) return;
            _published = committed;
            Volatile.Write(ref _board.Published, committed);
            if (Interlocked.Exchange(ref _board.ReaderSleeps, 0) == 0) return;
        }

        _link.Send(FrameKind.Doorbell, 0, static (ref PayloadWriter _, int _) => { });
    }

    /// <summary>No more results follow: what is shared with the pool may go.</summary>
    public void Close()
    {
        lock (_publishing) _isClosed = true;
        _heap.Close();
    }

    /// <summary>Says where the result is instead of what it is. Its reader gives the segment back.</summary>
    private void LeaveShared()
    {
        int length = _aside.Length;
        SharedSegment segment = _aside.Detach()!;
        segment.RangeOf(0, length).Write(_aside.GetSpan(SegmentRange.EncodedLength));
        _aside.Advance(SegmentRange.EncodedLength);
        _isShared = true;
    }

    /// <summary>Nothing is there to be done: what has been is counted.</summary>
    public void Rest()
    {
        if (_sinceLook > 0) CountRunTimes(Stopwatch.GetTimestamp());
    }

    /// <summary>Says of the items that follow whether the pool hears how long they take.</summary>
    public void Measure(bool isMeasured)
    {
        if (isMeasured == _isMeasured) return;
        Rest();
        _isMeasured = isMeasured;
    }

    /// <summary>There is something to be done again.</summary>
    public void Resume() => _lastLook = Stopwatch.GetTimestamp();

    /// <summary>Many short items count with their mean: the clock costs as much as one of them.</summary>
    private long CountRunTimes(long now)
    {
        long each = (now - _lastLook) / _sinceLook;
        if (_isMeasured)
        {
            _board.RunTimes(DurationBuckets.Of(each)) += _sinceLook;
            _pace.Add(_sinceLook, now - _lastLook);
        }

        Volatile.Write(ref _board.ItemTicks, _pace.Each);
        _lastLook = now;
        _sinceLook = 0;
        return each;
    }

    /// <summary>The clock is looked at once for many short items, and once for each longer one.</summary>
    private long LookAtClock()
    {
        _isWatched = false;
        long now = Stopwatch.GetTimestamp();
        long each = CountRunTimes(now);
        _interval = (int)Math.Clamp(Pause / 4 / Math.Max(each, 1), 1, Math.Min(MaxInterval, _interval * 4));
        return now;
    }

    /// <summary>
    /// Contiguous bytes that may be written at the position. Where that is enough by what was last seen, the pool's word is not
    /// looked at again: it is on the other processor whenever the pool has just written it.
    /// </summary>
    private int FreeHere(int wanted)
    {
        if (_roomUntil - _position < wanted)
        {
            _roomUntil = Math.Min(_position + CallBoard.ContiguousFrom(_position), Volatile.Read(ref _board.Consumed) + CallBoard.RingLength);
        }

        return (int)(_roomUntil - _position);
    }

    private void MakeRoom(int size)
    {
        int contiguous = CallBoard.ContiguousFrom(_position);
        if (contiguous < size)
        {
            WaitForRoom(contiguous);
            BinaryPrimitives.WriteInt32LittleEndian(_board.Ring(_position, sizeof(int)), ResultRecord.Skip);
            _position += contiguous;
        }

        WaitForRoom(size);
    }

    private void WaitForRoom(int size)
    {
        while (FreeHere(size) < size)
        {
            Publish();
            Interlocked.Exchange(ref _board.RoomWanted.Value, 1);
            if (FreeHere(size) < size) _board.RoomWanted.Wait(1, Deadline.LookAroundMilliseconds);
        }
    }

    private void MoveAside()
    {
        _isAside = true;
        if (_length > 0) _aside.Append(_board.Ring(_position + ResultRecord.HeaderLength, _length));
    }

    private void SendAsFrame(ResultRecord record)
    {
        if (!_isAside) MoveAside();

        // Before the next item begins: when this process dies, all but the last item that began must have come through.
        _link.SendForCertain(FrameKind.Outcome, new Outcome(record, _aside), static (ref PayloadWriter writer, Outcome outcome) =>
        {
            Span<byte> header = stackalloc byte[ResultRecord.HeaderLength];
            outcome.Record.Write(header);
            writer.WriteMemorySpan<byte>(header);
            writer.WriteMemorySpan(outcome.Payload.Written);
        });
    }

    private readonly record struct Outcome(ResultRecord Record, PayloadBuffer Payload);
}
