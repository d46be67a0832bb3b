using NUnit.Framework;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Managers;

/// <summary>The program of the seed article: four processes work off twelve items from a managed queue into a managed list.</summary>
public sealed class WorkOffTests
{
    [Test]
    public async Task Four_processes_work_off_twelve_items_from_a_queue_of_four()
    {
        const int Workers = 4;
        using ProcessManager manager = ProcessManager.Start();
        using ManagedList<int> results = manager.CreateList<int>();
        using ProcessQueue<int?> work = manager.CreateQueue<int?>(Workers);
        ChildProcess[] workers = [.. Enumerable.Range(0, Workers).Select(_ => ChildProcess.Start(ManagedJobsTargets.WorkOff(work, results)))];

        foreach (int item in Enumerable.Range(1, 12)) work.Put(item);
        for (int i = 0; i < Workers; i++) work.Put(null);
        await Task.WhenAll(workers.Select(worker => worker.Completion)).WaitAsync(Guard);
        foreach (ChildProcess worker in workers) worker.Dispose();

        Assert.That(results, Is.EquivalentTo(Enumerable.Range(1, 12).Select(item => item * item)));
        Assert.That(work.Count, Is.Zero);
    }
}
