using NUnit.Framework;

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

    private static async Task EndAsync(ProcessPool pool, CancellationTokenSource cancellation, End end)
    {
        if (end == End.Cancellation) await cancellation.CancelAsync();
        else if (end == End.Termination) pool.Terminate();
        else await pool.DisposeAsync().AsTask().WaitAsync(Guard);
    }
}
