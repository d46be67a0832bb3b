using System.Buffers.Binary;

namespace Procgen.Framing;

/// <summary>Cuts a stream of bytes into frames. One thread at a time.</summary>
/// <remarks>
/// Memory follows the bytes that have arrived, not the length that a header announces: a lie about the length costs the
/// liar its own bytes first.
/// </remarks>
internal sealed class FrameReader : IDisposable
{
    private const int InitialCapacity = 16 * 1024;
    private const int KeptCapacity = 1 << 20;
    private byte[] _bytes = FrameMemory.Rent(InitialCapacity);
    private int _start;
    private int _end;

    /// <summary>Where the next bytes go; call <see cref="Filled"/> with how many came.</summary>
    public Span<byte> Free()
    {
        if (_start == _end)
        {
            _start = _end = 0;
            if (_bytes.Length > KeptCapacity) Resize(InitialCapacity);
        }
        else if (_end == _bytes.Length)
        {
            if (_start > 0)
            {
                _bytes.AsSpan(_start, _end - _start).CopyTo(_bytes);
                _end -= _start;
                _start = 0;
            }
            else
            {
                Resize((int)Math.Min(_bytes.Length * 2L, Array.MaxLength));
            }
        }

        return _bytes.AsSpan(_end);
    }

    public void Filled(int count) => _end += count;

    /// <summary>The next whole frame, valid until <see cref="Free"/> is called.</summary>
    /// <exception cref="InvalidDataException">The header announces an impossible length.</exception>
    public bool TryRead(out FrameKind kind, out ReadOnlySpan<byte> body)
    {
        kind = default;
        body = default;
        int available = _end - _start;
        if (available < FrameLimits.HeaderLength) return false;
        int length = BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(_start));
        if (length is < 1 or > FrameLimits.MaxBodyLength) throw new InvalidDataException($"A frame of {length} bytes was announced.");
        if (available - 4 < length) return false;
        kind = (FrameKind)_bytes[_start + 4];
        body = _bytes.AsSpan(_start + FrameLimits.HeaderLength, length - 1);
        _start += 4 + length;
        return true;
    }

    public void Dispose()
    {
        byte[] bytes = _bytes;
        _bytes = [];
        FrameMemory.Return(bytes);
    }

    private void Resize(int capacity)
    {
        byte[] other = FrameMemory.Rent(capacity);
        _bytes.AsSpan(_start, _end - _start).CopyTo(other);
        FrameMemory.Return(_bytes);
        _bytes = other;
        _end -= _start;
        _start = 0;
    }
}
