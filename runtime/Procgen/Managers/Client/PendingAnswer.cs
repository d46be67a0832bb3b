using Procgen.Calls;
using Procgen.Shared;

namespace Procgen.Managers;

/// <summary>Why a wait was given up.</summary>
internal enum GivenUp
{
    No,
    TimeUp,
    Cancelled,
    Disposed,
}

/// <summary>
/// One wait at a server that has not been answered. Whoever gives it up still gets an answer: that it was given up, or the
/// result, which came first and is not lost.
/// </summary>
internal sealed class PendingAnswer(WaitChannel channel, long id, ManagerRequest request)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);
    private readonly TaskCompletionSource<Result> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IDisposable? _limit;
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
        End();
        _answer.TrySetResult(new Result(how, body));
    }

    public void Fail(Exception error)
    {
        End();
        _answer.TrySetException(error);
    }

    /// <summary>Asks for an end. The first reason counts; a server that does not react to it is given up itself.</summary>
    public void GiveUp(GivenUp why)
    {
        if (Interlocked.CompareExchange(ref _givenUp, (int)why, (int)GivenUp.No) != (int)GivenUp.No) return;
        _limit = Deadlines.Schedule(ManagerClient.AnswerTime, GiveUpServer);
        channel.Cancel(id);
    }

    /// <summary>Blocks until the answer is there; gives up by itself when the time is up or the token fires.</summary>
    public Result Wait(Deadline deadline, CancellationToken cancellationToken)
    {
        try
        {
            while (!IsOverWithin(deadline.IsNever || deadline.Rest > Longest ? Longest : deadline.Rest, cancellationToken))
            {
                if (deadline.HasPassed) break;
            }
        }
        catch (OperationCanceledException)
        {
            GiveUp(GivenUp.Cancelled);
        }

        if (!Task.IsCompleted) GiveUp(GivenUp.TimeUp);
        return Task.GetAwaiter().GetResult();
    }

    /// <summary>The server is there, and answers when it can.</summary>
    public void Hear() => _limit?.Dispose();

    private void GiveUpServer()
    {
        if (!Task.IsCompleted) channel.GiveUp();
    }

    private void End()
    {
        request.Dispose();
        _limit?.Dispose();
    }

    private bool IsOverWithin(TimeSpan time, CancellationToken cancellationToken)
    {
        try
        {
            return Task.Wait(time, cancellationToken);
        }
        catch (AggregateException)
        {
            return true;
        }
    }
}
