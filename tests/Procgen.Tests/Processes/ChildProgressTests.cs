using NUnit.Framework;
using Procgen.Calls;
using Procgen.Processes;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Processes;

/// <summary>Callers' progresses that take their time, though the child that reports to them has ended.</summary>
[CancelAfter(120_000)]
public sealed class ChildProgressTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(1);

    [Test]
    public async Task A_call_can_be_cancelled_while_its_progress_is_still_at_what_was_reported([Values] StartMethod method)
    {
        using var cancellation = new CancellationTokenSource();
        using var held = new HeldProgress();
        using ChildProcess child = ChildProcess.Start(JobsTargets.Report(2, held), new ProcessOptions { StartMethod = method }, cancellation.Token);
        Assert.That(await child.WaitForExitAsync().WaitAsync(Guard), Is.Zero);

        await cancellation.CancelAsync();

        Assert.That(Assert.CatchAsync<OperationCanceledException>(() => child.Completion.WaitAsync(Guard))!.CancellationToken, Is.EqualTo(cancellation.Token));
        held.Release();
        Assert.That(held.Heard, Is.EqualTo(new[] { 0 }));
    }

    [Test]
    public async Task A_child_that_has_answered_is_not_killed_for_a_token_that_fires_while_its_progress_is_at_something()
    {
        using var grace = new TemporarySetting<TimeSpan>(ChildLife.CancellationGrace, TimeSpan.Zero, static value => ChildLife.CancellationGrace = value);
        using var cancellation = new CancellationTokenSource();
        using var held = new HeldProgress();
        using ProcessEvent gate = new();
        using ChildProcess child = ChildProcess.Start(LifeJobsTargets.ReportAndLeaveWaiterBehind(gate, held), cancellationToken: cancellation.Token);
        Await(() => child.Life.IsAnswered, "the answer");
        await cancellation.CancelAsync();
        Assert.That(() => child.Completion.WaitAsync(Guard), Throws.InstanceOf<OperationCanceledException>());
        var due = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Deadlines.Schedule(TimeSpan.FromMilliseconds(1), due.SetResult);
        await due.Task; // A kill would have come before.
        gate.Set();
        Assert.That(await child.WaitForExitAsync().WaitAsync(Guard), Is.Zero);
    }
}
