using System.IO.Pipes;
using System.Net;
using System.Net.Sockets;
using Procgen.Interop;
using Procgen.Launching;
using Procgen.Processes;

namespace Procgen.Connections;

/// <summary>Accepts raw streams at an address, one at a time, before anybody has proved anything.</summary>
internal abstract class ListenerSocket : IDisposable
{
    /// <summary>Before another attempt, where this process or machine lacks something: others may give it back meanwhile.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    private readonly ManualResetEventSlim _isDisposed = new();

    public abstract EndPoint LocalEndPoint { get; }

    public static ListenerSocket Open(EndPoint endPoint) => endPoint is ProcessPipeEndPoint pipe && OperatingSystem.IsWindows()
        ? new PipeListenerSocket(pipe)
        : new StreamListenerSocket(endPoint);

    /// <summary>Waits for somebody; null when this was disposed.</summary>
    public abstract (Stream Stream, EndPoint? Remote)? Accept();

    public virtual void Dispose() => _isDisposed.Set();

    /// <summary>Waits a little after a failure, which is never the end of the listener: descriptors run out and come back, networks too.</summary>
    /// <returns>False when this was disposed.</returns>
    protected bool Pause() => !_isDisposed.Wait(s_pause);

    /// <summary>TCP and Unix domain sockets; on Unix also pipes, which .NET has as such sockets there.</summary>
    private sealed class StreamListenerSocket : ListenerSocket
    {
        private readonly Socket _socket;
        private readonly string? _file;
        private readonly bool _isPipe;

        public StreamListenerSocket(EndPoint endPoint)
        {
            _file = SocketFile.Of(endPoint);
            _isPipe = endPoint is ProcessPipeEndPoint;
            bool isUnix = _isPipe || endPoint is UnixDomainSocketEndPoint;
            _socket = isUnix ? SocketFile.NewSocket() : new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                Listen(_isPipe ? new UnixDomainSocketEndPoint(_file!) : endPoint);
            }
            catch
            {
                _socket.Dispose();
                throw;
            }

            LocalEndPoint = isUnix ? endPoint : _socket.LocalEndPoint!;
            if (_file is null) return;
            ExitHandler.Hook();
            OwnFiles.Add(_file);
        }

        public override EndPoint LocalEndPoint { get; }

        public override (Stream Stream, EndPoint? Remote)? Accept()
        {
            do
            {
                Socket? accepted = null;
                try
                {
                    accepted = _socket.Accept();
                    if (accepted.ProtocolType == ProtocolType.Tcp) TcpSockets.Prepare(accepted);
                    if (!_isPipe) return (new NetworkStream(accepted, ownsSocket: true), accepted.RemoteEndPoint);
                    if (LibC.IsPeerOfSameUser((int)accepted.Handle)) return (new NetworkStream(accepted, ownsSocket: true), null);
                    accepted.Dispose();
                }
                catch (Exception error) when (error is SocketException or IOException or ObjectDisposedException)
                {
                    accepted?.Dispose();
                }
            }
            while (Pause());

            return null;
        }

        public override void Dispose()
        {
            base.Dispose();
            if (_file is not null) SocketFile.Close(_socket, _file);
            else _socket.Dispose();
        }

        private void Listen(EndPoint endPoint)
        {
            if (_file is not null)
            {
                SocketFile.Listen(_socket, endPoint, _file);
                return;
            }

            _socket.Bind(endPoint);
            _socket.Listen(SocketFile.Backlog);
        }
    }

    /// <summary>Named pipes, on Windows.</summary>
    private sealed class PipeListenerSocket : ListenerSocket
    {
        private readonly object _gate = new();
        private readonly ProcessPipeEndPoint _endPoint;
        private NamedPipeServerStream? _next;

        public PipeListenerSocket(ProcessPipeEndPoint endPoint)
        {
            // Windows would let this one take some of the other's clients.
            if (IsTaken(endPoint.PipeName)) throw new SocketException((int)SocketError.AddressAlreadyInUse);
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

                // Made before the old one goes, so that somebody always listens.
                if (!TryRenew()) return null;
                if (isConnected) return (server, null);
                server.Dispose();
            }
        }

        public override void Dispose()
        {
            base.Dispose();
            NamedPipeServerStream? server;
            lock (_gate)
            {
                server = _next;
                _next = null;
            }

            server?.Dispose();
        }

        private static bool IsTaken(string name)
        {
            using var probe = new NamedPipeClientStream(".", name, System.IO.Pipes.PipeDirection.InOut, PipeOptions.Asynchronous);
            try
            {
                probe.Connect(0);
                return true;
            }
            catch (Exception error) when (error is TimeoutException or IOException)
            {
                return false;
            }
            catch (UnauthorizedAccessException)
            {
                return true; // Another user's.
            }
        }

        private static bool TryConnect(NamedPipeServerStream server)
        {
            try
            {
                server.WaitForConnection();
                return true;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidOperationException or ObjectDisposedException)
            {
                return false; // Left at once, another user, or disposed.
            }
        }

        /// <summary>Puts an instance in the place of the one that has been used, which is disposed with the listener until then.</summary>
        private bool TryRenew()
        {
            do
            {
                try
                {
                    lock (_gate)
                    {
                        if (_next is not null) _next = NewInstance();
                        return _next is not null;
                    }
                }
                catch (IOException)
                {
                    // There is a lack of something.
                }
            }
            while (Pause());

            return false;
        }

        // Asynchronous: a synchronous pipe's writes wait for its pending read.
        private NamedPipeServerStream NewInstance() => new(
            _endPoint.PipeName, System.IO.Pipes.PipeDirection.InOut, NamedPipeServerStream.MaxAllowedServerInstances, PipeTransmissionMode.Byte,
            PipeOptions.CurrentUserOnly | PipeOptions.Asynchronous);
    }
}
