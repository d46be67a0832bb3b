using System.Collections.Concurrent;
using System.Net;
using Procgen.Calls;
using Procgen.CompilerServices;
using Procgen.Connections;

namespace Procgen.Managers;

/// <summary>
/// This process's side of one manager's server: its connections, and which of the server's objects it has proxies of. A
/// call takes an idle connection or opens another, so that threads do not wait for each other.
/// </summary>
internal sealed partial class ManagerClient : IDisposable
{
    /// <summary>How long the connections outlive the last proxy: the next argument of a worker may bring another.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(30);

    private static readonly ConcurrentDictionary<Guid, ManagerClient> Open = new();
    private readonly ServerAddress _address;
    private readonly Guid _session = Guid.NewGuid();

    private readonly object _using = new();
    private int _users = 1;
    private int _isClosingLater;
    private volatile bool _bidsFarewell;
    private volatile bool _isDisposed;
    private volatile bool _hasSaidFarewell;

    static ManagerClient()
    {
        HostedHandles.Register();
        AppDomain.CurrentDomain.ProcessExit += static (_, _) =>
        {
            foreach (ManagerClient client in Open.Values)
            {
                client.FlushWaits();
                client.SayFarewell();
            }
        };
    }

    private ManagerClient(ServerAddress address, Connection presence)
    {
        Held = new HeldObjects(this);
        Watch = new AnswerWatch(GiveUp);
        _address = address;
        _presence = presence;
        try
        {
            ServerId = Greet(_presence);
        }
        catch
        {
            _presence.Dispose();
            throw;
        }
    }

    public Guid ServerId { get; }

    /// <summary>The server's objects of which this process has proxies.</summary>
    public HeldObjects Held { get; }

    public bool IsDisposed => _isDisposed;

    public EndPoint EndPoint => _address.EndPoint;

    /// <summary>
    /// The client of the server at <paramref name="address"/>: the one this process has, or a new one. <see cref="RemoveUser"/>
    /// gives it back.
    /// </summary>
    /// <exception cref="ConnectionLostException">Nobody listens there.</exception>
    public static ManagerClient Connect(ServerAddress address)
    {
        using ConnectAttempt attempt = address.BeginConnecting();
        var client = new ManagerClient(address, address.Connect(attempt));
        if (!attempt.Succeed()) throw client.Lost();
        return OnlyOne(client);
    }

    /// <summary>As <see cref="Connect"/>, of a server that this process has just started: over its pipes, which are the client's from now on.</summary>
    public static ManagerClient Begin(ServerAddress address, StarterPipes pipes)
    {
        var client = new ManagerClient(address, pipes.Presence);
        client.AddOpened(pipes.Calls);
        client.Greet(pipes.Calls);
        client.Return(pipes.Calls);
        return OnlyOne(client);
    }

    /// <summary>Another client of a server that this one has given up, and that may have gone on.</summary>
    /// <inheritdoc cref="Connect" path="/exception"/>
    public ManagerClient ConnectAgain() => Connect(_address);

    /// <summary>Reads what <see cref="Write"/> wrote; else as <see cref="Connect"/>.</summary>
    public static ManagerClient Read(ref PayloadReader reader)
    {
        Guid id = reader.ReadMemory<Guid>();
        ServerAddress address = ServerAddress.Read(ref reader);
        return TryUse(id) ?? Connect(address);
    }

    public void Write(ref PayloadWriter writer)
    {
        writer.WriteMemory(ServerId);
        _address.Write(ref writer);
    }

    /// <summary>Sends a request and waits for its answer; disposes the request.</summary>
    /// <param name="request">What is answered at once: the server is given <see cref="AnswerWatch.AnswerTime"/> for it in any case.</param>
    /// <param name="patience">How long the caller wants to wait; for ever where it is null.</param>
    /// <returns>The result, still encoded.</returns>
    /// <exception cref="ConnectionLostException">The server is gone, or does not answer.</exception>
    public PayloadReader Send(ManagerRequest request, Patience? patience = null)
    {
        using AnswerWatch.Watched? watched = patience is { } limited ? Watch.Begin(limited) : null;
        using (request)
        {
            Connection connection = RentFor(request, patience?.CancellationToken ?? default);
            byte[] answer;
            try
            {
                connection.SendBytes(request.Body.Span);
                answer = connection.ReceiveBytes(CancellationToken.None);
                if (answer is [(byte)ManagerAnswer.ResultToConfirm, ..]) connection.SendBytes([(byte)ManagerOp.ConfirmAnswer]);
            }
            catch (Exception error)
            {
                Drop(connection);
                if (IsLoss(error)) throw Lost(error);
                throw;
            }

            Return(connection);
            return ReadAnswer(answer);
        }
    }

