using Procgen.CompilerServices;
using Procgen.Managers;

namespace Procgen;

/// <summary>
/// Stands in this process for an object in a manager's server. It may be an argument, a result, a queue item, or an element
/// of another managed collection. The object lives as long as any process has a proxy of it; one that was sent through a
/// queue or pipe in shared memory counts for a minute until it is read. Python's <c>BaseProxy</c>.
/// </summary>
/// <remarks>
/// Thread-safe: every operation is one request to the server, which does one at a time per collection or value, and as many at
/// once as are asked for of a <see cref="ManagedObjectAttribute"/> class.
/// </remarks>
public abstract class ManagedProxy : IDisposable
{
    private int _isDisposed;

    private protected ManagedProxy(ManagerClient client, ulong objectId)
    {
        Client = client;
        ObjectId = objectId;
    }

    /// <summary>Lets the server forget the object, where this was the last proxy.</summary>
    ~ManagedProxy() => LetGo();

    internal ManagerClient Client { get; }

    internal ulong ObjectId { get; }

    /// <summary>Whether both stand for the same object.</summary>
    public bool IsSameObject(ManagedProxy other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return ObjectId == other.ObjectId && Client.ServerId == other.Client.ServerId;
    }

    /// <summary>As <see cref="IsSameObject"/>: two proxies are equal where they stand for the same object.</summary>
    public override bool Equals(object? obj) => obj is ManagedProxy other && IsSameObject(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Client.ServerId, ObjectId);

    /// <summary>Lets go of the object now, rather than when this proxy is collected.</summary>
    public void Dispose()
    {
        LetGo();
        GC.SuppressFinalize(this);
    }

    internal void WriteProxy(ref PayloadWriter writer)
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        Client.Write(ref writer);
        writer.WriteMemory(ObjectId);
        if (writer.Scope is { } scope) scope.Add(new ProxyLease(Client, ObjectId));
        else Client.Linger(ObjectId);
    }

    internal static (ManagerClient Client, ulong ObjectId) ReadProxy(ref PayloadReader reader)
    {
        ManagerClient client = ManagerClient.Read(ref reader);
        try
        {
            ulong id = reader.ReadMemory<ulong>();
            client.Held.Hold(id);
            return (client, id);
        }
        finally
        {
            // From now on the proxy needs it.
            client.RemoveUser(isServerEnded: false);
        }
    }

    private protected ManagerRequest Request(ManagerOp op)
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        return ManagerRequest.Create(op, ObjectId);
    }

    /// <summary>Sends a request; the proxy stays alive until the answer.</summary>
    /// <inheritdoc cref="ManagerClient.Send"/>
    private protected PayloadReader Send(ManagerRequest request, Patience? patience = null)
    {
        PayloadReader answer = Client.Send(request, patience);
        GC.KeepAlive(this);
        return answer;
    }

    /// <summary>Sends a request without blocking a thread.</summary>
    /// <param name="request">The request; it is disposed.</param>
    /// <param name="read">Reads the result.</param>
    /// <param name="cancellationToken">Ends the wait; the server may have done what was asked all the same.</param>
    private protected async ValueTask<TResult> SendAsync<TResult>(ManagerRequest request, AnswerReader<TResult> read, CancellationToken cancellationToken)
    {
        byte[] answer = await Client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        GC.KeepAlive(this);
        return read(Client.ReadAnswer(answer));
    }

    /// <inheritdoc cref="SendAsync{TResult}"/>
    private protected async ValueTask SendAsync(ManagerRequest request, CancellationToken cancellationToken) =>
        await SendAsync(request, static _ => true, cancellationToken).ConfigureAwait(false);

    private void LetGo()
    {
        // Null where the constructor did not finish.
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0) Client?.Held.LetGo(ObjectId);
    }
}
