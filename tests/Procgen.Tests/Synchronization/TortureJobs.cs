namespace Procgen.Tests.Synchronization;

/// <summary>
/// What six processes do with a primitive while one after the other is killed. Each checks the promise that it can see;
/// breaking it is an exception, which the parent finds in <c>Completion</c>.
/// </summary>
internal static class TortureJobs
{
    [ProcessTarget]
    public static void Lock(TortureBoard board, int me, ProcessLock mutex) => board.Run(me, () =>
    {
        board.EnterAlone(IsTakenOver(mutex.Acquire));
        board.LeaveAlone();
        mutex.Release();
    });

    [ProcessTarget]
    public static void AsynchronousLock(TortureBoard board, int me, ProcessLock mutex) => board.Run(me, () =>
    {
        board.EnterAlone(IsTakenOver(() => mutex.AcquireAsync().AsTask().GetAwaiter().GetResult()));
        board.LeaveAlone();
        mutex.Release();
    });

    [ProcessTarget]
    public static void RecursiveLock(TortureBoard board, int me, ProcessRecursiveLock mutex) => board.Run(me, () =>
    {
        board.EnterAlone(IsTakenOver(mutex.Acquire));
        mutex.Acquire();
        mutex.Release();
        board.LeaveAlone();
        mutex.Release();
    });

    [ProcessTarget]
    public static void Semaphore(TortureBoard board, int me, ProcessSemaphore semaphore) => board.Run(me, () =>
    {
        semaphore.Acquire();
        Thread.SpinWait(20);
        semaphore.Release();
    });

    [ProcessTarget]
    public static void Event(TortureBoard board, int me, ProcessEvent signal) => board.Run(me, () =>
    {
        // Whoever sees it not set sets it, so nobody can wait for ever, whoever dies.
        if (signal.IsSet) signal.Reset();
        else signal.Set();
        signal.Wait(TimeSpan.FromMilliseconds(1));
    });

    /// <summary>A token goes from hand to hand; where one died with it, who takes over its lock finds the token again.</summary>
    [ProcessTarget]
    public static void Condition(TortureBoard board, int me, ProcessCondition condition, SharedValue<int> tokens) => board.Run(me, () =>
    {
        if (IsTakenOver(condition.Acquire)) tokens.Value = 1;
        while (tokens.Value == 0)
        {
            if (IsTakenOver(() => condition.Wait())) tokens.Value = 1;
        }

        tokens.Value = 0;
        tokens.Value = 1;
        condition.Notify();
        condition.Release();
    });

    [ProcessTarget]
    public static void Barrier(TortureBoard board, int me, ProcessBarrier barrier) => board.Run(me, () =>
    {
        try
        {
            barrier.Wait(TimeSpan.FromSeconds(1));
        }
        catch (BarrierBrokenException)
        {
            if (barrier.IsBroken) barrier.Reset();
        }
    });

    /// <summary>Takes a lock; says whether the holder before had died.</summary>
    private static bool IsTakenOver(Action take)
    {
        try
        {
            take();
            return false;
        }
        catch (AbandonedMutexException)
        {
            return true;
        }
    }
}
