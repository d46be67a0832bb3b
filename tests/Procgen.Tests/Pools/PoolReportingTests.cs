using NUnit.Framework;
using Procgen.Tests.Processes;

namespace Procgen.Tests.Pools;

/// <summary>Callers' progresses that take their time, though the targets that report to them have ended.</summary>
[CancelAfter(120_000)]
public sealed class PoolReportingTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(1);

    /// <summary>What ends a call whose caller waits for its own progress.</summary>
    public enum End
    {
        Cancellation,
        Termination,
        Disposal,
    }

    [Test]
    public async Task A_call_ends_at_once_though_its_progress_is_still_at_what_was_reported([Values] End end)
    {
        using var cancellation = new CancellationTokenSource();
        using var held = new HeldProgress();
        await using var pool = new ProcessPool(1);
        Task<int> call = pool.RunAsync(PoolJobsTargets.ReportAll(2, held), cancellationToken: cancellation.Token);
        await TestWait.UntilAsync(() => held.IsEntered && pool.GetStatistics().Completed == 1);

        await EndAsync(pool, cancellation, end);

        Assert.That(Assert.CatchAsync<OperationCanceledException>(() => call.WaitAsync(Guard))!.CancellationToken.IsCancellationRequested, Is.True);
        held.Release();
        if (end == End.Cancellation) await pool.CloseAsync().WaitAsync(Guard);
        Assert.That(held.Heard, Is.EqualTo(new[] { 0 }));
    }

    [Test]
    public async Task So_does_a_map([Values] End end)
    {
        using var cancellation = new CancellationTokenSource();
        using var held = new HeldProgress();
        await using var pool = new ProcessPool(1);
        Task<int[]> map = pool.MapAsync(new[] { 2 }, count => PoolJobsTargets.ReportAll(count, held), cancellationToken: cancellation.Token);
        await TestWait.UntilAsync(() => held.IsEntered && pool.GetStatistics().Completed == 1);

        await EndAsync(pool, cancellation, end);

        Assert.CatchAsync<OperationCanceledException>(() => map.WaitAsync(Guard));
    }

    [Test]
    public async Task And_a_call_on_each_worker_with_its_pool()
    {
        using var held = new HeldProgress();
        await using var pool = new ProcessPool(1);
        Task each = pool.RunOnEachAsync(PoolJobsTargets.Report(2, held));
        await TestWait.UntilAsync(() => held.IsEntered);
        await pool.RunAsync(PoolJobsTargets.Square(3)).WaitAsync(Guard);

        pool.Terminate();

        Assert.CatchAsync<OperationCanceledException>(() => each.WaitAsync(Guard));
    }

    [Test]
    public async Task And_a_call_whose_worker_was_killed_meanwhile([Values] End end)
    {
        using var cancellation = new CancellationTokenSource();
        using var held = new HeldProgress();
        await using var pool = new ProcessPool(1);
        Task call = pool.RunAsync(PoolJobsTargets.ReportAllOrExit(7, 7, held), cancellationToken: cancellation.Token);
        await TestWait.UntilAsync(() => held.IsEntered && pool.GetStatistics().Failed == 1);

        await EndAsync(pool, cancellation, end);

        Assert.CatchAsync<OperationCanceledException>(() => call.WaitAsync(Guard));
    }

    [Test]
    public async Task Who_hears_a_report_may_run_another_call_that_reports_on_the_same_worker([Values(1, 4)] int depth)
    {
        await using var pool = new ProcessPool(1);
        List<int> heard = [];
        await pool.RunAsync(Nested(depth)).WaitAsync(Guard);
        Assert.That(heard, Has.Count.EqualTo(depth + 1));
        Assert.That(heard, Is.Ordered);

        ProcessCall Nested(int level) => PoolJobsTargets.Report(1, new Callback<int>(_ =>
        {
            if (level > 0) pool.Run(Nested(level - 1));
            heard.Add(level);
        }));
    }

    [Test]
    public async Task Who_is_held_up_by_a_report_holds_up_no_other_calls_reports()
    {
        using var held = new HeldProgress();
        await using var pool = new ProcessPool(1);
        Task<int> slow = pool.RunAsync(PoolJobsTargets.ReportAll(3, held));
        List<int> heard = [];

        await pool.RunAsync(PoolJobsTargets.Report(3, new Callback<int>(heard.Add))).WaitAsync(Guard);

        Assert.That(heard, Is.EqualTo(new[] { 0, 1, 2 }));
        Assert.That(slow.IsCompleted, Is.False);
        held.Release();
        Assert.That(await slow.WaitAsync(Guard), Is.EqualTo(3));
        Assert.That(held.Heard, Is.EqualTo(new[] { 0, 1, 2 }));
    }

    private static async Task EndAsync(ProcessPool pool, CancellationTokenSource cancellation, End end)
    {
        if (end == End.Cancellation) await cancellation.CancelAsync();
        else if (end == End.Termination) pool.Terminate();
        else await pool.DisposeAsync().AsTask().WaitAsync(Guard);
    }
}
