using System.Buffers;
using System.Buffers.Binary;
using Procgen.CompilerServices;
using Procgen.Serialization;

namespace Procgen.Framing;

/// <summary>Appends the body of a frame.</summary>
internal delegate void FrameBody<in TState>(ref PayloadWriter writer, TState state);

/// <summary>Whole frames, one after another, in rented memory. Not thread-safe: its owner holds a lock or is alone.</summary>
internal sealed class FrameBuffer : IBufferWriter<byte>, IDisposable
{
    private const int InitialCapacity = 1024;
    private const int KeptCapacity = 1 << 20;
    private byte[] _bytes = FrameMemory.Rent(InitialCapacity);

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Appends one frame; one whose body throws leaves nothing behind. Returns the length of its body.</summary>
    /// <param name="kind">What it says.</param>
    /// <param name="state">Handed to <paramref name="body"/>.</param>
    /// <param name="body">Writes it.</param>
    /// <param name="scope">Keeps open what the handles in it lead to; null where it can hold none.</param>
    public int Append<TState>(FrameKind kind, TState state, FrameBody<TState> body, HandleScope? scope = null)
    {
        int start = Length;
        try
        {
            GetSpan(FrameLimits.HeaderLength);
            Length += FrameLimits.HeaderLength;
            var writer = new PayloadWriter(this, scope);
            body(ref writer, state);
            writer.Flush();
        }
        catch
        {
            Length = start;
            throw;
        }

        int bodyLength = Length - start - FrameLimits.HeaderLength;
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(start), bodyLength + 1);
        _bytes[start + 4] = (byte)kind;
        return bodyLength;
    }

    /// <summary>Appends frames that were made elsewhere.</summary>
    public void Append(ReadOnlySpan<byte> frames)
    {
        frames.CopyTo(GetSpan(frames.Length));
        Length += frames.Length;
    }

    /// <summary>Forgets what follows the first <paramref name="length"/> bytes.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Forgets the content, and memory that only a large frame needed.</summary>
    public void Clear()
    {
        Length = 0;
        if (_bytes.Length <= KeptCapacity) return;
        FrameMemory.Return(_bytes);
        _bytes = FrameMemory.Rent(InitialCapacity);
    }

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(Length);
    }

    public void Dispose()
    {
        byte[] bytes = _bytes;
        _bytes = [];
        Length = 0;
        FrameMemory.Return(bytes);
    }

    private void Reserve(int sizeHint)
    {
        if (_bytes.Length - Length >= Math.Max(sizeHint, 1)) return;
        long needed = (long)Length + Math.Max(sizeHint, 256);
        if (needed > FrameLimits.MaxBodyLength)
            throw new ProcessSerializationException($"the value takes more than {FrameLimits.MaxBodyLength} bytes, the longest frame");
        byte[] larger = FrameMemory.Rent((int)Math.Min(Math.Max(needed, _bytes.Length * 2L), FrameLimits.MaxBodyLength));
        Written.CopyTo(larger);
        FrameMemory.Return(_bytes);
        _bytes = larger;
    }
}
