using NUnit.Framework;
using Procgen.Tests.Processes;

namespace Procgen.Tests.Pools;

/// <summary>What a stopped worker does not do delays nobody but who waits for that worker alone.</summary>
[CancelAfter(120_000)]
[Platform(Exclude = "Win", Reason = "SIGSTOP")]
public sealed class PoolStoppedWorkerTests
{
    private const int Stop = 19;
    private const int Continue = 18;
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(1);

    // 100 KB: less than what goes through shared memory, and a few of them are more than a pipe holds.
    private static readonly int[] Long = [.. Enumerable.Range(0, 25_000)];

    [Test]
    public async Task A_stopped_worker_whose_pipe_is_full_delays_no_caller_no_deadline_and_no_other_worker()
    {
        await using var pool = new ProcessPool(2);
        await WarmUpAsync(pool);
        int stopped = pool.Workers[0].Id;
        Signals.Send(stopped, Stop);
        try
        {
            // The caller's thread, which must come back, and not too late: it is not the one that waits.
            Task<int>[] calls = await Task.Run(() => Enumerable.Range(0, 200).Select(_ => pool.RunAsync(PoolJobsTargets.Sum(Long))).ToArray()).WaitAsync(Guard);
            Task late = pool.RunAsync(PoolJobsTargets.Spin(), new PoolRunOptions { Timeout = TimeSpan.FromMilliseconds(100) });
            int[] sums = await Task.WhenAll(calls).WaitAsync(Guard);
            Assert.That(sums, Is.All.EqualTo(Long.Sum()));
            Assert.ThrowsAsync<CallTimeoutException>(() => late.WaitAsync(Guard));
        }
        finally
        {
            Signals.Send(stopped, Continue);
        }

        // What it had not read comes to it now, and it works on as before.
        await TestWait.UntilAsync(() => pool.Run(PoolJobsTargets.IdHere()) == stopped);
        Assert.That(await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => pool.RunAsync(PoolJobsTargets.Sum(Long)))).WaitAsync(Guard), Is.All.EqualTo(Long.Sum()));
        await pool.CloseAsync().WaitAsync(Guard);
    }

    [Test]
    public async Task A_call_with_a_time_limit_does_not_wait_for_ever_for_a_stopped_worker_that_is_the_only_one([Values] bool isFirst)
    {
        await using var pool = new ProcessPool(1);
        await WarmUpAsync(pool);
        int stopped = pool.Workers[0].Id;
        Signals.Send(stopped, Stop);

        // One without a limit would, as nobody asked for anything else.
        Task<int>? endless = isFirst ? null : pool.RunAsync(PoolJobsTargets.Square(2));
        Task<int> call = pool.RunAsync(PoolJobsTargets.Square(3), new PoolRunOptions { Timeout = TimeSpan.FromSeconds(20) });
        Assert.That(await call.WaitAsync(Guard), Is.EqualTo(9));
        if (endless is not null) Assert.That(await endless.WaitAsync(Guard), Is.EqualTo(4));
        Assert.That(pool.GetStatistics().Restarts, Is.EqualTo(1));
    }

    [Test]
    public async Task A_pool_with_a_stopped_worker_whose_pipe_is_full_can_be_disposed()
    {
        var pool = new ProcessPool(1);
        await WarmUpAsync(pool);
        Signals.Send(pool.Workers[0].Id, Stop);
        Task<int>[] calls = await Task.Run(() => Enumerable.Range(0, 100).Select(_ => pool.RunAsync(PoolJobsTargets.Sum(Long))).ToArray()).WaitAsync(Guard);
        await pool.DisposeAsync().AsTask().WaitAsync(Guard);
        foreach (Task<int> call in calls) Assert.CatchAsync<OperationCanceledException>(() => call.WaitAsync(Guard));
    }

    [Test]
    public async Task Cancelling_a_stopped_child_that_has_not_read_its_call_does_not_wait_for_it()
    {
        using var cancellation = new CancellationTokenSource();
        using ChildProcess child = ChildProcess.Start(PoolJobsTargets.SpinWith(new int[5_000_000]), cancellationToken: cancellation.Token);
        Signals.Send(child.Id!.Value, Stop);
        await Task.Run(cancellation.Cancel).WaitAsync(Guard);
        Assert.CatchAsync<OperationCanceledException>(() => child.Completion.WaitAsync(Guard));
        Assert.That(await child.WaitForExitAsync().WaitAsync(Guard), Is.EqualTo(-9));
    }

    /// <summary>Until many items are sent to a worker at once, as it is known how short they are.</summary>
    private static async Task WarmUpAsync(ProcessPool pool)
    {
        await pool.StartAsync().WaitAsync(Guard);
        for (int round = 0; round < 20; round++)
            await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => pool.RunAsync(PoolJobsTargets.Sum(Long)))).WaitAsync(Guard);
    }
}
