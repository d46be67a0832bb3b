using System.IO.Pipes;
using System.Net;
using System.Net.Sockets;
using Procgen.Interop;

namespace Procgen.Connections;

/// <summary>Opens a raw stream to an address, before anybody has proved anything.</summary>
internal static class ClientSocket
{
    /// <summary>How long one waits whom nothing wakes before the next look whether it was given up, in milliseconds.</summary>
    private static readonly int s_lookInterval = OperatingSystem.IsWindows() ? 500 : 20;

    /// <param name="endPoint">Where somebody listens; at a pipe, will do so.</param>
    /// <param name="attempt">Ends the wait.</param>
    public static Stream Open(EndPoint endPoint, ConnectAttempt attempt) => endPoint switch
    {
        ProcessPipeEndPoint pipe when OperatingSystem.IsWindows() => OpenPipe(pipe.PipeName, attempt),
        ProcessPipeEndPoint pipe => OpenFile(new UnixDomainSocketEndPoint(SocketFile.OfPipe(pipe.PipeName)), isPipe: true, attempt),
        UnixDomainSocketEndPoint when !OperatingSystem.IsWindows() => OpenFile(endPoint, isPipe: false, attempt),
        UnixDomainSocketEndPoint => Connect(SocketFile.NewSocket(), endPoint, attempt),
        _ => Connect(new Socket(SocketType.Stream, ProtocolType.Tcp), endPoint, attempt),
    };

    /// <summary>Disposing the socket ends the wait.</summary>
    private static NetworkStream Connect(Socket socket, EndPoint endPoint, ConnectAttempt attempt)
    {
        attempt.Guard(socket);
        if (socket.ProtocolType == ProtocolType.Tcp) TcpSockets.Prepare(socket);
        socket.Connect(endPoint);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>On Windows.</summary>
    private static NamedPipeClientStream OpenPipe(string name, ConnectAttempt attempt)
    {
        var stream = new NamedPipeClientStream(".", name, System.IO.Pipes.PipeDirection.InOut, PipeOptions.CurrentUserOnly | PipeOptions.Asynchronous);
        attempt.Guard(stream);
        while (true)
        {
            try
            {
                stream.Connect(s_lookInterval);
                return stream;
            }
            catch (TimeoutException) when (!attempt.HasGivenUp)
            {
                // Nobody listens yet.
            }
        }
    }

    /// <summary>
    /// On Unix. Where many wait to be accepted already, connecting waits in the kernel, where nothing wakes it, and whoever disposed
    /// the socket would wait with it: so it is for a little while each time, and nobody else knows of the socket.
    /// </summary>
    private static NetworkStream OpenFile(EndPoint endPoint, bool isPipe, ConnectAttempt attempt)
    {
        while (true)
        {
            Socket socket = SocketFile.NewSocket();
            try
            {
                socket.SendTimeout = s_lookInterval; // Connecting is sending to the kernel.
                socket.Connect(endPoint);
                socket.SendTimeout = 0;
                if (isPipe && !LibC.IsPeerOfSameUser((int)socket.Handle)) throw new UnauthorizedAccessException($"The process that listens at '{endPoint}' is another user's.");
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException error) when (!attempt.HasGivenUp && (error.SocketErrorCode == SocketError.WouldBlock || (isPipe && IsNobodyThere(error))))
            {
                socket.Dispose();
                if (error.SocketErrorCode != SocketError.WouldBlock) Thread.Sleep(s_lookInterval);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    /// <summary>There is no file, or one of a listener that has ended.</summary>
    private static bool IsNobodyThere(SocketException error) => error.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.ConnectionRefused;
}
