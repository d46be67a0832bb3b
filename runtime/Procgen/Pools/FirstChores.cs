namespace Procgen.Pools;

/// <summary>The chores that come first on one worker. It is ready when all have returned; that one did not, counts once for all of them.</summary>
/// <param name="count">How many there are.</param>
/// <param name="ended">Called once, on a link thread: with null where all have returned.</param>
internal sealed class FirstChores(int count, Action<Exception?> ended)
{
    private int _left = count;
    private int _hasFailed;

    /// <summary>One of them has ended.</summary>
    public void Leave(Exception? error)
    {
        if (error is not null && Interlocked.Exchange(ref _hasFailed, 1) == 0) ended(error);
        else if (error is null && Interlocked.Decrement(ref _left) == 0) ended(null);
    }
}
