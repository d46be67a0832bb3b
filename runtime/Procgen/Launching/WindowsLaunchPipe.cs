using System.IO.Pipes;
using Procgen.Transport;

namespace Procgen.Launching;

/// <summary>A launch pipe on Windows.</summary>
internal sealed class WindowsLaunchPipe : LaunchPipe
{
    private readonly object _gate = new();
    private readonly string _name;
    private NamedPipeServerStream? _server;
    private bool _isDisposed;

    public WindowsLaunchPipe(WorkerTicket ticket)
        : base(ticket)
    {
        _name = ticket.PipePath;
        _server = Listen();
    }

    public override ByteChannel? Accept()
    {
        while (true)
        {
            NamedPipeServerStream? server;
            lock (_gate) server = _server;
            if (server is null) return null;
            var channel = new StreamChannel(server);
            if (TryConnect(server) && IsChild(channel)) return TryTake() ? channel : null;

            // The next instance is made before this one goes, so that the child never finds nobody listening.
            lock (_gate)
            {
                if (_isDisposed) return null;
                _server = Listen();
            }

            server.Dispose();
        }
    }

    public override void Dispose()
    {
        NamedPipeServerStream? server;
        lock (_gate)
        {
            _isDisposed = true;
            server = _server;
            _server = null;
        }

        if (server is null) return;
        EndWait();
        server.Dispose();
    }

    /// <summary>A wait for the child outlasts the pipe's disposal: it ends with a client, who says nothing and leaves.</summary>
    private void EndWait()
    {
        try
        {
            using var client = new NamedPipeClientStream(".", _name, PipeDirection.InOut);
            client.Connect(0);
        }
        catch (Exception error) when (error is IOException or TimeoutException or UnauthorizedAccessException)
        {
            // Nobody waits: the child has connected, or somebody else.
        }
    }

    private bool TryTake()
    {
        lock (_gate)
        {
            if (_isDisposed) return false;
            _server = null;
            return true;
        }
    }

    private NamedPipeServerStream Listen() => new(
        _name, PipeDirection.InOut, NamedPipeServerStream.MaxAllowedServerInstances, PipeTransmissionMode.Byte, PipeOptions.CurrentUserOnly);

    private static bool TryConnect(NamedPipeServerStream server)
    {
        try
        {
            server.WaitForConnection();
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ObjectDisposedException or InvalidOperationException)
        {
            return false; // Somebody who left at once, another user, or this pipe was disposed.
        }
    }
}
