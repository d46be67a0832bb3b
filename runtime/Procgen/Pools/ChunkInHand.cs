namespace Procgen.Pools;

/// <summary>
/// A chunk that is filled from a source that may take its time. While who feeds is at the source, another thread may send
/// what is there: somebody may wait for just that before he lets the source go on.
/// </summary>
/// <param name="chunk">Its items are in <paramref name="encoder"/>.</param>
/// <param name="encoder">Whoever has the chunk may use it.</param>
/// <param name="started">When it was begun.</param>
internal sealed class ChunkInHand<TItem, TResult>(MapChunk<TItem, TResult> chunk, ItemEncoder encoder, long started)
{
    private const int Filling = 0;
    private const int AtSource = 1;
    private const int Leaving = 2;
    private const int Left = 3;
    private int _place;
    private int _steps;
    private int _seenSteps;

    public MapChunk<TItem, TResult> Chunk { get; } = chunk;

    public ItemEncoder Encoder { get; } = encoder;

    public long Started { get; } = started;

    /// <summary>Another thread has sent it.</summary>
    public bool HasLeft => Volatile.Read(ref _place) == Left;

    /// <summary>Who feeds goes for another item: all that it has encoded must be in the encoder.</summary>
    public void GoToSource()
    {
        _steps++;
        Volatile.Write(ref _place, AtSource);
    }

    /// <summary>Who feeds is back; false where the chunk is gone.</summary>
    public bool TryReturn()
    {
        if (Interlocked.CompareExchange(ref _place, Filling, AtSource) == AtSource) return true;
        var spinner = default(SpinWait);
        while (!HasLeft) spinner.SpinOnce();
        return false;
    }

    /// <summary>Takes it from who has been at the source for the same item when this was asked last; <see cref="Leave"/> follows.</summary>
    public bool TryTake()
    {
        int steps = Volatile.Read(ref _steps);
        bool isStuck = steps == _seenSteps;
        _seenSteps = steps;
        return isStuck && Interlocked.CompareExchange(ref _place, Leaving, AtSource) == AtSource;
    }

    /// <summary>It has been sent.</summary>
    public void Leave() => Volatile.Write(ref _place, Left);
}
