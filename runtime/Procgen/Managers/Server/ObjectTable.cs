using System.Collections.Concurrent;

namespace Procgen.Managers;

/// <summary>
/// The objects of a server by id, and why each is alive: proxies in client processes, proxies stored in other objects,
/// and, for a moment, proxies on their way. Without a reason it is dropped, and with it its hold on others.
/// </summary>
internal sealed class ObjectTable
{
    /// <summary>How long an object outlives its last holder where a proxy of it may be on its way to another.</summary>
    private static readonly TimeSpan LingerTime = TimeSpan.FromMinutes(1);

    /// <summary>How long it outlives the collection it was in: a client may have read it there and not opened it yet.</summary>
    private static readonly TimeSpan ReadingTime = TimeSpan.FromSeconds(5);
    private readonly object _gate = new();
    private readonly ConcurrentDictionary<ulong, Entry> _entries = new();
    private readonly PriorityQueue<ulong, long> _lingering = new();

    /// <summary>Reasons that are gone: taken away by <see cref="Sweep"/>, when no object's lock is held.</summary>
    private readonly ConcurrentQueue<ulong> _gone = new();
    private ulong _lastId;

    private sealed class Entry(ServerObject value)
    {
        public ServerObject Value { get; } = value;

        public int Reasons { get; set; }
    }

    public int Count
    {
        get
        {
            Sweep();
            return _entries.Count;
        }
    }

    public IEnumerable<ServerObject> All => _entries.Values.Select(entry => entry.Value);

    /// <summary>Adds an object that the asking client holds from the start.</summary>
    public ulong Add(ServerObject value, ClientSession session)
    {
        lock (_gate)
        {
            ulong id = ++_lastId;
            _entries[id] = new Entry(value) { Reasons = 1 };
            // The process may have gone while its object was made.
            if (!session.Hold(id)) _gone.Enqueue(id);
            return id;
        }
    }

    /// <exception cref="ConnectionLostException">It is gone.</exception>
    public ServerObject Get(ulong id) => _entries.TryGetValue(id, out Entry? entry)
        ? entry.Value
        : throw new ConnectionLostException($"Object {id} is gone from its manager: no process held it any more.");

    /// <summary>A client process has a proxy now.</summary>
    public void AddReference(ulong id, ClientSession session)
    {
        lock (_gate)
        {
            Get(id);
            if (session.Hold(id)) _entries[id].Reasons++;
        }
    }

    /// <summary>A client process has no proxy any more.</summary>
    public void Release(ulong id, ClientSession session)
    {
        ServerObject? value = null;
        lock (_gate)
        {
            if (!session.LetGo(id)) return;
            if (!session.Holds(id)) value = _entries[id].Value;
            _gone.Enqueue(id);
        }

        value?.OnLetGo(session);
    }

    /// <summary>A client process is about to end in good order: what it has taken for good stays taken.</summary>
    public void Farewell(ClientSession session)
    {
        foreach (ServerObject value in All) value.OnLetGo(session);
    }

    /// <exception cref="ConnectionLostException">One of them is gone; then none is counted.</exception>
    public void AddReferences(ReadOnlySpan<StoredValue> values)
    {
        lock (_gate)
        {
            foreach (StoredValue value in values) Check(value.References);
            foreach (StoredValue value in values) AddReasons(value.References);
        }
    }

    public void DropReferences(IEnumerable<StoredValue> values)
    {
        foreach (StoredValue value in values)
        {
            foreach (ulong id in value.References) _gone.Enqueue(id);
        }
    }

    /// <summary>As <see cref="DropReferences"/>, a while later: for what clients read without taking it.</summary>
    public void DropReferencesLater(IEnumerable<StoredValue> values)
    {
        long until = Environment.TickCount64 + (long)ReadingTime.TotalMilliseconds;
        lock (_gate)
        {
            foreach (StoredValue value in values)
            {
                foreach (ulong id in value.References) _lingering.Enqueue(id, until);
            }
        }
    }

    /// <summary>Keeps objects alive for a while, whoever lets go of them.</summary>
    public void Linger(ulong[] ids)
    {
        if (ids.Length == 0) return;
        long until = Environment.TickCount64 + (long)LingerTime.TotalMilliseconds;
        lock (_gate)
        {
            Check(ids);
            AddReasons(ids);
            foreach (ulong id in ids) _lingering.Enqueue(id, until);
        }
    }

    /// <summary>Drops what nothing keeps alive any more, and what only that kept. Called between requests.</summary>
    public void Sweep()
    {
        long now = Environment.TickCount64;
        lock (_gate)
        {
            while (_lingering.TryPeek(out ulong id, out long until) && until <= now) _gone.Enqueue(_lingering.Dequeue());
        }

        while (_gone.TryDequeue(out ulong id))
        {
            ServerObject value;
            lock (_gate)
            {
                if (!_entries.TryGetValue(id, out Entry? entry) || --entry.Reasons > 0) continue;
                _entries.TryRemove(id, out _);
                value = entry.Value;
            }

            foreach (ulong reference in value.References) _gone.Enqueue(reference);
            (value as IDisposable)?.Dispose();
        }
    }

    /// <summary>A client process is gone: it holds nothing, and nothing is locked for it.</summary>
    public void EndSession(ClientSession session)
    {
        foreach (ServerObject value in All) value.OnSessionEnded(session);
        lock (_gate)
        {
            foreach (ulong id in session.LetGoOfAll()) _gone.Enqueue(id);
        }

        Sweep();
    }

    private void Check(ulong[] ids)
    {
        foreach (ulong id in ids) Get(id);
    }

    /// <summary>Under the lock, after <see cref="Check"/>.</summary>
    private void AddReasons(ulong[] ids)
    {
        foreach (ulong id in ids) _entries[id].Reasons++;
    }
}
