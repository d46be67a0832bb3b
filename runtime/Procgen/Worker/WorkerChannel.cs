using System.IO.Pipes;
using System.Runtime.Versioning;
using Procgen.Interop;
using Procgen.Launching;
using Procgen.Transport;

namespace Procgen.Worker;

/// <summary>The worker's end of the launch pipe: plain socket calls on Unix, which halves the cost of connecting.</summary>
internal static class WorkerChannel
{
    /// <summary>Connects, and removes the pipe's file; null where the parent is gone.</summary>
    public static ByteChannel? Connect(WorkerTicket ticket) => OperatingSystem.IsWindows() ? ConnectPipe(ticket) : ConnectSocket(ticket);

    private static SocketChannel? ConnectSocket(WorkerTicket ticket)
    {
        // The parent makes the pipe while this process boots. As long as it lives, the pipe will be there in a moment;
        // when it does not, its file must not stay.
        while (true)
        {
            try
            {
                var channel = new SocketChannel(UnixSocket.Connect(ticket.PipePath));
                UnixSocket.Unlink(ticket.PipePath);
                return channel;
            }
            catch (IOException)
            {
                if (ProcessSetup.ParentId != ticket.ParentId)
                {
                    UnixSocket.Unlink(ticket.PipePath);
                    return null;
                }

                Thread.Sleep(1);
            }
        }
    }

    [SupportedOSPlatform("windows")]
    private static PipeChannel? ConnectPipe(WorkerTicket ticket)
    {
        var pipe = new NamedPipeClientStream(".", ticket.PipePath, PipeDirection.InOut, PipeOptions.CurrentUserOnly | PipeOptions.Asynchronous);
        try
        {
            pipe.Connect(5000);
            return new PipeChannel(new WindowsPipe(pipe));
        }
        catch (Exception error) when (error is IOException or TimeoutException or UnauthorizedAccessException)
        {
            pipe.Dispose();
            return null;
        }
    }
}
