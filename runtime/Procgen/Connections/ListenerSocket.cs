using System.IO.Pipes;
using System.Net;
using System.Net.Sockets;

namespace Procgen.Connections;

/// <summary>Accepts raw streams at an address, one at a time, before anybody has proved anything.</summary>
internal abstract class ListenerSocket : IDisposable
{
    public abstract EndPoint LocalEndPoint { get; }

    public static ListenerSocket Open(EndPoint endPoint) => endPoint is ProcessPipeEndPoint pipe
        ? new PipeListenerSocket(pipe)
        : new StreamListenerSocket(endPoint);

    /// <summary>Waits for somebody; null when this was disposed.</summary>
    public abstract (Stream Stream, EndPoint? Remote)? Accept();

    public abstract void Dispose();

    /// <summary>TCP and Unix domain sockets.</summary>
    private sealed class StreamListenerSocket : ListenerSocket
    {
        private readonly Socket _socket;
        private readonly string? _file;

        public StreamListenerSocket(EndPoint endPoint)
        {
            bool isUnix = endPoint is UnixDomainSocketEndPoint;
            _socket = new Socket(endPoint.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
            try
            {
                _socket.Bind(endPoint);
                _socket.Listen(512);
            }
            catch
            {
                _socket.Dispose();
                throw;
            }

            LocalEndPoint = isUnix ? endPoint : _socket.LocalEndPoint!;
            if (isUnix && endPoint.ToString() is [not '@', ..] path) _file = path;
            if (_file is not null && !OperatingSystem.IsWindows()) File.SetUnixFileMode(_file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        public override EndPoint LocalEndPoint { get; }

        public override (Stream Stream, EndPoint? Remote)? Accept()
        {
            try
            {
                Socket accepted = _socket.Accept();
                if (accepted.ProtocolType == ProtocolType.Tcp) accepted.NoDelay = true;
                return (new NetworkStream(accepted, ownsSocket: true), accepted.RemoteEndPoint);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                return null;
            }
        }

        public override void Dispose()
        {
            _socket.Dispose();
            if (_file is not null) File.Delete(_file);
        }
    }

    /// <summary>Named pipes; on Unix, sockets that .NET calls so.</summary>
    private sealed class PipeListenerSocket : ListenerSocket
    {
        private readonly object _gate = new();
        private readonly ProcessPipeEndPoint _endPoint;
        private NamedPipeServerStream? _next;

        public PipeListenerSocket(ProcessPipeEndPoint endPoint)
        {
            _endPoint = endPoint;
            _next = NewInstance();
        }

        public override EndPoint LocalEndPoint => _endPoint;

        public override (Stream Stream, EndPoint? Remote)? Accept()
        {
            while (true)
            {
                NamedPipeServerStream? server;
                lock (_gate) server = _next;
                if (server is null) return null;
                bool isConnected = TryConnect(server);
                lock (_gate)
                {
                    // Made before the old one goes, so that somebody always listens.
                    if (_next is null) return null;
                    _next = NewInstance();
                }

                if (isConnected) return (server, null);
                server.Dispose();
            }
        }

        public override void Dispose()
        {
            NamedPipeServerStream? server;
            lock (_gate)
            {
                server = _next;
                _next = null;
            }

            server?.Dispose();
        }

        private static bool TryConnect(NamedPipeServerStream server)
        {
            try
            {
                server.WaitForConnection();
                return true;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidOperationException or ObjectDisposedException or SocketException)
            {
                return false; // Left at once, another user, or disposed.
            }
        }

        // Asynchronous: on Windows, a synchronous pipe's writes wait for its pending read.
        private NamedPipeServerStream NewInstance() => new(
            _endPoint.PipeName, System.IO.Pipes.PipeDirection.InOut, NamedPipeServerStream.MaxAllowedServerInstances, PipeTransmissionMode.Byte,
            PipeOptions.CurrentUserOnly | PipeOptions.Asynchronous);
    }
}
