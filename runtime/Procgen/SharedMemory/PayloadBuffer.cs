using System.Buffers;
using Procgen.Framing;

namespace Procgen.Shared;

/// <summary>Collects a payload: in this process's memory while it is short, in a segment of shared memory once it is long.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class PayloadBuffer : IBufferWriter<byte>
{
    private readonly FrameBuffer _near = new();
    private SharedSegment? _segment;
    private int _length;

    /// <summary>Where segments come from; null for none.</summary>
    public SegmentHeap? Heap { get; set; }

    public int Length => _segment is null ? _near.Length : _length;

    /// <summary>Whether the payload lies in shared memory.</summary>
    public bool IsShared => _segment is not null;

    public ReadOnlySpan<byte> Written => _segment is null ? _near.Written : _segment.Bytes[.._length];

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        Advance(bytes.Length);
    }

    public void Advance(int count)
    {
        if (_segment is null) _near.Advance(count);
        else _length += count;
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        int needed = Math.Max(sizeHint, 1);
        if (_segment is null)
        {
            if (Heap is null || (long)_near.Length + needed < SegmentHeap.LargeFrom || !TryMove(needed)) return _near.GetSpan(sizeHint);
        }
        else if (_segment.Capacity - _length < needed && !TryMove(Math.Max(needed, _length)))
        {
            MoveBack();
            return _near.GetSpan(sizeHint);
        }

        return _segment!.Bytes[_length..];
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => throw new NotSupportedException("Shared memory is written through spans.");

    /// <summary>Forgets what follows the first <paramref name="length"/> bytes.</summary>
    public void Truncate(int length)
    {
        if (_segment is null) _near.Truncate(length);
        else _length = length;
    }

    /// <summary>The segment that holds the payload: its reader, or who takes it here, releases it.</summary>
    public SharedSegment? Detach()
    {
        SharedSegment? segment = _segment;
        _segment = null;
        return segment;
    }

    public void Clear()
    {
        Detach()?.Release();
        _near.Clear();
    }

    private bool TryMove(int more)
    {
        ReadOnlySpan<byte> written = Written;
        if (Heap!.TryTake((long)written.Length + more) is not { } segment) return false;
        written.CopyTo(segment.Bytes);
        int length = written.Length;
        Clear();
        _segment = segment;
        _length = length;
        return true;
    }

    /// <summary>There is no room for a longer segment.</summary>
    private void MoveBack()
    {
        SharedSegment segment = Detach()!;
        Heap = null;
        segment.Bytes[.._length].CopyTo(_near.GetSpan(_length));
        _near.Advance(_length);
        segment.Release();
    }
}
