namespace Procgen.Transport;

/// <summary>Bytes both ways, blocking. One thread reads while another writes.</summary>
internal abstract class ByteChannel : IDisposable
{
    /// <summary>Waits for bytes; 0 at the end of the stream.</summary>
    public abstract int Read(Span<byte> destination);

    /// <summary>Writes all of them.</summary>
    /// <exception cref="IOException">The other end is gone.</exception>
    public abstract void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Writes what goes in while the other end does not read, without waiting.</summary>
    /// <returns>How many bytes that were; 0 also of a channel that can only wait.</returns>
    /// <exception cref="IOException">The other end is gone.</exception>
    public virtual int WriteSome(ReadOnlySpan<byte> bytes) => 0;

    public abstract void Dispose();

    /// <summary>Fills all of <paramref name="destination"/>; false at the end of the stream.</summary>
    public bool TryReadExactly(Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            int count = Read(destination);
            if (count == 0) return false;
            destination = destination[count..];
        }

        return true;
    }
}
