using System.IO.Pipes;
using System.Net;
using System.Net.Sockets;

namespace Procgen.Connections;

/// <summary>Accepts raw streams at an address, one at a time, before anybody has proved anything.</summary>
internal abstract class ListenerSocket : IDisposable
{
    /// <summary>Before another attempt, where this process or machine lacks something: others may give it back meanwhile.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    private readonly ManualResetEventSlim _isDisposed = new();

    public abstract EndPoint LocalEndPoint { get; }

    public static ListenerSocket Open(EndPoint endPoint) => endPoint is ProcessPipeEndPoint pipe
        ? new PipeListenerSocket(pipe)
        : new StreamListenerSocket(endPoint);

    /// <summary>Waits for somebody; null when this was disposed.</summary>
    public abstract (Stream Stream, EndPoint? Remote)? Accept();

    public virtual void Dispose() => _isDisposed.Set();

    /// <summary>Waits a little after a failure, which is never the end of the listener: descriptors run out and come back, networks too.</summary>
    /// <returns>False when this was disposed.</returns>
    protected bool Pause() => !_isDisposed.Wait(s_pause);

    /// <summary>What becomes of connecting to a Unix domain socket. Not blocking: a listener that is busy would keep it waiting.</summary>
    private static SocketError Probe(EndPoint endPoint)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            socket.Connect(endPoint);
            return SocketError.Success;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode;
        }
    }

    /// <summary>TCP and Unix domain sockets.</summary>
    private sealed class StreamListenerSocket : ListenerSocket
    {
        private readonly Socket _socket;
        private readonly string? _file;

        public StreamListenerSocket(EndPoint endPoint)
        {
            bool isUnix = endPoint is UnixDomainSocketEndPoint;
            string? file = isUnix && endPoint.ToString() is [not '@', ..] path ? path : null;
            _socket = new Socket(endPoint.AddressFamily, SocketType.Stream, isUnix ? ProtocolType.Unspecified : ProtocolType.Tcp);
            try
            {
                Bind(endPoint, file);

                // Nobody can connect before it listens.
                if (file is not null && !OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
                _socket.Listen(512);
            }
            catch
            {
                _socket.Dispose();
                throw;
            }

            LocalEndPoint = isUnix ? endPoint : _socket.LocalEndPoint!;
            _file = file;
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
                    return (new NetworkStream(accepted, ownsSocket: true), accepted.RemoteEndPoint);
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
            _socket.Dispose();
            if (_file is not null) File.Delete(_file);
        }

        /// <summary>Binds, also where the file of a listener stands whose process was killed.</summary>
        private void Bind(EndPoint endPoint, string? file)
        {
            try
            {
                _socket.Bind(endPoint);
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse && file is not null && IsAbandoned(endPoint, file))
            {
                File.Delete(file);
                _socket.Bind(endPoint);
            }
        }

        /// <summary>Whether it is a socket and nobody listens there any more. Files of other kinds refuse connections too.</summary>
        private static bool IsAbandoned(EndPoint endPoint, string file) => Probe(endPoint) == SocketError.ConnectionRefused && IsSocket(file);

        /// <summary>Whether opening a file fails as it does for a socket.</summary>
        private static bool IsSocket(string file)
        {
            const int NoDevice = 6;
            const int NotSupportedMac = 102;
            if (OperatingSystem.IsWindows()) return false;
            try
            {
                // For writing too: so it does not wait for the other end of a FIFO.
                File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete).Dispose();
                return false;
            }
            catch (IOException error)
            {
                return error.HResult == (OperatingSystem.IsMacOS() ? NotSupportedMac : NoDevice);
            }
            catch (UnauthorizedAccessException)
            {
                return false;
            }
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
            // .NET and Windows would let this one take some of the other's clients.
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

        /// <summary>Also by connections that a disposed listener has accepted: on Unix .NET goes on listening as long as one of them is open, and takes what comes for itself.</summary>
        private static bool IsTaken(string name)
        {
            if (OperatingSystem.IsWindows()) return IsServed(name);
            string path = Path.IsPathRooted(name) ? name : Path.Combine(Path.GetTempPath(), "CoreFxPipe_" + name);
            return Probe(new UnixDomainSocketEndPoint(path)) is SocketError.Success or SocketError.WouldBlock or SocketError.AccessDenied;
        }

        /// <summary>On Windows.</summary>
        private static bool IsServed(string name)
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

        private bool TryConnect(NamedPipeServerStream server)
        {
            try
            {
                server.WaitForConnection();
                return true;
            }
            catch (SocketException)
            {
                Pause();
                return false;
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
                catch (Exception error) when (error is IOException or SocketException)
                {
                    // There is a lack of something.
                }
            }
            while (Pause());

            return false;
        }

        // Asynchronous: on Windows, a synchronous pipe's writes wait for its pending read.
        private NamedPipeServerStream NewInstance() => new(
            _endPoint.PipeName, System.IO.Pipes.PipeDirection.InOut, NamedPipeServerStream.MaxAllowedServerInstances, PipeTransmissionMode.Byte,
            PipeOptions.CurrentUserOnly | PipeOptions.Asynchronous);
    }
}
