using NUnit.Framework;
using Procgen.Queues;

namespace Procgen.Tests.Queues;

public class QueueTortureTests
{
    [Test]
    [CancelAfter(1_800_000)]
    public void A_queue_survives_whatever_is_killed()
    {
        using ProcessQueue<TortureItem> queue = new();
        using Torture torture = new(job => TortureJobsTargets.UseQueue(queue, job.Path, job.Processes, job.Number, job.Ready));
        SharedQueueState state = (SharedQueueState)queue.State;
        uint pages = 0;
        torture.Run(halfway: () => pages = state.PagesUsed);
        torture.JoinCrew();

        // All leases have come back, or this would not end.
        queue.CompleteAdding();
        foreach (TortureItem item in queue.ReadAll()) torture.Ledger.Note(item.Id);
        torture.AssertNoFaults();
        Assert.That(state.Log.Head.Leased, Is.Zero);
        TestContext.Out.WriteLine($"pages: {pages} halfway, {state.PagesUsed} at the end");
        Assert.That(state.PagesUsed, Is.LessThan((pages * 2) + 256));
    }
}
