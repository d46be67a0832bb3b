using Procgen.Interop;

namespace Procgen.Transport;

/// <summary>A socket as a channel: both ends of a launch pipe on Unix.</summary>
internal sealed class SocketChannel(UnixSocket socket) : ByteChannel
{
    public override int Read(Span<byte> destination) => socket.Read(destination);

    public override void Write(ReadOnlySpan<byte> bytes) => socket.Write(bytes);

    public override int WriteSome(ReadOnlySpan<byte> bytes) => socket.WriteSome(bytes);

    public override void Dispose() => socket.Dispose();
}
