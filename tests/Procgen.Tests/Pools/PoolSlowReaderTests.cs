using NUnit.Framework;
using Procgen.Calls;
using Procgen.Tests.Processes;

namespace Procgen.Tests.Pools;

/// <summary>What has ended in a worker and is not known here, because who reads its results is kept by one of them.</summary>
[CancelAfter(120_000)]
[NonParallelizable]
public sealed class PoolSlowReaderTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    [TearDown]
    public void LetRead() => Held.MayBeRead.Set();

    [Test]
    public async Task A_cancelled_call_that_has_ended_does_not_cost_the_call_after_it()
    {
        TimeSpan grace = TimeSpan.FromSeconds(2);
        using var mayEnd = new ProcessEvent();
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { CancellationGrace = grace });
        await WarmUpAsync(pool);
        Held.MayBeRead.Reset();
        using var source = new CancellationTokenSource();
        Task held = pool.RunAsync(HeldJobsTargets.Make());
        Task cancelled = pool.RunAsync(PoolJobsTargets.WaitForCancellation(), cancellationToken: source.Token);
        Task after = pool.RunAsync(PoolHandleJobsTargets.WaitFor(mayEnd));
        await TestWait.UntilAsync(() => pool.Workers[0].RunningTarget == "PoolJobs.WaitForCancellation");
        await source.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => cancelled.WaitAsync(Guard));
        await TestWait.UntilAsync(() => pool.Workers[0].RunningTarget == "PoolHandleJobs.WaitFor");

        // What is due later runs later, on the same thread.
        var isOver = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Deadlines.Schedule(2 * grace, isOver.SetResult);
        await isOver.Task.WaitAsync(Guard);
        mayEnd.Set();
        Held.MayBeRead.Set();
        await Task.WhenAll(held, after).WaitAsync(Guard);
        Assert.That(pool.GetStatistics().Restarts, Is.Zero);
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "SIGKILL")]
    public async Task An_item_whose_result_waits_behind_what_another_thread_sends_ends_though_its_worker_is_killed()
    {
        using var isSecond = new ProcessEvent();
        using var mayEnd = new ProcessEvent();
        await using var pool = new ProcessPool(1);
        await WarmUpAsync(pool);
        int worker = pool.Workers[0].Id;
        Held.MayBeRead.Reset();
        Task held = pool.RunAsync(HeldJobsTargets.Make());
        var options = new PoolMapOptions { ChunkSize = 3 };
        Task<List<CallOutcome<int, int>>> map = Task.Run(() => CollectAsync(pool.MapOutcomesAsync(Enumerable.Range(0, 3), x => HeldJobsTargets.ReturnWhileReporting(x, isSecond, mayEnd, new Ignored()), options)));
        await TestWait.UntilAsync(() => pool.Workers[0].RunningTarget == "HeldJobs.ReturnWhileReporting");
        isSecond.Wait(TimeSpan.FromSeconds(2)); // Which must not begin before the first one's result is certain to arrive.
        Signals.Send(worker, Signals.Kill);
        mayEnd.Set();
        Held.MayBeRead.Set();
        await held.WaitAsync(Guard);
        List<CallOutcome<int, int>> outcomes = await map.WaitAsync(Guard);

        // The first, or the second where the first one's result was not behind the report after all.
        Assert.That(outcomes.Select(static outcome => outcome.Index), Is.EqualTo(new[] { 0, 1, 2 }));
        CallOutcome<int, int> lost = outcomes.Single(static outcome => !outcome.IsSuccess);
        Assert.That(lost.Exception, Is.InstanceOf<WorkerCrashedException>());
        Assert.That(lost.Index, Is.LessThan(2));
    }

    /// <summary>Until many items are sent to a worker at once, as it is known how short they are.</summary>
    private static async Task WarmUpAsync(ProcessPool pool)
    {
        for (int round = 0; round < 5; round++) await Task.WhenAll(Enumerable.Range(0, 200).Select(x => pool.RunAsync(PoolJobsTargets.Square(x)))).WaitAsync(Guard);
    }

    private static async Task<List<CallOutcome<int, int>>> CollectAsync(IAsyncEnumerable<CallOutcome<int, int>> outcomes)
    {
        List<CallOutcome<int, int>> all = [];
        await foreach (CallOutcome<int, int> outcome in outcomes) all.Add(outcome);
        return all;
    }

    private sealed class Ignored : IProgress<byte[]>
    {
        public void Report(byte[] value)
        {
        }
    }
}
