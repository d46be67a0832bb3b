using NUnit.Framework;

namespace Procgen.Tests.Pools;

/// <summary>Who is accepted when, where not all may be.</summary>
[CancelAfter(120_000)]
public sealed class PoolAdmissionTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(1);

    [Test]
    public async Task What_waits_behind_a_call_that_is_cancelled_is_accepted_then()
    {
        await using var pool = new ProcessPool(2, new ProcessPoolOptions { MaxPendingBytes = 100_000 });
        Task first = pool.RunAsync(PoolJobsTargets.Hold(new byte[60_000]));
        using var cancellation = new CancellationTokenSource();
        Task second = pool.RunAsync(PoolJobsTargets.Hold(new byte[60_000]), cancellationToken: cancellation.Token);
        Task<int> third = pool.RunAsync(PoolJobsTargets.Square(5));
        await cancellation.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => second.WaitAsync(Guard));
        Assert.That(await third.WaitAsync(Guard), Is.EqualTo(25));
        Assert.That(first.IsCompleted, Is.False);
    }

    [Test]
    public async Task Maps_share_what_may_be_pending_and_calls_get_their_part_of_it([Values(0, 5)] int priority)
    {
        // One more worker than may be pending: it is never for want of a worker that the call does not run.
        await using var pool = new ProcessPool(5, new ProcessPoolOptions { MaxPendingCalls = 4, CancellationGrace = Guard });
        await pool.StartAsync().WaitAsync(Guard);
        using var cancellation = new CancellationTokenSource();
        int[] pulled = new int[2];
        IEnumerable<int> Source(int map)
        {
            while (true) yield return Interlocked.Increment(ref pulled[map]);
        }

        Task first = pool.MapAsync(Source(0), static _ => PoolJobsTargets.WaitForCancellation(), cancellationToken: cancellation.Token);
        await TestWait.UntilAsync(() => Volatile.Read(ref pulled[0]) == 4);
        Task second = pool.MapAsync(Source(1), static _ => PoolJobsTargets.WaitForCancellation());
        await TestWait.UntilAsync(() => Volatile.Read(ref pulled[1]) > 0);
        Task<int> call = pool.RunAsync(PoolJobsTargets.Square(5), new PoolRunOptions { Priority = priority });
        await cancellation.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => first.WaitAsync(Guard));
        Assert.That(await call.WaitAsync(Guard), Is.EqualTo(25));
        Assert.That(pulled[0], Is.EqualTo(4));
        await TestWait.UntilAsync(() => Volatile.Read(ref pulled[1]) == 4);
        Assert.That(second.IsCompleted, Is.False);
    }

    [Test]
    public async Task Maps_without_an_end_do_not_keep_a_call_out([Values(1, 4)] int limit)
    {
        await using var pool = new ProcessPool(2, new ProcessPoolOptions { MaxPendingCalls = limit });
        using var isOver = new CancellationTokenSource();
        int[] pulled = new int[2];
        IEnumerable<int> Source(int map)
        {
            while (!isOver.IsCancellationRequested)
            {
                Interlocked.Increment(ref pulled[map]);
                yield return 2;
            }
        }

        Task[] maps = [.. Enumerable.Range(0, 2).Select(map => pool.MapAsync(Source(map), PoolJobsTargets.Sleep))];
        await TestWait.UntilAsync(() => pulled.All(static count => count > 20));
        for (int i = 0; i < 20; i++) Assert.That(await pool.RunAsync(PoolJobsTargets.Square(i)).WaitAsync(Guard), Is.EqualTo(i * i));
        await isOver.CancelAsync();
        await Task.WhenAll(maps).WaitAsync(Guard);
    }

    [Test]
    public async Task Calls_without_an_end_do_not_keep_a_map_out([Values(1, 4)] int limit, [Values] bool blocking)
    {
        await using var pool = new ProcessPool(2, new ProcessPoolOptions { MaxPendingCalls = limit });
        using var isOver = new CancellationTokenSource();
        async Task CallAsync()
        {
            while (!isOver.IsCancellationRequested) await pool.RunAsync(PoolJobsTargets.Square(3));
        }

        Task[] callers = [.. Enumerable.Range(0, 10).Select(_ => CallAsync())];
        Task<int[]> map = blocking
            ? Task.Factory.StartNew(() => pool.MapStream(Enumerable.Range(0, 100), PoolJobsTargets.Square).ToArray(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            : pool.MapAsync(Enumerable.Range(0, 100), PoolJobsTargets.Square);
        Assert.That(await map.WaitAsync(Guard), Is.EqualTo(Enumerable.Range(0, 100).Select(static x => x * x)));
        await isOver.CancelAsync();
        await Task.WhenAll(callers).WaitAsync(Guard);
    }

    [Test]
    public async Task Items_that_have_ended_make_room_while_others_of_their_chunk_run()
    {
        await using var pool = new ProcessPool(2, new ProcessPoolOptions { MaxPendingCalls = 8 });
        Task map = pool.MapAsync(Enumerable.Range(0, 8), static x => PoolJobsTargets.SquareOrSpin(x, 7), new PoolMapOptions { ChunkSize = 8 });
        await TestWait.UntilAsync(() => pool.Workers.Sum(static worker => worker.CallsDone) == 7);
        Assert.That(await pool.RunAsync(PoolJobsTargets.Square(5)).WaitAsync(Guard), Is.EqualTo(25));
        Assert.That(map.IsCompleted, Is.False);
    }
}
