using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Threading.Channels;
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
    private readonly ConcurrentDictionary<long, Stream> _unproved = new();
    private readonly BlockingCollection<Arrival> _arrivals = new(new ConcurrentQueue<Arrival>());
    private readonly Channel<bool> _signals = Channel.CreateUnbounded<bool>();
    private int _isDisposed;
    private int _reports;

    /// <summary>Listens.</summary>
    /// <param name="endPoint">
    /// Where: a <see cref="ProcessPipeEndPoint"/>, a <see cref="System.Net.Sockets.UnixDomainSocketEndPoint"/> or an
    /// <see cref="IPEndPoint"/> (port 0 for a free one). By default a fresh address on this machine. A socket's file on Unix that
    /// outlived its listener, whose process was killed, is replaced.
    /// </param>
    /// <param name="authKey">The key; by default <see cref="CurrentProcess.AuthKey"/>, which the processes of one family share.</param>
    /// <param name="options">Limits and TLS.</param>
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
        try
        {
            Arrival arrival = _arrivals.Take();
            _signals.Reader.TryRead(out _);
            return arrival.Open<T>(this);
        }
        catch (InvalidOperationException) when (_isDisposed != 0)
        {
            throw new ObjectDisposedException(nameof(ProcessListener));
        }
    }

    /// <inheritdoc cref="Accept{T}"/>
    /// <param name="cancellationToken">Ends the wait; no connection is lost.</param>
    public async Task<Connection<T>> AcceptAsync<T>(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (_arrivals.TryTake(out Arrival? arrival)) return arrival.Open<T>(this);
            ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
            if (await _signals.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false)) _signals.Reader.TryRead(out _);
        }
    }

    /// <summary>Listens no more; calls that wait end with ObjectDisposedException. Accepted connections stay.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        _socket.Dispose();
        _arrivals.CompleteAdding();
        _signals.Writer.TryComplete();
        foreach (Stream stream in _unproved.Values) stream.Dispose();
        while (_arrivals.TryTake(out Arrival? arrival)) arrival.Stream?.Dispose();
    }

    private void AcceptAll()
    {
        for (long number = 0; _socket.Accept() is { } accepted; number++)
        {
            (Stream stream, EndPoint? remote) = accepted;
            long mine = number;
            _unproved[mine] = stream;
            if (_unproved.Count > _options.MaxUnauthenticated && _unproved.Keys.Min() is long oldest && _unproved.TryRemove(oldest, out Stream? pushedOut)) pushedOut.Dispose();
            try
            {
                new Thread(() => Prove(mine, stream, remote), 256 * 1024) { IsBackground = true, Name = "Procgen handshake" }.UnsafeStart();
            }
            catch (OutOfMemoryException)
            {
                // No further thread can be made now; one later.
                _unproved.TryRemove(mine, out _);
                stream.Dispose();
            }
        }
    }

    private void Prove(long number, Stream stream, EndPoint? remote)
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
            if (_unproved.TryRemove(number, out _)) Arrive(new Arrival(proved, remote, null));
            else proved.Dispose();
        }
        catch (AuthenticationException error) when (_options.Tls is null || proved is SslStream { IsAuthenticated: true })
        {
            _unproved.TryRemove(number, out _);
            proved.Dispose();
            if (Interlocked.Increment(ref _reports) <= _options.MaxUnauthenticated) Arrive(new Arrival(null, remote, error));
        }
        catch (Exception)
        {
            // A stranger's handshake came to nothing, in whatever way: that is the stranger's affair.
            _unproved.TryRemove(number, out _);
            proved.Dispose();
        }
    }

    private void Arrive(Arrival arrival)
    {
        try
        {
            _arrivals.Add(arrival);
            _signals.Writer.TryWrite(true);
        }
        catch (InvalidOperationException)
        {
            arrival.Stream?.Dispose(); // Disposed meanwhile.
        }
    }

    /// <summary>A connection to hand out, or the report of a refused one.</summary>
    private sealed record Arrival(Stream? Stream, EndPoint? Remote, AuthenticationException? Error)
    {
        public Connection<T> Open<T>(ProcessListener listener)
        {
            if (Error is null) return new Connection<T>(new StreamTransport(Stream!, Remote, listener._options.MaxMessageLength));
            Interlocked.Decrement(ref listener._reports);
            throw Error;
        }
    }
}
