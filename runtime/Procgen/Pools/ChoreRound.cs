namespace Procgen.Pools;

/// <summary>One chore on several workers: ends when all of them have, with the first error.</summary>
internal sealed class ChoreRound
{
    private readonly TaskCompletionSource _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _error;
    private int _left = 1;

    /// <summary>Whether everybody who has entered has left, and its caller knows how it ended.</summary>
    public bool IsOver => _source.Task.IsCompleted;

    /// <returns>What a worker calls at its end.</returns>
    public Action<Exception?> Enter()
    {
        Interlocked.Increment(ref _left);
        return Leave;
    }

    /// <summary>Everybody has entered.</summary>
    public Task Finish()
    {
        Leave(null);
        return _source.Task;
    }

    private void Leave(Exception? error)
    {
        if (error is not null) Interlocked.CompareExchange(ref _error, error, null);
        if (Interlocked.Decrement(ref _left) > 0) return;
        if (_error is null) _source.TrySetResult();
        else _source.TrySetException(_error);
    }
}
