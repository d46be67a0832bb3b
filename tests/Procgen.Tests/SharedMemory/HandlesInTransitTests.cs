using NUnit.Framework;
using Procgen.Serialization;
using Procgen.Shared;
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

    [Test]
    public void One_that_was_put_twice_is_kept_until_both_were_taken()
    {
        using ProcessQueue<SharedArray<int>> queue = new();
        using (SharedArray<int> made = new(10))
        {
            made.Span.Fill(7);
            queue.Put(made);
            queue.Put(made);
        }

        queue.Take().Dispose();

        // Whoever puts another one looks which have arrived.
        using (SharedArray<int> other = new(1)) queue.Put(other);
        using (SharedArray<int> second = queue.Take()) Assert.That(second, Is.All.EqualTo(7));
        using SharedArray<int> third = queue.Take();
        Assert.That(third, Is.All.Zero);
    }

    [Test]
    public void One_whose_only_holder_was_killed_on_its_way_is_a_clear_error_and_the_queue_goes_on()
    {
        using ProcessQueue<SharedArray<int>> queue = new();
        using (ChildProcess child = ChildProcess.Start(MemoryJobsTargets.PutArrayAndHang(queue)))
        {
            Await(() => queue.Count == 1, "the item");
            child.Kill();
            child.Join(Guard);
        }

        Assert.That(() => queue.Take(), Throws.TypeOf<ConnectionLostException>());
        using SharedArray<int> next = new(1);
        queue.Put(next);
        using SharedArray<int> taken = queue.Take();
        Assert.That(taken, Has.Length.EqualTo(1));
    }

    [Test]
    public void Leases_are_told_once_their_message_has_gone_out()
    {
        var lease = new SentLease();
        var scope = new HandleScope();
        scope.Add(lease);
        HandlesInTransit.Keep(scope);

        Assert.That(lease.IsAttached, Is.True);
    }

    /// <summary>Arrives as soon as it is sent, so that nobody keeps it.</summary>
    private sealed class SentLease : HandleLease
    {
        private bool _isSent;

        public override bool IsAttached => _isSent;

        public override void BeginTransit() => _isSent = true;

        public override bool WaitUntilAttached(TimeSpan timeout) => _isSent;

        public override void Dispose()
        {
        }
    }
}
