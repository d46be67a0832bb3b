using System.IO.Pipes;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Procgen.Calls;
using Procgen.Connections;
using Procgen.Launching;

namespace Procgen;

/// <summary>Connects to a <see cref="ProcessListener"/>. Python's <c>multiprocessing.connection.Client</c>.</summary>
public static class ProcessClient
{
    private const int MaxMessageLength = int.MaxValue - 64;

    /// <summary>Connects, and proves the key both ways.</summary>
    /// <typeparam name="T">What the messages are; the listener must name the same.</typeparam>
    /// <param name="endPoint">Where the listener is.</param>
    /// <param name="authKey">The key; by default <see cref="CurrentProcess.AuthKey"/>, which the processes of one family share.</param>
    /// <param name="options">Time limit and TLS.</param>
    /// <exception cref="AuthenticationException">One side does not know the other's key, or TLS refused a certificate.</exception>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    /// <exception cref="TimeoutException">It took longer than <see cref="ProcessClientOptions.ConnectTimeout"/>.</exception>
    public static Connection<T> Connect<T>(EndPoint endPoint, ReadOnlySpan<byte> authKey = default, ProcessClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        byte[] key = authKey.IsEmpty ? [.. FamilyMember.Current.AuthKey] : authKey.ToArray();
        options ??= new ProcessClientOptions();
        var attempt = new Attempt();
        using IDisposable limit = Deadlines.Schedule(options.ConnectTimeout, attempt.GiveUp);
        try
        {
            Stream stream = Open(endPoint, options.ConnectTimeout, attempt);
            attempt.Guard(stream);
            if (options.Tls is { } tls)
            {
                var secure = new SslStream(stream);
                attempt.Guard(secure);
                secure.AuthenticateAsClient(tls);
                stream = secure;
            }

            KeyProof.Connect(stream, key);
            attempt.Succeed();
            return new Connection<T>(new StreamTransport(stream, endPoint, MaxMessageLength));
        }
        catch (Exception error) when (attempt.HasGivenUp && error is not AuthenticationException)
        {
            throw new TimeoutException($"Connecting to {endPoint} took longer than {options.ConnectTimeout}.", error);
        }
        catch
        {
            attempt.GiveUp();
            throw;
        }
    }

    /// <inheritdoc cref="Connect{T}"/>
    /// <param name="endPoint">Where the listener is.</param>
    /// <param name="authKey">The key; by default <see cref="CurrentProcess.AuthKey"/>, which the processes of one family share.</param>
    /// <param name="options">Time limit and TLS.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<Connection<T>> ConnectAsync<T>(
        EndPoint endPoint, ReadOnlyMemory<byte> authKey = default, ProcessClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(endPoint);

        // A handshake is a few short messages; a thread of its own keeps it off the pool.
        return LateResult.MakeAsync(() => Connect<T>(endPoint, authKey.Span, options), cancellationToken);
    }

    private static Stream Open(EndPoint endPoint, TimeSpan timeout, Attempt attempt)
    {
        if (endPoint is ProcessPipeEndPoint pipe)
        {
            var stream = new NamedPipeClientStream(".", pipe.PipeName, System.IO.Pipes.PipeDirection.InOut, PipeOptions.CurrentUserOnly | PipeOptions.Asynchronous);
            attempt.Guard(stream);
            stream.Connect(timeout == Timeout.InfiniteTimeSpan ? Timeout.Infinite : (int)Math.Min(timeout.TotalMilliseconds, int.MaxValue));
            return stream;
        }

        bool isUnix = endPoint is UnixDomainSocketEndPoint;
        Socket socket = isUnix
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        attempt.Guard(socket);
        if (!isUnix) TcpSockets.Prepare(socket);
        socket.Connect(endPoint);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>What to close when the time is up.</summary>
    private sealed class Attempt
    {
        private readonly object _gate = new();
        private IDisposable? _opened;
        private bool _hasSucceeded;

        public bool HasGivenUp { get; private set; }

        public void Guard(IDisposable opened)
        {
            lock (_gate)
            {
                _opened = opened;
                if (HasGivenUp) opened.Dispose();
            }
        }

        public void Succeed()
        {
            lock (_gate) _hasSucceeded = !HasGivenUp;
        }

        public void GiveUp()
        {
            lock (_gate)
            {
                if (_hasSucceeded) return;
                HasGivenUp = true;
                _opened?.Dispose();
            }
        }
    }
}