    /// <inheritdoc cref="Send"/>
    public async ValueTask<byte[]> SendAsync(ManagerRequest request, CancellationToken cancellationToken)
    {
        using (request)
        {
            Connection connection = RentFor(request, cancellationToken);
            try
            {
                await connection.SendBytesAsync(request.Body, cancellationToken).ConfigureAwait(false);
                byte[] answer = await connection.ReceiveBytesAsync(null, cancellationToken).ConfigureAwait(false);
                Return(connection);
                return answer;
            }
            catch (Exception error)
            {
                // Also where it is cancelled between request and answer: the next request on this connection would get the wrong one.
                Drop(connection);
                if (IsLoss(error)) throw Lost(error);
                throw;
            }
        }
    }

    /// <summary>The result in an answer, or the exception that it is.</summary>
    public PayloadReader ReadAnswer(byte[] answer)
    {
        var reader = new PayloadReader(answer);
        return (ManagerAnswer)reader.ReadMemory<byte>() is ManagerAnswer.Result or ManagerAnswer.ResultToConfirm ? reader : throw ReadError(ref reader);
    }

    /// <summary>The exception that an answer is.</summary>
    public Exception ReadError(ref PayloadReader answer) => RemoteError.Read(ref answer, [], $"the manager at {EndPoint}");

    public void Linger(ulong objectId)
    {
        try
        {
            Send(ManagerRequest.Create(ManagerOp.Linger).Add(objectId));
        }
        catch (ProcgenException)
        {
            // The server is gone, and the object with it: whoever reads the proxy is told.
        }
    }

    /// <summary>
    /// From now on the server is told when this process ends in good order: what it took of semaphores stays taken then, and
    /// comes back only where it was killed.
    /// </summary>
    public void BidFarewell() => _bidsFarewell = true;

    /// <summary>
    /// One <see cref="ProcessManager"/> less. After the last one the connections go too, unless proxies still need them. Where the
    /// server has ended they go in any case: whatever else uses it is told that it is gone, not that it was disposed itself.
    /// </summary>
    public void RemoveUser(bool isServerEnded)
    {
        lock (_using) _users--;
        if (isServerEnded) BeLost();
        DisposeIfUnused();
    }

    /// <summary>The last proxy is gone: unless another comes soon, so do the connections.</summary>
    public void CloseLater()
    {
        if (_isDisposed || Interlocked.Exchange(ref _isClosingLater, 1) != 0) return;
        Deadlines.Schedule(IdleTime, () => ThreadPool.UnsafeQueueUserWorkItem(
            static client =>
            {
                Volatile.Write(ref client._isClosingLater, 0);
                client.DisposeIfUnused();
            },
            this,
            preferLocal: false));
    }

    /// <summary>Ends the connections if neither a manager nor a proxy of this process needs them.</summary>
    public void DisposeIfUnused() => Dispose(isUsed: () => _users > 0 || !Held.IsEmpty);

    public void Dispose() => Dispose(isUsed: static () => false);

    private void Dispose(Func<bool> isUsed)
    {
        lock (_using)
        {
            if (_isDisposed || isUsed()) return;
            _isDisposed = true;
        }

        FlushWaits();
        Close();
    }

    /// <summary>This client, or the one that this process had of its server before.</summary>
    private static ManagerClient OnlyOne(ManagerClient client)
    {
        while (!Open.TryAdd(client.ServerId, client))
        {
            if (TryUse(client.ServerId) is not { } kept)
            {
                Thread.Sleep(1); // One that is disposed may still have something to send.
                continue;
            }

            if (kept.IsLost)
            {
                // The server has taken this process for gone, and now takes it for another.
                kept.RemoveUser(isServerEnded: false);
                continue;
            }

            client.Dispose();
            return kept;
        }

        return client;
    }

    private static ManagerClient? TryUse(Guid serverId)
    {
        if (!Open.TryGetValue(serverId, out ManagerClient? client)) return null;
        lock (client._using)
        {
            if (client._isDisposed) return null;
            client._users++;
            return client;
        }
    }

    /// <summary>Over the connection that the server takes for this process, and without waiting for an answer.</summary>
    private void SayFarewell()
    {
        if (!_bidsFarewell || _isDisposed) return;
        _hasSaidFarewell = true;
        using ManagerRequest farewell = ManagerRequest.Create(ManagerOp.Farewell);
        try
        {
            _presence.SendBytes(farewell.Body.Span);
        }
        catch (Exception error) when (IsLoss(error))
        {
            // The server is gone, and its semaphores with it.
        }
    }
}
