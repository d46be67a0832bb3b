using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Procgen.Queues;

/// <summary>Bytes on their way between a value and shared memory. Reused: each thread keeps one.</summary>
/// <remarks>One thread at a time. A large array comes from the shared pool of arrays and goes back there.</remarks>
internal sealed class ItemBuffer : IBufferWriter<byte>
{
    private const int FirstSize = 1024;
    private const int MaxKept = 128 * 1024;

    [ThreadStatic]
    private static ItemBuffer? s_spare;

    private byte[] _bytes = new byte[FirstSize];

    public int Length { get; private set; }

    /// <summary>The bytes that it takes in memory, used or not.</summary>
    public int Capacity => _bytes.Length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    /// <summary>An empty buffer, of this thread where it has one.</summary>
    public static ItemBuffer Rent()
    {
        ItemBuffer buffer = s_spare ?? new ItemBuffer();
        s_spare = null;
        buffer.Length = 0;
        return buffer;
    }

    /// <summary>Keeps the buffer for the next use on this thread. Once: it may be in use again right after.</summary>
    public void Return()
    {
        if (_bytes.Length > MaxKept)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = new byte[FirstSize];
        }

        s_spare = this;
    }

    /// <summary>Replaces the contents.</summary>
    public void Set(ReadOnlySpan<byte> bytes)
    {
        Length = 0;
        bytes.CopyTo(GetSpan(bytes.Length));
        Length = bytes.Length;
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

    private void Reserve(int size)
    {
        if (_bytes.Length - Length >= Math.Max(size, 1)) return;
        long wanted = Math.Max((long)Length + size, Math.Min(_bytes.Length * 2L, Array.MaxLength));
        if (wanted > Array.MaxLength) ThrowTooLong();
        byte[] larger = wanted > MaxKept ? ArrayPool<byte>.Shared.Rent((int)wanted) : new byte[wanted];
        _bytes.AsSpan(0, Length).CopyTo(larger);
        if (_bytes.Length > MaxKept) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }

    [DoesNotReturn]
    private static void ThrowTooLong() => throw new ProcessSerializationException("The encoded item is longer than 2 GiB.");
}
