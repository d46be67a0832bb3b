using Procgen.Calls;
using Procgen.Serialization;

namespace Procgen.Managers;

/// <summary>
/// A proxy on its way: this process holds the object for it until the message has been read, or for a minute where nobody tells
/// when that is. A process that is about to end asks the server to keep the object a minute longer instead.
/// </summary>
internal sealed class ProxyLease : HandleLease
{
    private static readonly TimeSpan ArrivalTime = TimeSpan.FromMinutes(1);
    private readonly long _written = Environment.TickCount64;
    private IDisposable? _transit;
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
    public override bool IsAttached =>
        IsDisposed || (_transit is null && Environment.TickCount64 - _written > ArrivalTime.TotalMilliseconds);

    private bool IsDisposed => Volatile.Read(ref _isDisposed) != 0;

    public override void BeginTransit() => BeginTransit(ArrivalTime);

    /// <summary>From now on it lets go by itself, also where this process never sends a handle again.</summary>
    public void BeginTransit(TimeSpan time)
    {
        if (!IsDisposed) _transit = Deadlines.Schedule(time, Dispose);
    }

    public override bool WaitUntilAttached(TimeSpan timeout)
    {
        Client.Linger(ObjectId);
        return true;
    }

    public override void Dispose()
    {
        _transit?.Dispose();
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0) Client.Held.LetGo(ObjectId);
    }
}
