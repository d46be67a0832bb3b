namespace Procgen.Managers;

/// <summary>Why a wait was given up.</summary>
internal enum GivenUp
{
    No,
    TimeUp,
    Cancelled,
    Interrupted,
    Disposed,
}

/// <summary>
/// One wait at a server that has not been answered. Whoever gives it up still gets an answer: that it was given up, or the
/// result, which came first and is not lost.
/// </summary>
internal sealed class PendingAnswer(WaitChannel channel, long id, ManagerRequest request, AnswerWatch watch)
{
    private readonly TaskCompletionSource<Result> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private AnswerWatch.Watched? _watched;
    private int _givenUp;

    /// <summary>How it was answered; fails where the server is gone.</summary>
    public Task<Result> Task => _answer.Task;

    public GivenUp Why => (GivenUp)Volatile.Read(ref _givenUp);

    /// <param name="How">What follows.</param>
    /// <param name="Body">The result or the error.</param>
    public readonly record struct Result(ManagerAnswer How, ReadOnlyMemory<byte> Body);

    /// <summary>By the channel's reader.</summary>
    public void Answer(ManagerAnswer how, ReadOnlyMemory<byte> body)
    {
        request.Dispose();
        _answer.TrySetResult(new Result(how, body));
        EndWatch();
    }

    /// <param name="error">Why.</param>
    /// <param name="wasSent">False where the server cannot have seen it.</param>
    public void Fail(Exception error, bool wasSent = true)
    {
        if (wasSent) request.Dispose();
        else request.Withdraw();
        _answer.TrySetException(error);
        EndWatch();
    }

    /// <summary>Asks for an end. The first reason counts; a server that does not react to it is given up itself.</summary>
    public void GiveUp(GivenUp why)
    {
        if (Interlocked.CompareExchange(ref _givenUp, (int)why, (int)GivenUp.No) != (int)GivenUp.No) return;
        Interlocked.Exchange(ref _watched, watch.Begin(Patience.None));
        if (Task.IsCompleted) EndWatch();
        channel.Cancel(id);
    }

    /// <summary>Blocks until the answer is there; gives up by itself when the time is up, the token fires or the thread is interrupted.</summary>
    public Result Wait(Patience patience)
    {
        try
        {
            if (!patience.Deadline.Wait(milliseconds => IsOverWithin(milliseconds, patience.CancellationToken))) GiveUp(GivenUp.TimeUp);
        }
        catch (OperationCanceledException)
        {
            GiveUp(GivenUp.Cancelled);
        }
        catch (ThreadInterruptedException)
        {
            GiveUp(GivenUp.Interrupted);
            if (Task.GetAwaiter().GetResult().How == ManagerAnswer.Cancelled) throw;
            Thread.CurrentThread.Interrupt(); // The result came first: it is the next wait that is interrupted.
        }

        return Task.GetAwaiter().GetResult();
    }

    /// <summary>The server is there, and answers when it can; it says so again and again.</summary>
    public void Hear() => Volatile.Read(ref _watched)?.Hear();

    /// <summary>By whoever sees both: that it is answered, and that it is watched.</summary>
    private void EndWatch() => Interlocked.Exchange(ref _watched, null)?.Dispose();

    private bool IsOverWithin(int milliseconds, CancellationToken cancellationToken)
    {
        try
        {
            return Task.Wait(milliseconds, cancellationToken);
        }
        catch (AggregateException)
        {
            return true;
        }
    }
}
