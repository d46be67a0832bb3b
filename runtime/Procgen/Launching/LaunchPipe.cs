using System.IO.Pipes;
using Procgen.Calls;
using Procgen.Interop;
using Procgen.Transport;

namespace Procgen.Launching;

/// <summary>
/// The named pipe that one child connects to: open to the current user only, unguessable, and satisfied with the first
/// connection that shows the child's secret. Others are closed without an answer, and the wait goes on.
/// </summary>
internal sealed class LaunchPipe : IDisposable
{
    private static readonly TimeSpan StrangerLimit = TimeSpan.FromSeconds(2);
    private readonly object _gate = new();
    private readonly WorkerTicket _ticket;
    private NamedPipeServerStream? _server;
    private bool _isDisposed;

    public LaunchPipe(WorkerTicket ticket)
    {
        _ticket = ticket;
        _server = Listen();
    }

    /// <summary>A ticket for one child: secrets, and a name nobody can guess. On Unix that is a socket file's path, short enough for one.</summary>
    public static WorkerTicket NewTicket(bool isStandby = false)
    {
        string name = OperatingSystem.IsWindows() ? $"procgen-{Secret.Next()}" : LaunchSockets.NewPath();
        return new WorkerTicket(name, Secret.Next(), Secret.Next(), Environment.ProcessId, isStandby);
    }

    /// <summary>Waits for the child, until <see cref="Dispose"/> is called.</summary>
    /// <returns>Null when it was.</returns>
    public ByteChannel? Accept()
    {
        while (true)
        {
            NamedPipeServerStream? server;
            lock (_gate) server = _server;
            if (server is null) return null;
            if (TryConnect(server) && IsChild(server)) return Take(server);

            // The next instance is made before this one goes, so that the child never finds nobody listening.
            lock (_gate)
            {
                if (_isDisposed) return null;
                _server = Listen();
            }

            server.Dispose();
        }
    }

    public void Dispose()
    {
        NamedPipeServerStream? server;
        lock (_gate)
        {
            _isDisposed = true;
            server = _server;
            _server = null;
        }

        if (server is not null && OperatingSystem.IsWindows()) EndWait();
        server?.Dispose();
    }

    /// <summary>On Windows a wait for the child outlasts the pipe's disposal: it ends with a client, who says nothing and leaves.</summary>
    private void EndWait()
    {
        try
        {
            using var client = new NamedPipeClientStream(".", _ticket.PipePath, PipeDirection.InOut);
            client.Connect(0);
        }
        catch (Exception error) when (error is IOException or TimeoutException or UnauthorizedAccessException)
        {
            // Nobody waits: the child has connected, or somebody else.
        }
    }

    private ByteChannel? Take(NamedPipeServerStream server)
    {
        lock (_gate)
        {
            if (_isDisposed) return null;
            _server = null;
        }

        if (OperatingSystem.IsWindows()) return new StreamChannel(server);

        // Its socket alone is kept: the stream keeps another one open, that listens.
        using (server) return new SocketChannel(UnixSocket.From(server.SafePipeHandle));
    }

    private NamedPipeServerStream Listen() => new(
        _ticket.PipePath, PipeDirection.InOut, NamedPipeServerStream.MaxAllowedServerInstances, PipeTransmissionMode.Byte, PipeOptions.CurrentUserOnly);

    private static bool TryConnect(NamedPipeServerStream server)
    {
        try
        {
            server.WaitForConnection();
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ObjectDisposedException or InvalidOperationException or System.Net.Sockets.SocketException)
        {
            return false; // Somebody who left at once, another user, or this pipe was disposed.
        }
    }

    private bool IsChild(NamedPipeServerStream server)
    {
        // A stranger that connects and says nothing holds the child up for a moment only.
        using IDisposable limit = Deadlines.Schedule(StrangerLimit, server.Dispose);
        var channel = new StreamChannel(server);
        Span<byte> shown = stackalloc byte[Preamble.Length];
        if (!channel.TryReadExactly(shown) || Preamble.Refuse(shown, _ticket.WorkerSecret) is not null) return false;
        Span<byte> answer = stackalloc byte[Preamble.Length];
        Preamble.Write(answer, _ticket.ParentSecret);
        try
        {
            channel.Write(answer);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
