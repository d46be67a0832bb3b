using System.Diagnostics;
using NUnit.Framework;
using Procgen.Calls;
using Procgen.Pools;
using Procgen.Shared;

namespace Procgen.Tests.Pools;

[CancelAfter(120_000)]
public sealed class PoolLifeTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(1);

    [Test]
    public async Task Closing_lets_accepted_calls_end_and_takes_no_more()
    {
        await using var pool = new ProcessPool(2);
        Task<int>[] calls = [.. Enumerable.Range(0, 100).Select(x => pool.RunAsync(PoolJobsTargets.Square(x)))];
        await pool.CloseAsync().WaitAsync(Guard);
        Assert.That(calls.All(static call => call.IsCompletedSuccessfully), Is.True);
        Assert.ThrowsAsync<ObjectDisposedException>(() => pool.RunAsync(PoolJobsTargets.Square(1)));
        Assert.Throws<ObjectDisposedException>(() => pool.Run(PoolJobsTargets.Square(1)));
        Assert.That(pool.Workers, Is.Empty);
    }

    [Test]
    public async Task Closing_waits_for_a_call_whose_caller_is_slow_to_hear_its_progress()
    {
        using var mayHear = new ManualResetEventSlim();
        await using var pool = new ProcessPool(1);
        Task call = pool.RunAsync(PoolJobsTargets.Report(1, new SlowToHear(mayHear)));
        await TestWait.UntilAsync(() => pool.GetStatistics().Completed == 1);
        bool hasEndedAlone = pool.Close(TimeSpan.FromSeconds(1));
        mayHear.Set();
        await call.WaitAsync(Guard);
        Assert.That(pool.Close(Guard), Is.True);
        Assert.That(hasEndedAlone, Is.False);
    }

    [Test]
    public void Closing_waits_for_any_time_that_is_not_negative()
    {
        using var pool = new ProcessPool(1);
        Assert.That(() => pool.Close(TimeSpan.FromSeconds(-3)), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(pool.Run(PoolJobsTargets.Square(3)), Is.EqualTo(9), "it was not closed");
        Assert.That(pool.Close(TimeSpan.MaxValue), Is.True);
    }

    [Test]
    public void A_call_that_comes_as_its_pool_is_closed_hears_that()
    {
        // Between the two looks at whether the pool still takes calls.
        var core = new PoolCore(new PoolSettings(1, new ProcessPoolOptions()));
        var pending = new PendingResult<int>(PoolJobsTargets.Square(1));
        var work = new CallWork(pending, core.DefaultOptions, core.Heap);
        core.Life.Close();
        lock (core.Gate) Assert.That(core.Life.Refuses(work, isOperation: false), Is.True);
        Assert.ThrowsAsync<ObjectDisposedException>(() => pending.Task.WaitAsync(Guard));
        Assert.That(core.Life.WaitUntilEnded(Deadline.After(Guard)), Is.True);
    }

    [Test]
    [Platform("Linux", Reason = "Threads by their names.")]
    public async Task A_pool_whose_initializer_cannot_be_encoded_leaves_no_thread()
    {
        static bool HasThread() => Directory.GetDirectories("/proc/self/task").Any(static task => ReadName(task) == "Procgen pool Z9");
        static string ReadName(string task)
        {
            try
            {
                return File.ReadAllText(Path.Combine(task, "comm")).TrimEnd('\n');
            }
            catch (IOException)
            {
                return ""; // It has just ended.
            }
        }

        (Connection<int> mine, Connection<int> its) = ProcessPipe.Create<int>();
        using (mine)
        using (its)
        {
            var options = new ProcessPoolOptions { Name = "Z9", Initializer = PoolHandleJobsTargets.TouchWith(its, new Prickly()) };
            Assert.Throws<FormatException>(() => new ProcessPool(1, options));
            await Task.Delay(200); // A thread has no name before it runs.
            Assert.That(HasThread(), Is.False);
        }
    }

    [Test]
    public async Task Terminating_cancels_outstanding_calls()
    {
        await using var pool = new ProcessPool(2);
        Task[] calls = [.. Enumerable.Range(0, 10).Select(_ => pool.RunAsync(PoolJobsTargets.Spin()))];
        Task map = pool.MapAsync(Enumerable.Range(0, 100), PoolJobsTargets.Sleep);
        await TestWait.UntilAsync(() => pool.Workers.Any(static worker => worker.RunningTarget is not null));
        pool.Terminate();
        foreach (Task call in calls) Assert.CatchAsync<OperationCanceledException>(() => call.WaitAsync(Guard));
        Assert.CatchAsync<OperationCanceledException>(() => map.WaitAsync(Guard));
    }

    [Test]
    public async Task Disposing_returns_when_the_workers_are_dead()
    {
        var pool = new ProcessPool(2);
        int[] ids = [.. pool.Map(Enumerable.Range(0, 20), _ => PoolJobsTargets.IdHere()).Distinct()];
        pool.Dispose();
        pool.Dispose();
        Assert.That(ids.Where(static id => Directory.Exists($"/proc/{id}")), Is.Empty);
        await Task.CompletedTask;
    }

    [Test]
    public void The_shared_pool_cannot_be_disposed()
    {
        Assert.That(ProcessPool.Shared.Run(PoolJobsTargets.Square(5)), Is.EqualTo(25));
        Assert.Throws<InvalidOperationException>(() => ProcessPool.Shared.Dispose());
        Assert.Throws<InvalidOperationException>(() => ProcessPool.Shared.Terminate());
    }

    [Test]
    public async Task A_worker_killed_while_idle_is_replaced()
    {
        await using var pool = new ProcessPool(1);
        int id = await pool.RunAsync(PoolJobsTargets.IdHere()).WaitAsync(Guard);
        System.Diagnostics.Process.GetProcessById(id).Kill();
        await TestWait.UntilAsync(() => pool.GetStatistics().Restarts == 1);
        Assert.That(await pool.RunAsync(PoolJobsTargets.IdHere()).WaitAsync(Guard), Is.Not.EqualTo(id));
    }

    [Test]
    public async Task The_initializer_runs_first_on_every_worker_and_on_replacements()
    {
        await using var pool = new ProcessPool(2, new ProcessPoolOptions { Initializer = PoolJobsTargets.Remember("key", 42), Retries = 1 });
        await pool.StartAsync().WaitAsync(Guard);
        Assert.That(await pool.MapAsync(Enumerable.Range(0, 50), _ => PoolJobsTargets.Recall("key")).WaitAsync(Guard), Is.All.EqualTo(42));
        Assert.ThrowsAsync<WorkerCrashedException>(() => pool.RunAsync(PoolJobsTargets.Exit(1), new PoolRunOptions { Retries = 0 }).WaitAsync(Guard));
        Assert.That(await pool.MapAsync(Enumerable.Range(0, 50), _ => PoolJobsTargets.Recall("key")).WaitAsync(Guard), Is.All.EqualTo(42));
    }

    [Test]
    public async Task An_initializer_that_fails_ends_the_pool_with_its_exception()
    {
        await using var pool = new ProcessPool(2, new ProcessPoolOptions { Initializer = PoolJobsTargets.FailToBegin() });
        Task<int> call = pool.RunAsync(PoolJobsTargets.Square(1));
        Assert.ThrowsAsync<FormatException>(() => call.WaitAsync(Guard));
        Exception? later = Assert.CatchAsync(() => pool.RunAsync(PoolJobsTargets.Square(1)).WaitAsync(Guard));
        Assert.That(later!.InnerException, Is.InstanceOf<FormatException>());
    }

    [Test]
    public async Task An_initializer_that_fails_ends_a_map_in_whatever_form_with_its_exception()
    {
        int[] items = [.. Enumerable.Range(0, 100)];
        await AssertFailsAsync(async pool => await pool.MapAsync(items, PoolJobsTargets.Square));
        await AssertFailsAsync(async pool =>
        {
            await foreach (int _ in pool.MapStreamAsync(items, PoolJobsTargets.Square)) Assert.Fail("No worker can have run this.");
        });
        await AssertFailsAsync(async pool => await pool.MapOutcomesAsync(items, PoolJobsTargets.Square).ToArrayAsync());

        static async Task AssertFailsAsync(Func<ProcessPool, Task> map)
        {
            await using var pool = new ProcessPool(2, new ProcessPoolOptions { Initializer = PoolJobsTargets.FailToBegin() });
            Exception? error = Assert.CatchAsync(() => map(pool).WaitAsync(Guard));
            Assert.That(error is FormatException || error?.InnerException is FormatException, error?.ToString());
        }
    }

    [Test]
    public async Task Workers_that_die_in_an_initializer_that_has_worked_are_replaced()
    {
        using SharedValue<int> attempts = new(1);
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { Initializer = PoolJobsTargets.ExitUnlessThird(attempts) });
        await pool.StartAsync().WaitAsync(Guard);
        attempts.Value = -1;
        Process.GetProcessById(pool.Workers[0].Id).Kill();
        Assert.That(await pool.RunAsync(PoolJobsTargets.Square(3), new PoolRunOptions { Retries = 1 }).WaitAsync(Guard), Is.EqualTo(9));
        Assert.That(attempts.Value, Is.EqualTo(3));
    }

    [Test]
    public async Task Workers_that_die_together_are_one_misfortune()
    {
        const int Workers = 4; // As many as boot at a time at least.
        using SharedValue<int> attempts = new();
        await using var pool = new ProcessPool(Workers, new ProcessPoolOptions { Initializer = PoolJobsTargets.ExitUpTo(Workers, attempts) });
        await pool.StartAsync().WaitAsync(Guard);
        Assert.That(attempts.Value, Is.EqualTo(2 * Workers));
    }

    [Test]
    public async Task An_initializer_in_which_every_worker_dies_ends_the_pool()
    {
        using SharedValue<int> attempts = new(-1_000);
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { Initializer = PoolJobsTargets.ExitUnlessThird(attempts) });
        CrashOf(Assert.CatchAsync(() => pool.StartAsync().WaitAsync(Guard)));
        Assert.That(attempts.Value, Is.EqualTo(-997));
    }

    [Test]
    public async Task A_pool_whose_workers_do_not_come_to_a_call_ends_and_says_why()
    {
        await using var pool = new ProcessPool(1);
        Exception? error = Assert.CatchAsync(() => pool.RunAsync(DeadlyJobsTargets.Make()).WaitAsync(Guard));
        Assert.That(CrashOf(error).ExitCode, Is.EqualTo(7));
    }

    [Test]
    public async Task A_map_uses_all_workers_of_a_pool_that_has_grown([Values] bool isUnderWay)
    {
        const int Grown = 4;
        await using var pool = new ProcessPool(1);
        using var all = new ProcessBarrier(Grown);
        if (!isUnderWay) pool.Resize(Grown);
        Task map = pool.MapAsync(Enumerable.Range(0, Grown), _ => PoolHandleJobsTargets.Meet(all), new PoolMapOptions { ChunkSize = 1 });
        if (isUnderWay)
        {
            await TestWait.UntilAsync(() => all.WaitingCount == 1);
            pool.Resize(Grown);
        }

        await map.WaitAsync(Guard);
        Assert.That($"{pool}", Does.EndWith($", {Grown})"));
    }

    [Test]
    public async Task A_pool_whose_workers_do_not_come_up_ends_and_says_why()
    {
        await using var pool = new ProcessPool(2, new ProcessPoolOptions { Worker = new ProcessOptions { ExecutablePath = "/bin/false" } });
        WorkerCrashedException crash = CrashOf(Assert.CatchAsync(() => pool.RunAsync(PoolJobsTargets.Square(1)).WaitAsync(Guard)));
        Assert.That(crash.Message, Does.Contain("exited with code 1 before it connected"));
        ProcgenException? later = Assert.ThrowsAsync<ProcgenException>(() => pool.RunAsync(PoolJobsTargets.Square(1)).WaitAsync(Guard));
        Assert.That(later!.InnerException, Is.SameAs(crash));
    }

    [Test]
    public async Task Who_waits_for_all_workers_hears_that_the_pool_closes_or_wants_fewer()
    {
        await using var closed = new ProcessPool(2);
        Task start = closed.StartAsync();
        await closed.CloseAsync().WaitAsync(Guard);
        await Task.WhenAny(start).WaitAsync(Guard);

        await using var shrunk = new ProcessPool(2);
        await shrunk.StartAsync().WaitAsync(Guard);
        shrunk.Resize(64);
        Task more = shrunk.StartAsync();
        shrunk.Resize(2);
        await more.WaitAsync(Guard);
    }

    [Test]
    public async Task The_finalizer_runs_when_the_pool_is_closed()
    {
        string file = Path.GetTempFileName();
        await using (var pool = new ProcessPool(2, new ProcessPoolOptions { Finalizer = PoolJobsTargets.AppendLine(file, "bye") }))
        {
            await pool.StartAsync().WaitAsync(Guard);
            Assert.That(pool.Close(Guard), Is.True);
        }

        Assert.That(await File.ReadAllLinesAsync(file), Is.EqualTo(new[] { "bye", "bye" }));
        File.Delete(file);
    }

    [Test]
    public async Task A_call_on_each_worker_also_runs_on_later_ones()
    {
        await using var pool = new ProcessPool(2);
        await pool.RunOnEachAsync(PoolJobsTargets.Remember("key", 7)).WaitAsync(Guard);
        Assert.That(await pool.MapAsync(Enumerable.Range(0, 50), _ => PoolJobsTargets.Recall("key")).WaitAsync(Guard), Is.All.EqualTo(7));
        pool.Resize(3);
        await pool.StartAsync().WaitAsync(Guard);
        Assert.That(await pool.MapAsync(Enumerable.Range(0, 50), _ => PoolJobsTargets.Recall("key")).WaitAsync(Guard), Is.All.EqualTo(7));
    }

    [Test]
    public async Task A_pool_grows_and_shrinks()
    {
        await using var pool = new ProcessPool(1);
        await pool.StartAsync().WaitAsync(Guard);
        pool.Resize(3);
        await pool.StartAsync().WaitAsync(Guard);
        Assert.That(pool.Workers.Select(static worker => worker.Index), Is.EqualTo(new[] { 0, 1, 2 }));
        pool.Resize(1);
        await TestWait.UntilAsync(() => pool.Workers.Count == 1);
        Assert.That(await pool.RunAsync(PoolJobsTargets.Place()).WaitAsync(Guard), Does.EndWith("-Worker-1 0"));
    }

    [Test]
    public async Task A_worker_is_replaced_after_its_calls()
    {
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { MaxCallsPerWorker = 3 });
        int[] ids = await pool.MapAsync(Enumerable.Range(0, 12), _ => PoolJobsTargets.IdHere()).WaitAsync(Guard);

        // Fewer where the next worker was ready before this one had begun its last calls.
        Assert.That(ids.GroupBy(static id => id).Select(static group => group.Count()), Is.All.LessThanOrEqualTo(3).And.None.Zero);
    }

    [Test]
    public async Task A_worker_that_has_grown_is_replaced()
    {
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { MaxWorkerMemory = 200L << 20 });
        int first = await pool.RunAsync(PoolJobsTargets.Allocate(300)).WaitAsync(Guard);
        await TestWait.UntilAsync(() => pool.Run(PoolJobsTargets.IdHere()) != first);
        Assert.That(pool.GetStatistics().Restarts, Is.EqualTo(1));
    }

    [Test]
    public async Task An_elastic_pool_starts_workers_as_calls_wait_and_ends_idle_ones()
    {
        await using var pool = new ProcessPool(3, new ProcessPoolOptions { MinProcesses = 1, IdleTimeout = TimeSpan.FromMilliseconds(200) });
        await pool.RunAsync(PoolJobsTargets.Square(1)).WaitAsync(Guard);
        Assert.That(pool.Workers, Has.Count.EqualTo(1));
        Task all = Task.WhenAll(Enumerable.Range(0, 6).Select(_ => pool.RunAsync(PoolJobsTargets.Sleep(400))));
        await TestWait.UntilAsync(() => pool.Workers.Count == 3);
        await all.WaitAsync(Guard);
        await TestWait.UntilAsync(() => pool.Workers.Count == 1);
    }

    [Test]
    public async Task A_worker_that_is_used_up_ends_though_an_elastic_pool_needs_no_other()
    {
        // One at most: a worker that the system holds up would leave its second call to another, and neither would be used up.
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { MinProcesses = 0, MaxCallsPerWorker = 2 });
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < 2; i++) Assert.That(await pool.RunAsync(PoolJobsTargets.Square(i)).WaitAsync(Guard), Is.EqualTo(i));
            await TestWait.UntilAsync(() => pool.Workers.Count == 0);
        }
    }

    [Test]
    public async Task A_worker_that_is_used_up_has_no_successor_for_what_it_does_itself()
    {
        // It has both calls when the first one's answer comes.
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { MinProcesses = 0, MaxCallsPerWorker = 2 });
        Task first = pool.RunAsync(PoolJobsTargets.Square(1));
        Task second = pool.RunAsync(PoolJobsTargets.Sleep(300));
        await Task.WhenAll(first, second).WaitAsync(Guard);
        await TestWait.UntilAsync(() => pool.Workers.Count == 0);
        Assert.That(pool.GetStatistics().Restarts, Is.Zero);
    }

    [Test]
    public async Task What_is_taken_back_from_a_worker_that_has_grown_goes_to_a_successor_also_of_an_elastic_pool()
    {
        using var ended = new ProcessEvent();
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { MinProcesses = 0, MaxWorkerMemory = 200L << 20 });
        Task<int> grown = pool.RunAsync(PoolJobsTargets.Allocate(300));
        Task busy = pool.RunAsync(PoolHandleJobsTargets.WaitFor(ended));
        Task<int> behind = pool.RunAsync(PoolJobsTargets.Square(3));
        int first = await grown.WaitAsync(Guard);
        await TestWait.UntilAsync(() => pool.Workers.Any(worker => worker.Id != first));
        ended.Set();
        await busy.WaitAsync(Guard);
        Assert.That(await behind.WaitAsync(Guard), Is.EqualTo(9));
    }

    [Test]
    public async Task An_elastic_pool_starts_no_worker_for_what_it_may_not_accept_yet()
    {
        using var ended = new ProcessEvent();
        await using var pool = new ProcessPool(4, new ProcessPoolOptions { MinProcesses = 0, MaxPendingCalls = 1 });
        Task[] calls = [.. Enumerable.Range(0, 5).Select(_ => pool.RunAsync(PoolHandleJobsTargets.WaitFor(ended)))];
        await TestWait.UntilAsync(() => pool.GetStatistics().Running == 1);
        Assert.That(pool.Workers, Has.Count.EqualTo(1));
        ended.Set();
        await Task.WhenAll(calls).WaitAsync(Guard);
        Assert.That(pool.Workers, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_worker_that_is_used_up_ends_though_its_successor_died_and_is_not_needed_any_more()
    {
        using var opened = new ProcessEvent();
        using var ended = new ProcessEvent();
        opened.Set();
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { MinProcesses = 0, MaxCallsPerWorker = 2, Initializer = PoolHandleJobsTargets.WaitFor(opened) });
        int usedUp = await pool.RunAsync(PoolJobsTargets.IdHere()).WaitAsync(Guard);
        opened.Reset();
        Task first = pool.RunAsync(PoolHandleJobsTargets.WaitFor(ended));
        using var cancellation = new CancellationTokenSource();
        Task<int> second = pool.RunAsync(PoolJobsTargets.Square(2), cancellationToken: cancellation.Token);
        ended.Set();
        await first.WaitAsync(Guard);
        await TestWait.UntilAsync(() => pool.Workers.Count == 2); // The successor waits in its initializer.
        await cancellation.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => second.WaitAsync(Guard));
        Process.GetProcessById(pool.Workers.Single(worker => worker.Id != usedUp).Id).Kill();
        await TestWait.UntilAsync(() => pool.Workers.Count == 0);
        opened.Set();
        Assert.That(await pool.RunAsync(PoolJobsTargets.Square(3)).WaitAsync(Guard), Is.EqualTo(9));
    }

    [Test]
    public async Task Calls_of_an_elastic_pool_leave_nothing_behind_until_their_worker_is_idle()
    {
        await using var pool = new ProcessPool(2, new ProcessPoolOptions { MinProcesses = 1, IdleTimeout = TimeSpan.FromHours(1) });
        for (int i = 0; i < 500; i++) await pool.RunAsync(PoolJobsTargets.Square(i)).WaitAsync(Guard);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < 20_000; i++) await pool.RunAsync(PoolJobsTargets.Square(i)).WaitAsync(Guard);

        // A timer for each would take three million bytes.
        Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan(2_000_000));
    }

    [Test]
    public async Task No_more_calls_are_pending_than_allowed()
    {
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { MaxPendingCalls = 2 });
        int[] results = await Task.WhenAll(Enumerable.Range(0, 200).Select(x => pool.RunAsync(PoolJobsTargets.Square(x)))).WaitAsync(Guard);
        Assert.That(results, Is.EqualTo(Enumerable.Range(0, 200).Select(static x => x * x)));
        Assert.That(await pool.MapAsync(Enumerable.Range(0, 200), PoolJobsTargets.Square).WaitAsync(Guard), Is.EqualTo(results));
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void A_pool_needs_a_worker(int processes) => Assert.Throws<ArgumentOutOfRangeException>(() => new ProcessPool(processes));

    [Test]
    public void No_more_workers_always_are_than_there_may_be()
    {
        Assert.That(() => new ProcessPool(2, new ProcessPoolOptions { MinProcesses = 3 }), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("at most the number of processes, 2"));
        Assert.That(() => new ProcessPool(new ProcessPoolOptions { CancellationGrace = TimeSpan.FromSeconds(-2) }), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("zero, positive or infinite"));
    }

    [Test]
    public async Task Outcomes_and_statistics_can_be_read_in_a_log()
    {
        await using var pool = new ProcessPool(1);
        List<string> lines = [];
        await foreach (CallOutcome<int, int> outcome in pool.MapOutcomesAsync([3, 4], static x => PoolJobsTargets.SquareOrThrow(x, 4))) lines.Add($"{outcome}");
        await foreach (CallOutcome<int> outcome in pool.MapOutcomesAsync([5], PoolJobsTargets.Nothing)) lines.Add($"{outcome}");
        Assert.That(lines, Is.EqualTo(new[] { "[0] 3: 9", "[1] 4: FormatException: bad 4", "[0] 5: done" }));
        await TestWait.UntilAsync(() => pool.GetStatistics() is { Completed: 2, Failed: 1, Running: 0 });
        Assert.That($"{pool.GetStatistics()}", Does.StartWith("0 queued, 0 running, 2 completed, 1 failed, 0 retried, 0 restarts, "));
    }

    /// <summary>Whether it was heard while the pool lived, or was too late.</summary>
    private static WorkerCrashedException CrashOf(Exception? error)
    {
        error = error is ProcgenException { InnerException: { } inner } ? inner : error;
        Assert.That(error, Is.TypeOf<WorkerCrashedException>());
        return (WorkerCrashedException)error!;
    }

    private sealed class SlowToHear(ManualResetEventSlim mayHear) : IProgress<int>
    {
        public void Report(int value) => mayHear.Wait();
    }
}
