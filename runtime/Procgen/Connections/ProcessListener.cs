using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using Procgen.Calls;
using Procgen.Connections;
using Procgen.Launching;

namespace Procgen;

/// <summary>
/// Accepts connections at an address from those who prove that they know its key, and proves it to them. Python's
/// <c>multiprocessing.connection.Listener</c>.
/// </summary>
/// <remarks>
/// Strangers are refused on threads of their own: a slow or hostile one keeps nobody waiting. Who knows how to speak but not
/// the key is reported, as an exception of one <see cref="Accept{T}"/>; the listener goes on. Thread-safe.
/// </remarks>
public sealed class ProcessListener : IDisposable
{
    private readonly byte[] _key;
    private readonly ProcessListenerOptions _options;
    private readonly ListenerSocket _socket;
    private readonly object _gate = new();
    private readonly List<Stream> _unproved = []; // The longest first.
    private readonly Queue<Arrival> _arrivals = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private bool _isDisposed;
    private int _reports;

    /// <summary>Listens.</summary>
    /// <param name="endPoint">
    /// Where: a <see cref="ProcessPipeEndPoint"/>, a <see cref="System.Net.Sockets.UnixDomainSocketEndPoint"/> or an
    /// <see cref="IPEndPoint"/> (port 0 for a free one). By default a fresh address on this machine. A socket's file on Unix goes with
    /// the listener, or with this process where that exits first; one whose process was killed is replaced.
    /// </param>
    /// <param name="authKey">The key; by default <see cref="CurrentProcess.AuthKey"/>, which the processes of one family share.</param>
    /// <param name="options">Limits and TLS.</param>
    /// <exception cref="System.Net.Sockets.SocketException">Another one listens there, or the address is none of this machine's.</exception>
    /// <exception cref="PlatformNotSupportedException">On Unix, the name of a pipe has a slash in it and is no absolute path.</exception>
    public ProcessListener(EndPoint? endPoint = null, ReadOnlySpan<byte> authKey = default, ProcessListenerOptions? options = null)
    {
        _options = (options ?? new ProcessListenerOptions()).Copy();
        _key = authKey.IsEmpty ? [.. FamilyMember.Current.AuthKey] : authKey.ToArray();
        _socket = ListenerSocket.Open(endPoint ?? EndPoints.NewLocal());
        new Thread(AcceptAll, 256 * 1024) { IsBackground = true, Name = $"Procgen listener {LocalEndPoint}" }.UnsafeStart();
    }

    /// <summary>Where it listens.</summary>
    public EndPoint LocalEndPoint => _socket.LocalEndPoint;

    /// <summary>Waits for a connection.</summary>
    /// <typeparam name="T">What the messages are; the client must name the same.</typeparam>
    /// <exception cref="AuthenticationException">Somebody tried without the key. The listener goes on.</exception>
    /// <exception cref="ObjectDisposedException">It was disposed.</exception>
    public Connection<T> Accept<T>()
    {
        _arrived.Wait();
        return Next().Open<T>(this);
    }

    /// <inheritdoc cref="Accept{T}"/>
    /// <param name="cancellationToken">Ends the wait; no connection is lost.</param>
    public async Task<Connection<T>> AcceptAsync<T>(CancellationToken cancellationToken = default)
    {
        await _arrived.WaitAsync(cancellationToken).ConfigureAwait(false);
        return Next().Open<T>(this);
    }

    /// <summary>Listens no more; calls that wait end with ObjectDisposedException. Accepted connections stay.</summary>
    public void Dispose()
    {
        Stream[] left;
        lock (_gate)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            left = [.. _unproved, .. _arrivals.Select(static arrival => arrival.Stream).OfType<Stream>()];
            _arrivals.Clear();
        }

        try
        {
            _socket.Dispose();
            foreach (Stream stream in left) stream.Dispose();
        }
        finally
        {
            _arrived.Release(); // When the address is free again, for those who listen anew.
        }
    }

    /// <summary>What has arrived, for one who has waited for it.</summary>
    private Arrival Next()
    {
        lock (_gate)
        {
            if (!_isDisposed)
            {
                Arrival arrival = _arrivals.Dequeue();
                if (arrival.Error is not null) _reports--;
                return arrival;
            }
        }

        _arrived.Release(); // All others who wait are to hear of it too.
        throw new ObjectDisposedException(nameof(ProcessListener));
    }

    private void AcceptAll()
    {
        while (_socket.Accept() is { } accepted)
        {
            (Stream stream, EndPoint? remote) = accepted;
            Await(stream);
            try
            {
                new Thread(() => Prove(stream, remote), 256 * 1024) { IsBackground = true, Name = "Procgen handshake" }.UnsafeStart();
            }
            catch (OutOfMemoryException)
            {
                // No further thread can be made now; one later.
                TryForget(stream);
                stream.Dispose();
            }
        }
    }

    /// <summary>One more is to prove itself, in the place of another where there are too many.</summary>
    private void Await(Stream stream)
    {
        Stream? pushedOut = null;
        lock (_gate)
        {
            _unproved.Add(stream);
            if (_isDisposed || _unproved.Count > _options.MaxUnauthenticated)
            {
                pushedOut = _isDisposed ? stream : _unproved[0];
                _unproved.Remove(pushedOut);
            }
        }

        pushedOut?.Dispose();
    }

    /// <summary>Whether it was still awaited.</summary>
    private bool TryForget(Stream stream)
    {
        lock (_gate) return _unproved.Remove(stream);
    }

    private void Prove(Stream stream, EndPoint? remote)
    {
        using IDisposable limit = Deadlines.Schedule(_options.HandshakeTimeout, stream.Dispose);
        Stream proved = stream;
        try
        {
            if (_options.Tls is { } tls)
            {
                var secure = new SslStream(stream);
                proved = secure;
                secure.AuthenticateAsServer(tls);
            }

            KeyProof.Accept(proved, _key);
            limit.Dispose();
            if (TryForget(stream)) Arrive(new Arrival(proved, remote, null));
            else proved.Dispose();
        }
        catch (AuthenticationException error) when (_options.Tls is null || proved is SslStream { IsAuthenticated: true })
        {
            TryForget(stream);
            proved.Dispose();
            Arrive(new Arrival(null, remote, error));
        }
        catch (Exception)
        {
            // A stranger's handshake came to nothing, in whatever way: that is the stranger's affair.
            TryForget(stream);
            proved.Dispose();
        }
    }

    /// <summary>Somebody is to hear of it; not of more refused ones than may be there at a time.</summary>
    private void Arrive(Arrival arrival)
    {
        lock (_gate)
        {
            bool isReport = arrival.Error is not null;
            if (!_isDisposed && !(isReport && _reports == _options.MaxUnauthenticated))
            {
                if (isReport) _reports++;
                _arrivals.Enqueue(arrival);
                _arrived.Release();
                return;
            }
        }

        arrival.Stream?.Dispose();
    }

    /// <summary>A connection to hand out, or the report of a refused one.</summary>
    private sealed record Arrival(Stream? Stream, EndPoint? Remote, AuthenticationException? Error)
    {
        public Connection<T> Open<T>(ProcessListener listener)
        {
            if (Error is null) return new Connection<T>(new StreamTransport(Stream!, Remote, listener._options.MaxMessageLength));
            throw Error;
        }
    }
}
