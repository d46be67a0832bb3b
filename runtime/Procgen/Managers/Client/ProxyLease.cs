using Procgen.Serialization;

namespace Procgen.Managers;

/// <summary>
/// A proxy on its way: this process holds the object for it until the message has been read. A process that is about to end
/// asks the server to keep the object a minute longer instead.
/// </summary>
internal sealed class ProxyLease : HandleLease
{
    private const int ArrivalMilliseconds = 60_000;
    private readonly long _written = Environment.TickCount64;
    private int _isDisposed;

    public ProxyLease(ManagerClient client, ulong objectId)
    {
        Client = client;
        ObjectId = objectId;
        client.Held.Hold(objectId);
    }

    public ManagerClient Client { get; }

    public ulong ObjectId { get; }

    /// <summary>Nobody tells when a proxy has been opened; by then it has, or never will be.</summary>
    public override bool IsAttached => Environment.TickCount64 - _written > ArrivalMilliseconds;

    public override bool WaitUntilAttached(TimeSpan timeout)
    {
        Client.Linger(ObjectId);
        return true;
    }

    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0) Client.Held.LetGo(ObjectId);
    }
}
