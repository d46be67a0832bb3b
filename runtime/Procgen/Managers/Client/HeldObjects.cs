using System.Collections.Concurrent;
using System.Security.Authentication;

namespace Procgen.Managers;

/// <summary>
/// Which of a server's objects this process has proxies of, and how many: the first one and the last one of each tell the
/// server, which counts processes and not proxies.
/// </summary>
/// <remarks>Thread-safe; finalizers let go.</remarks>
internal sealed class HeldObjects(ManagerClient client)
{
    private readonly Dictionary<ulong, Count> _held = [];
    private readonly ConcurrentQueue<ulong> _dropped = new();
    private int _isReleasing;

    public bool IsEmpty
    {
        get
        {
            lock (_held) return _held.Count == 0;
        }
    }

    /// <summary>One more proxy of an object here.</summary>
    /// <exception cref="ConnectionLostException">The object or the server is gone.</exception>
    public void Hold(ulong objectId)
    {
        lock (_held)
        {
            if (_held.TryGetValue(objectId, out Count? count))
            {
                count.Proxies++;
                return;
            }
        }

        // Two threads may come here at once; then the server is told twice, and twice again in the end.
        client.Send(ManagerRequest.Create(ManagerOp.AddReference).Add(objectId));
        HoldNew(objectId);
    }

    /// <summary>The proxy of an object that the server holds for this process already: it has made or found it for it.</summary>
    public void HoldNew(ulong objectId)
    {
        lock (_held)
        {
            if (!_held.TryGetValue(objectId, out Count? count)) _held.Add(objectId, count = new Count());
            count.Proxies++;
            count.Told++;
        }
    }

    /// <summary>One proxy less; after the last one the server is told, on another thread.</summary>
    public void LetGo(ulong objectId)
    {
        lock (_held)
        {
            if (!_held.TryGetValue(objectId, out Count? count) || --count.Proxies > 0) return;
            _held.Remove(objectId);
            for (int i = 0; i < count.Told; i++) _dropped.Enqueue(objectId);
        }

        if (Interlocked.Exchange(ref _isReleasing, 1) == 0) ThreadPool.UnsafeQueueUserWorkItem(static held => held.ReleaseDropped(), this, preferLocal: false);
    }

    private void ReleaseDropped()
    {
        Volatile.Write(ref _isReleasing, 0);
        var ids = new List<ulong>();
        while (_dropped.TryDequeue(out ulong id)) ids.Add(id);
        if (ids.Count == 0 || client.IsDisposed) return;
        try
        {
            ManagerRequest request = ManagerRequest.Create(ManagerOp.Release).Add(ids.Count);
            foreach (ulong id in ids) request.Add(id);
            client.Send(request);
        }
        catch (Exception error) when (error is ProcgenException or ObjectDisposedException or AuthenticationException or InvalidDataException)
        {
            // The server is gone, also in the middle of a handshake, or this process has left it: it holds nothing for it any more.
        }
        catch (Exception)
        {
            // No handle or no memory is left for a connection; the next proxy that goes tries again.
            foreach (ulong id in ids) _dropped.Enqueue(id);
        }

        if (IsEmpty) client.CloseLater();
    }

    private sealed class Count
    {
        public int Proxies { get; set; }

        /// <summary>How often the server was told: it is to be told as often that there is none any more.</summary>
        public int Told { get; set; }
    }
}
