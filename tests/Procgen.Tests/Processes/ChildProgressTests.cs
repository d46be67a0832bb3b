using NUnit.Framework;

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
}
