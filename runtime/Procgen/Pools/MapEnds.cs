namespace Procgen.Pools;

/// <summary>
/// The ends of a map's items, from when they come to when they are read: link threads bring them, one consumer takes them
/// and waits for them.
/// </summary>
/// <param name="mode">In which order they are taken.</param>
internal sealed class MapEnds<TItem, TResult>(MapMode mode)
{
    private readonly object _gate = new();
    private readonly Queue<MapChunk<TItem, TResult>> _chunks = new();
    private readonly Queue<(MapChunk<TItem, TResult> Chunk, int Index, int Count)> _answered = new();
    private TaskCompletionSource? _waiter;
    private int _headIndex;
    private int _version;
    private long _taken;

    /// <summary>How many have been taken.</summary>
    public long Taken => Volatile.Read(ref _taken);

    /// <summary>Rises with every <see cref="Signal"/>.</summary>
    public int Version
    {
        get
        {
            lock (_gate) return _version;
        }
    }

    /// <summary>A chunk is about to be sent: chunks come in the order of their items.</summary>
    public void Expect(MapChunk<TItem, TResult> chunk)
    {
        if (mode == MapMode.Unordered) return;
        lock (_gate) _chunks.Enqueue(chunk);
    }

    /// <summary>Items have ended that stand together.</summary>
    public void Add(MapChunk<TItem, TResult> chunk, int index, int count)
    {
        if (mode != MapMode.Unordered) return;
        lock (_gate) _answered.Enqueue((chunk, index, count));
    }

    /// <summary>The next end in order; false where it has not come.</summary>
    public bool TryTake(out MapChunk<TItem, TResult> chunk, out int index)
    {
        lock (_gate)
        {
            bool any = mode == MapMode.Unordered ? TryTakeAnswered(out chunk, out index) : TryTakeHead(out chunk, out index);
            if (any) Volatile.Write(ref _taken, _taken + 1);
            return any;
        }
    }

    /// <summary>All values at their places: of a map that collects, when all have come.</summary>
    public void CopyTo(TResult[] all)
    {
        foreach (MapChunk<TItem, TResult> chunk in _chunks) chunk.CopyTo(all);
    }

    /// <summary>Waits until something has happened since <paramref name="version"/>.</summary>
    public Task WaitAsync(int version)
    {
        lock (_gate)
        {
            if (_version != version) return Task.CompletedTask;
            _waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiter.Task;
        }
    }

    /// <inheritdoc cref="WaitAsync"/>
    public void Wait(int version)
    {
        lock (_gate)
        {
            while (_version == version) Monitor.Wait(_gate);
        }
    }

    /// <summary>Something has changed: wakes who waits for it.</summary>
    /// <param name="wakesTask">Whether that concerns a consumer that awaits, too.</param>
    public void Signal(bool wakesTask)
    {
        TaskCompletionSource? waiter = null;
        lock (_gate)
        {
            _version++;
            Monitor.PulseAll(_gate);
            if (wakesTask)
            {
                waiter = _waiter;
                _waiter = null;
            }
        }

        waiter?.TrySetResult();
    }

    private bool TryTakeAnswered(out MapChunk<TItem, TResult> chunk, out int index)
    {
        index = 0;
        chunk = null!;
        if (!_answered.TryPeek(out (MapChunk<TItem, TResult> Chunk, int Index, int Count) answered)) return false;
        chunk = answered.Chunk;
        index = answered.Index + _headIndex++;
        if (_headIndex < answered.Count) return true;
        _answered.Dequeue();
        _headIndex = 0;
        return true;
    }

    private bool TryTakeHead(out MapChunk<TItem, TResult> chunk, out int index)
    {
        index = 0;
        if (!_chunks.TryPeek(out chunk!) || chunk.StateOf(_headIndex) == ItemState.Open) return false;
        index = _headIndex++;
        if (_headIndex < chunk.Count) return true;
        _chunks.Dequeue();
        _headIndex = 0;
        return true;
    }
}
