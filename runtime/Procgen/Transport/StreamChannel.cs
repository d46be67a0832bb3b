namespace Procgen.Transport;

/// <summary>A pipe stream as a channel: both ends on Windows, and elsewhere who connects until it has shown its secret.</summary>
internal sealed class StreamChannel(Stream stream) : ByteChannel
{
    public override int Read(Span<byte> destination)
    {
        try
        {
            return stream.Read(destination);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or OperationCanceledException)
        {
            return 0; // A peer that was killed resets the pipe; for a reader that is its end.
        }
    }

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            stream.Write(bytes);
        }
        catch (Exception error) when (error is ObjectDisposedException or InvalidOperationException or OperationCanceledException)
        {
            throw new IOException("The pipe is closed.", error);
        }
    }

    public override void Dispose() => stream.Dispose();
}
