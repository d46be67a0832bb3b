namespace Procgen.Queues;

/// <summary>
/// Counts the calls that are inside a handle, so that its memory goes only after the last of them: a thread that is cut
/// off in the middle would leave a latch behind that its living process holds for ever.
/// </summary>
/// <param name="handle">What an <see cref="ObjectDisposedException"/> names.</param>
/// <param name="release">Runs once, after the gate was closed and the last call has left.</param>
internal sealed class UseGate(Type handle, Action release)
{
    // The gate itself is one use until it is closed.
    private int _uses = 1;
    private int _closed;
    private int _released;

    public bool IsClosed => Volatile.Read(ref _closed) != 0;

    /// <exception cref="ObjectDisposedException">The gate is closed.</exception>
    public void Enter()
    {
        Interlocked.Increment(ref _uses);
        if (!IsClosed) return;
        Exit();
        ThrowIfClosed();
    }

    public void Exit()
    {
        if (Interlocked.Decrement(ref _uses) == 0 && Interlocked.Exchange(ref _released, 1) == 0) release();
    }

    /// <summary>Lets nobody in any more.</summary>
    /// <returns>True for the first caller, who then wakes those inside and calls <see cref="Exit"/>.</returns>
    public bool Close() => Interlocked.Exchange(ref _closed, 1) == 0;

    public void ThrowIfClosed() => ObjectDisposedException.ThrowIf(IsClosed, handle);
}
