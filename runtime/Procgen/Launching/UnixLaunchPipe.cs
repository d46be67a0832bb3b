using Procgen.Interop;
using Procgen.Transport;

namespace Procgen.Launching;

/// <summary>A launch pipe on Unix: a socket in the file system, which goes with the connection of the child.</summary>
internal sealed class UnixLaunchPipe(WorkerTicket ticket) : LaunchPipe(ticket)
{
    private readonly UnixListener _listener = UnixListener.Listen(ticket.PipePath);

    public override ByteChannel? Accept()
    {
        while (_listener.Accept() is UnixSocket socket)
        {
            var channel = new SocketChannel(socket);
            if (IsChild(channel))
            {
                _listener.Dispose();
                return channel;
            }

            channel.Dispose();
        }

        return null;
    }

    public override void Dispose() => _listener.Dispose();
}
