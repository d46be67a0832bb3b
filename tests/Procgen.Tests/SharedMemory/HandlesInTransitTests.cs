using NUnit.Framework;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.SharedMemory;

public sealed class HandlesInTransitTests
{
    [Test]
    public void A_handle_in_a_queue_works_after_the_process_that_put_it_and_alone_held_it_has_ended()
    {
        using ProcessQueue<SharedArray<int>> queue = new();
        using ChildProcess child = ChildProcess.Start(MemoryJobsTargets.PutArray(queue, 100));
        Assert.That(child.Join(Guard), Is.True);

        Assert.That(queue.TryTake(out SharedArray<int>? array, Guard), Is.True);
        Assert.That(array, Is.All.EqualTo(7));
        array!.Dispose();
    }

    [Test]
    public void So_does_one_that_a_grandchild_put_whose_parent_has_ended_too()
    {
        using ProcessQueue<SharedArray<int>> queue = new();
        using ChildProcess child = ChildProcess.Start(MemoryJobsTargets.LetPutArray(queue, 100));
        Assert.That(child.Join(Guard), Is.True);

        Assert.That(queue.TryTake(out SharedArray<int>? array, Guard), Is.True);
        Assert.That(array, Is.All.EqualTo(7));
        array!.Dispose();
    }
}
