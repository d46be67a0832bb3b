namespace Procgen.Shared;

/// <summary>A wait on shared words that no thread is parked for: the waiter thread tries it whenever its word changes.</summary>
internal abstract class PendingWait
{
    /// <summary>Tries once. Called by one thread at a time; does not block and does not throw.</summary>
    /// <param name="word">What to wait on when it is not over.</param>
    /// <param name="expected">The word's value that makes waiting right.</param>
    /// <returns>True when the wait is over, however it ended.</returns>
    public abstract bool TryFinish(out WaitWord word, out int expected);
}

/// <summary>A <see cref="PendingWait"/> behind a task.</summary>
/// <remarks>
/// Cancelling and succeeding exclude each other by <c>_state</c>: an attempt that is under way when the token fires is
/// seen through, and its result is delivered, so that nothing taken is ever dropped. Continuations run on the pool.
/// </remarks>
internal abstract class PendingWait<TResult> : PendingWait
{
    private const int Pending = 0;
    private const int Trying = 1;
    private const int Over = 2;

    private readonly TaskCompletionSource<TResult> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationToken _token;
    private CancellationTokenRegistration _registration;
    private volatile bool _isCancelled;
    private int _state;

    /// <summary>Starts waiting. Call it once.</summary>
    public Task<TResult> StartAsync(CancellationToken cancellationToken)
    {
        _token = cancellationToken;
        if (cancellationToken.CanBeCanceled)
            _registration = cancellationToken.UnsafeRegister(static wait => ((PendingWait<TResult>)wait!).Cancel(), this);
        if (_state == Over) _registration.Dispose();
        else WaiterThread.Add(this);
        return _completion.Task;
    }

    public sealed override bool TryFinish(out WaitWord word, out int expected)
    {
        word = default;
        expected = 0;
        if (Interlocked.CompareExchange(ref _state, Trying, Pending) != Pending) return true;
        try
        {
            if (TryTake(out TResult? result, out word, out expected))
            {
                Volatile.Write(ref _state, Over);
                _registration.Dispose();
                _completion.SetResult(result);
                return true;
            }
        }
        catch (Exception error)
        {
            Volatile.Write(ref _state, Over);
            _registration.Dispose();
            _completion.SetException(error);
            return true;
        }

        Interlocked.Exchange(ref _state, Pending);
        if (!_isCancelled) return false;
        Cancel();
        return true;
    }

    /// <summary>One attempt, on the waiter thread; it may throw, which ends the wait with that error.</summary>
    protected abstract bool TryTake([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out TResult result, out WaitWord word, out int expected);

    private void Cancel()
    {
        _isCancelled = true;
        if (Interlocked.CompareExchange(ref _state, Over, Pending) == Pending) _completion.TrySetCanceled(_token);
    }
}
