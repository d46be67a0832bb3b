using NUnit.Framework;

namespace Procgen.Tests.Pools;

/// <summary>What the items of a map report to progresses of their callers.</summary>
[CancelAfter(120_000)]
public sealed class PoolMapProgressTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(1);

    [Test]
    public async Task Every_report_of_every_item_arrives_in_order_and_before_the_map_ends([Values(1, 7, 100)] int chunk, [Values] bool knownCount)
    {
        await using var pool = new ProcessPool(2);
        Listener[] listeners = [.. Enumerable.Range(0, 60).Select(static i => new Listener(i % 5))];
        IEnumerable<Listener> source = knownCount ? listeners : listeners.Where(static _ => true);
        int[] counts = await pool.MapAsync(source, static listener => PoolJobsTargets.ReportAll(listener.Count, listener), new PoolMapOptions { ChunkSize = chunk }).WaitAsync(Guard);
        Assert.That(counts, Is.EqualTo(listeners.Select(static listener => listener.Count)));
        foreach (Listener listener in listeners) Assert.That(listener.Heard, Is.EqualTo(Enumerable.Range(0, listener.Count)));
    }

    [Test]
    public async Task A_map_without_results_and_a_blocking_one_report_as_well()
    {
        await using var pool = new ProcessPool(1);
        Listener[] listeners = [.. Enumerable.Range(0, 10).Select(static _ => new Listener(3))];
        await pool.MapAsync(listeners, static listener => PoolJobsTargets.Report(listener.Count, listener)).WaitAsync(Guard);
        foreach (Listener listener in listeners) Assert.That(listener.Heard, Is.EqualTo(new[] { 0, 1, 2 }));
        await Task.Run(() => pool.Map(listeners, static listener => PoolJobsTargets.ReportAll(listener.Count, listener))).WaitAsync(Guard);
        foreach (Listener listener in listeners) Assert.That(listener.Heard, Is.EqualTo(new[] { 0, 1, 2, 0, 1, 2 }));
    }

    [Test]
    public async Task A_stream_yields_an_item_after_all_that_it_reported([Values] bool ordered)
    {
        await using var pool = new ProcessPool(2);
        Listener[] listeners = [.. Enumerable.Range(0, 60).Select(static i => new Listener(i % 5) { Id = i })];
        int seen = 0;
        await foreach (CallOutcome<Listener, int> outcome in pool.MapOutcomesAsync(listeners, static listener => PoolJobsTargets.ReportAll(listener.Count, listener), new PoolMapOptions { Ordered = ordered, ChunkSize = 6 }))
        {
            Assert.That(outcome.Item.Heard, Is.EqualTo(Enumerable.Range(0, outcome.Value)));
            seen++;
        }

        Assert.That(seen, Is.EqualTo(listeners.Length));
    }

    [Test]
    public async Task What_an_item_reports_when_it_is_run_again_comes_after_all_that_it_reported_before()
    {
        using var attempts = new SharedValue<int>();
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        List<int> heard = [];
        int inside = 0;
        var listener = new Slow(value =>
        {
            Assert.That(Interlocked.Increment(ref inside), Is.EqualTo(1), "two threads report to one progress");
            entered.Set();
            release.Wait(Guard);
            heard.Add(value);
            Interlocked.Decrement(ref inside);
        });
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { Retries = 1 });
        Task<int> call = pool.RunAsync(PoolJobsTargets.ReportAndExitOnce(attempts, listener));
        await TestWait.UntilAsync(() => entered.IsSet && pool.GetStatistics().Restarts == 1);
        Assert.That(await pool.RunAsync(PoolJobsTargets.Square(3)).WaitAsync(Guard), Is.EqualTo(9));
        Assert.That(attempts.Value, Is.EqualTo(1));
        release.Set();
        Assert.That(await call.WaitAsync(Guard), Is.EqualTo(2));
        Assert.That(heard, Is.EqualTo(new[] { 10, 11, 12, 20, 21, 22 }));
    }

    [Test]
    public async Task A_call_that_waits_to_be_run_again_ends_with_its_pool_though_its_reports_are_still_heard([Values] bool cancelled)
    {
        using var attempts = new SharedValue<int>();
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        using var cancellation = new CancellationTokenSource();
        var listener = new Slow(_ =>
        {
            entered.Set();
            release.Wait(Guard);
        });
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { Retries = 1 });
        Task<int> call = pool.RunAsync(PoolJobsTargets.ReportAndExitOnce(attempts, listener), cancellationToken: cancellation.Token);
        await TestWait.UntilAsync(() => entered.IsSet && pool.GetStatistics().Restarts == 1);
        if (cancelled) await cancellation.CancelAsync();
        else pool.Terminate();
        Assert.CatchAsync<OperationCanceledException>(() => call.WaitAsync(Guard));
        if (cancelled) await pool.CloseAsync().WaitAsync(Guard);
        release.Set();
        Assert.That(attempts.Value, Is.EqualTo(1));
    }

    [Test]
    public async Task A_progress_that_throws_costs_its_item()
    {
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { CancellationGrace = Guard });
        int before = await pool.RunAsync(PoolJobsTargets.IdHere()).WaitAsync(Guard);
        Listener[] listeners = [.. Enumerable.Range(0, 20).Select(static i => new Listener(4) { Id = i, RefusesFrom = i == 7 ? 2 : int.MaxValue })];
        var failed = new List<long>();
        await foreach (CallOutcome<Listener, int> outcome in pool.MapOutcomesAsync(listeners, static listener => PoolJobsTargets.ReportAll(listener.Count, listener), new PoolMapOptions { ChunkSize = 5 }))
        {
            if (outcome.IsSuccess) continue;
            failed.Add(outcome.Index);
            Assert.That(outcome.Exception, Is.TypeOf<FormatException>());
        }

        Assert.That(failed, Is.EqualTo(new[] { 7L }));
        Assert.That(listeners[7].Heard, Is.EqualTo(new[] { 0, 1 }));
        Assert.That(await pool.RunAsync(PoolJobsTargets.IdHere()).WaitAsync(Guard), Is.EqualTo(before));
    }

    [Test]
    public async Task An_item_that_reports_and_kills_its_worker_fails_after_its_reports_and_the_others_end()
    {
        await using var pool = new ProcessPool(2);
        Listener[] listeners = [.. Enumerable.Range(0, 20).Select(static i => new Listener(3) { Id = i })];
        await foreach (CallOutcome<Listener, int> outcome in pool.MapOutcomesAsync(listeners, static listener => PoolJobsTargets.ReportAllOrExit(listener.Id, 7, listener), new PoolMapOptions { ChunkSize = 5 }))
        {
            Assert.That(outcome.Item.Heard, Is.EqualTo(new[] { 0, 1, 2 }));
            Assert.That(outcome.Exception is WorkerCrashedException, Is.EqualTo(outcome.Index == 7));
        }
    }

    /// <summary>Takes its time, so that who does not wait for it is found out.</summary>
    private sealed class Listener(int count) : IProgress<int>
    {
        public int Count => count;

        public int Id { get; init; }

        public int RefusesFrom { get; init; } = int.MaxValue;

        public List<int> Heard { get; } = [];

        public void Report(int value)
        {
            Thread.Sleep(1);
            if (value >= RefusesFrom) throw new FormatException("not this one");
            lock (Heard) Heard.Add(value);
        }
    }

    private sealed class Slow(Action<int> hear) : IProgress<int>
    {
        public void Report(int value) => hear(value);
    }
}
