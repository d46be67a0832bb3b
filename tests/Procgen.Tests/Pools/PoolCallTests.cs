using NUnit.Framework;

namespace Procgen.Tests.Pools;

[CancelAfter(120_000)]
public sealed class PoolCallTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(1);

    [Test]
    public async Task A_call_returns_its_result()
    {
        await using var pool = new ProcessPool(2);
        Assert.That(await pool.RunAsync(PoolJobsTargets.Square(3)).WaitAsync(Guard), Is.EqualTo(9));
        Assert.That(pool.Run(PoolJobsTargets.Square(4)), Is.EqualTo(16));
        await pool.RunAsync(PoolJobsTargets.Nothing(1)).WaitAsync(Guard);
    }

    [Test]
    public async Task Thousands_of_calls_at_once_all_return()
    {
        await using var pool = new ProcessPool(2);
        int[] results = await Task.WhenAll(Enumerable.Range(0, 5000).Select(x => pool.RunAsync(PoolJobsTargets.Square(x)))).WaitAsync(Guard);
        Assert.That(results, Is.EqualTo(Enumerable.Range(0, 5000).Select(static x => x * x)));

        // A call is counted after its caller has heard of its end.
        await TestWait.UntilAsync(() => pool.GetStatistics() is { Completed: 5000, Queued: 0, Running: 0 });
        PoolStatistics statistics = pool.GetStatistics();
        Assert.That(statistics.Completed, Is.EqualTo(5000));
        Assert.That(statistics.Queued + statistics.Running + statistics.Failed, Is.Zero);
    }

    [Test]
    public async Task The_targets_exception_comes_back()
    {
        await using var pool = new ProcessPool(1);
        Task<int> call = pool.RunAsync(PoolJobsTargets.SquareOrThrow(1, 1)).WaitAsync(Guard);
        Assert.That(Assert.ThrowsAsync<FormatException>(() => call)!.Message, Is.EqualTo("bad 1"));
        Assert.That(pool.GetStatistics().Failed, Is.EqualTo(1));
    }

    [Test]
    public async Task A_result_that_cannot_be_encoded_names_the_member_as_an_argument_does()
    {
        await using var pool = new ProcessPool(1);
        ProcessSerializationException error = Assert.ThrowsAsync<ProcessSerializationException>(() => pool.RunAsync(PoolJobsTargets.LabelBadly()).WaitAsync(Guard))!;
        Assert.That(error.Path, Is.EqualTo(nameof(Labelled.Label)));
        Assert.That(error.Message, Does.StartWith($"{nameof(Labelled.Label)}: the string"));
    }

    [Test]
    public async Task A_crash_costs_the_call_that_ran_and_no_other()
    {
        await using var pool = new ProcessPool(1);
        Task crash = pool.RunAsync(PoolJobsTargets.Exit(3));
        Task<int>[] others = [.. Enumerable.Range(0, 20).Select(x => pool.RunAsync(PoolJobsTargets.Square(x)))];
        WorkerCrashedException error = Assert.ThrowsAsync<WorkerCrashedException>(() => crash.WaitAsync(Guard))!;
        Assert.That(error.ExitCode, Is.EqualTo(3));
        Assert.That(error.TargetName, Is.EqualTo("PoolJobs.Exit"));
        Assert.That(await Task.WhenAll(others).WaitAsync(Guard), Is.EqualTo(Enumerable.Range(0, 20).Select(static x => x * x)));
        Assert.That(pool.GetStatistics().Restarts, Is.EqualTo(1));
    }

    [Test]
    public async Task A_call_that_always_kills_its_worker_fails_after_its_retries()
    {
        await using var pool = new ProcessPool(1);
        Task crash = pool.RunAsync(PoolJobsTargets.Exit(3), new PoolRunOptions { Retries = 2 });
        Assert.ThrowsAsync<WorkerCrashedException>(() => crash.WaitAsync(Guard));
        Assert.That(pool.GetStatistics().Retried, Is.EqualTo(2));
    }

    [Test]
    public async Task A_call_out_of_time_ends_with_a_timeout_and_the_next_one_runs()
    {
        await using var pool = new ProcessPool(1);
        Task late = pool.RunAsync(PoolJobsTargets.Spin(), new PoolRunOptions { Timeout = TimeSpan.FromMilliseconds(100) });
        Task<int> next = pool.RunAsync(PoolJobsTargets.Square(5));
        Assert.That(Assert.ThrowsAsync<CallTimeoutException>(() => late.WaitAsync(Guard))!.TargetName, Is.EqualTo("PoolJobs.Spin"));
        Assert.That(await next.WaitAsync(Guard), Is.EqualTo(25));
    }

    [Test]
    public async Task Waiting_does_not_count_against_the_time_limit()
    {
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { CallTimeout = TimeSpan.FromSeconds(3) });
        Task<int> blocker = pool.RunAsync(PoolJobsTargets.Sleep(3500), new PoolRunOptions { Timeout = Timeout.InfiniteTimeSpan });
        Task<int[]> calls = Task.WhenAll(Enumerable.Range(0, 6).Select(x => pool.RunAsync(PoolJobsTargets.Square(x))));
        Assert.That(await calls.WaitAsync(Guard), Is.EqualTo(Enumerable.Range(0, 6).Select(static x => x * x)));
        Assert.That(await blocker.WaitAsync(Guard), Is.EqualTo(3500));
    }

    [Test]
    public async Task Cancellation_ends_the_task_at_once_and_reaches_the_targets_token()
    {
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { CancellationGrace = Guard });
        int before = await pool.RunAsync(PoolJobsTargets.IdHere()).WaitAsync(Guard);
        using var source = new CancellationTokenSource();
        Task<int> call = pool.RunAsync(PoolJobsTargets.WaitForCancellation(), cancellationToken: source.Token);
        await TestWait.UntilAsync(() => pool.Workers[0].RunningTarget is not null);
        await source.CancelAsync();
        Assert.That(Assert.ThrowsAsync<TaskCanceledException>(() => call.WaitAsync(Guard))!.CancellationToken, Is.EqualTo(source.Token));
        Assert.That(await pool.RunAsync(PoolJobsTargets.IdHere()).WaitAsync(Guard), Is.EqualTo(before));
    }

    [Test]
    public async Task A_target_that_ignores_cancellation_is_killed_after_the_grace_time()
    {
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { CancellationGrace = TimeSpan.FromMilliseconds(200) });
        int before = await pool.RunAsync(PoolJobsTargets.IdHere()).WaitAsync(Guard);
        using var source = new CancellationTokenSource();
        Task call = pool.RunAsync(PoolJobsTargets.Spin(), cancellationToken: source.Token);
        await TestWait.UntilAsync(() => pool.Workers[0].RunningTarget is not null);
        await source.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => call.WaitAsync(Guard));
        Assert.That(await pool.RunAsync(PoolJobsTargets.IdHere()).WaitAsync(Guard), Is.Not.EqualTo(before));
    }

    [Test]
    public async Task A_cancelled_call_that_waits_never_runs()
    {
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { CancellationGrace = Guard });
        string file = Path.GetTempFileName();
        using var source = new CancellationTokenSource();
        using var blocking = new CancellationTokenSource();
        Task<int> blocker = pool.RunAsync(PoolJobsTargets.WaitForCancellation(), cancellationToken: blocking.Token);
        Task[] waiting = [.. Enumerable.Range(0, 5).Select(i => pool.RunAsync(PoolJobsTargets.AppendLine(file, $"{i}"), cancellationToken: source.Token))];
        await source.CancelAsync();
        foreach (Task task in waiting) Assert.CatchAsync<OperationCanceledException>(() => task.WaitAsync(Guard));
        await TestWait.UntilAsync(() => pool.Workers.Any(static worker => worker.RunningTarget is not null));
        await blocking.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => blocker.WaitAsync(Guard));
        Assert.That(await pool.RunAsync(PoolJobsTargets.Square(5)).WaitAsync(Guard), Is.EqualTo(25), "whose turn is after theirs");
        await pool.CloseAsync().WaitAsync(Guard);
        Assert.That(await File.ReadAllTextAsync(file), Is.Empty);
        File.Delete(file);
    }

    [Test]
    public async Task Cancelled_calls_make_room_for_others_while_the_workers_are_busy([Values] bool waitForAdmission)
    {
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { MaxPendingCalls = waitForAdmission ? 10 : null, CancellationGrace = TimeSpan.FromMilliseconds(50) });
        using var busy = new CancellationTokenSource();
        Task first = pool.RunAsync(PoolJobsTargets.Spin(), cancellationToken: busy.Token);
        await TestWait.UntilAsync(() => pool.Workers.Any(static worker => worker.RunningTarget is not null));
        using var cancellation = new CancellationTokenSource();
        Task<int>[] calls = [.. Enumerable.Range(0, 2000).Select(x => pool.RunAsync(PoolJobsTargets.Square(x), cancellationToken: cancellation.Token))];
        Task<int> wanted = pool.RunAsync(PoolJobsTargets.Square(5));
        await cancellation.CancelAsync();
        foreach (Task<int> call in calls) Assert.CatchAsync<OperationCanceledException>(() => call.WaitAsync(Guard));
        Assert.That(pool.GetStatistics().Queued, Is.EqualTo(1));
        await busy.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => first.WaitAsync(Guard));
        Assert.That(await wanted.WaitAsync(Guard), Is.EqualTo(25));
        await pool.CloseAsync().WaitAsync(Guard);
    }

    [Test]
    public async Task A_call_behind_a_long_one_is_moved_to_a_free_worker()
    {
        await using var pool = new ProcessPool(2);
        await pool.StartAsync().WaitAsync(Guard);
        await Task.WhenAll(Enumerable.Range(0, 2000).Select(x => pool.RunAsync(PoolJobsTargets.Square(x)))).WaitAsync(Guard);
        Task[] calls = [pool.RunAsync(PoolJobsTargets.Spin()), .. Enumerable.Range(0, 50).Select(x => pool.RunAsync(PoolJobsTargets.Square(x)))];
        await Task.WhenAll(calls[1..]).WaitAsync(Guard);
        Assert.That(calls[0].IsCompleted, Is.False);
    }

    [Test]
    public async Task What_is_behind_a_long_item_is_not_overtaken_for_ever_by_calls_that_come_later()
    {
        await using var pool = new ProcessPool(2, new ProcessPoolOptions { CancellationGrace = TimeSpan.FromMilliseconds(50) });
        using var isOver = new CancellationTokenSource();
        async Task CallAsync()
        {
            while (!isOver.IsCancellationRequested) await pool.RunAsync(PoolJobsTargets.Sleep(2));
        }

        // So many that some always wait, and no worker is ever without work.
        Task[] callers = [.. Enumerable.Range(0, 200).Select(_ => CallAsync())];
        await TestWait.UntilAsync(() => pool.Workers is { Count: 2 } workers && workers.All(static worker => worker.CallsDone > 0));
        var options = new PoolMapOptions { ChunkSize = 10, Ordered = false };
        await using (IAsyncEnumerator<CallOutcome<int, int>> outcomes = pool.MapOutcomesAsync(Enumerable.Range(0, 10), static x => PoolJobsTargets.SquareOrSpin(x, 0), options).GetAsyncEnumerator())
        {
            for (int x = 1; x < 10; x++)
            {
                Assert.That(await outcomes.MoveNextAsync().AsTask().WaitAsync(Guard), Is.True);
                Assert.That(outcomes.Current.Value, Is.EqualTo(x * x));
            }
        }

        await isOver.CancelAsync();
        await Task.WhenAll(callers).WaitAsync(Guard);
    }

    [Test]
    public async Task Progress_arrives_in_order_and_before_the_end()
    {
        await using var pool = new ProcessPool(1);
        var seen = new List<int>();
        await pool.RunAsync(PoolJobsTargets.Report(500, new Callback(seen.Add))).WaitAsync(Guard);
        Assert.That(seen, Is.EqualTo(Enumerable.Range(0, 500)));
    }

    [Test]
    public async Task Megabytes_go_there_and_back()
    {
        await using var pool = new ProcessPool(1);
        byte[] bytes = new byte[8 << 20];
        Random.Shared.NextBytes(bytes);
        Assert.That((await pool.RunAsync(PoolJobsTargets.Echo(bytes)).WaitAsync(Guard)).AsSpan().SequenceEqual(bytes), Is.True);
    }

    [Test]
    public async Task Megabytes_of_many_callers_do_not_mix()
    {
        await using var pool = new ProcessPool(2);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(async () =>
        {
            for (int round = 0; round < 10; round++)
            {
                byte[] data = new byte[(caller * 150_000) + (round * 10_000)];
                Array.Fill(data, (byte)caller);
                byte[] back = await pool.RunAsync(PoolJobsTargets.Echo(data));
                Assert.That(back.AsSpan().SequenceEqual(data), Is.True);
            }
        }))).WaitAsync(Guard);
    }

    [Test]
    public async Task Higher_priorities_go_first_and_equal_ones_in_order()
    {
        string file = Path.GetTempFileName();
        await using (var pool = new ProcessPool(1, new ProcessPoolOptions { CancellationGrace = Guard }))
        {
            using var blocking = new CancellationTokenSource();
            Task<int> blocker = pool.RunAsync(PoolJobsTargets.WaitForCancellation(), cancellationToken: blocking.Token);
            await TestWait.UntilAsync(() => pool.Workers.Any(static worker => worker.RunningTarget is not null));
            Task[] calls = [.. Enumerable.Range(0, 6).Select(i => pool.RunAsync(PoolJobsTargets.AppendLine(file, $"{i}"), new PoolRunOptions { Priority = i % 2 }))];
            await blocking.CancelAsync();
            Assert.CatchAsync<OperationCanceledException>(() => blocker.WaitAsync(Guard));
            await Task.WhenAll(calls).WaitAsync(Guard);
        }

        Assert.That(await File.ReadAllLinesAsync(file), Is.EqualTo(new[] { "1", "3", "5", "0", "2", "4" }));
        File.Delete(file);
    }

    private sealed class Callback(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
