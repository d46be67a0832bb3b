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

    [TestCase(true)]
    [TestCase(false)]
    public void One_in_an_item_that_comes_back_from_a_lease_works_for_the_next(bool isKilled)
    {
        using ProcessQueue<SharedArray<int>> queue = new();
        using (SharedArray<int> made = new([7, 7])) queue.Put(made);
        if (isKilled)
        {
            using ProcessEvent leased = new();
            using ChildProcess child = ChildProcess.Start(MemoryJobsTargets.LeaseArrayAndHang(queue, leased));
            Assert.That(leased.Wait(Guard), Is.True);
            LookWhatHasArrived();
            child.Kill();
            child.Join(Guard);
        }
        else
        {
            using QueueLease<SharedArray<int>> lease = queue.Lease();
            LookWhatHasArrived();
            lease.Value.Dispose();
        }

        LookWhatHasArrived();
        using QueueLease<SharedArray<int>> taken = queue.Lease();
        taken.Complete();
        LookWhatHasArrived();
        using (taken.Value) Assert.That(taken.Value, Is.EqualTo(new[] { 7, 7 }));
    }

    [Test]
    public void A_pipe_end_in_such_an_item_does_too()
    {
        using ProcessQueue<Connection<int>> queue = new();
        (Connection<int> here, Connection<int> there) = ProcessPipe.Create<int>();
        using (here)
        {
            queue.Put(there);
            there.Dispose();
            using (QueueLease<Connection<int>> lease = queue.Lease()) lease.Value.Dispose();
            LookWhatHasArrived();
            using (Connection<int> taken = queue.Take())
            {
                taken.Send(7);
                Assert.That(here.Receive(), Is.EqualTo(7));
            }

            Assert.That(() => here.Receive(), Throws.TypeOf<EndOfStreamException>());
        }
    }

    [Test]
    public async Task One_in_an_item_that_nobody_has_read_outlives_a_call_that_was_given_the_same()
    {
        using ProcessQueue<SharedArray<int>> queue = new();
        using (SharedArray<int> made = new([7, 7]))
        {
            queue.Put(made);
            using ChildProcess<int> child = ChildProcess.Start(MemoryJobsTargets.LengthOf(made));
            Assert.That(await child.Completion, Is.EqualTo(2));
            LookWhatHasArrived();
        }

        LookWhatHasArrived();
        using SharedArray<int> taken = queue.Take();
        Assert.That(taken, Is.EqualTo(new[] { 7, 7 }));
    }

    [TestCase(StartMethod.Spawn)]
    [TestCase(StartMethod.InProcess)]
    public async Task What_a_pools_call_has_put_is_there_when_the_call_is_over_though_its_worker_is_killed(StartMethod method)
    {
        using ProcessQueue<SharedArray<int>> queue = new();
        await using (var pool = new ProcessPool(1, new ProcessPoolOptions { Worker = new ProcessOptions { StartMethod = method } }))
        {
            for (int i = 0; i < 2; i++) await pool.RunAsync(MemoryJobsTargets.PutArray(queue, 3));
        }

        for (int i = 0; i < 2; i++)
        {
            using SharedArray<int> taken = queue.Take();
            Assert.That(taken, Is.EqualTo(new[] { 7, 7, 7 }));
        }
    }

    [Test]
    public void Memory_that_was_sent_and_opened_goes_with_its_last_holder_though_nothing_else_is_sent()
    {
        using ProcessQueue<Procgen.SharedMemory> queue = new();
        using Procgen.SharedMemory made = Procgen.SharedMemory.Create(10);
        string name = made.Name;
        queue.Put(made);
        made.Dispose();
        queue.Take().Dispose();
        Await(() => !CanBeAttached(name), "the end of the memory");
    }

    [Test]
    public void Memory_that_was_left_to_this_process_goes_with_its_last_holder()
    {
        using ProcessQueue<Procgen.SharedMemory> queue = new();
        using (ChildProcess child = ChildProcess.Start(MemoryJobsTargets.PutMemory(queue))) Assert.That(child.Join(Guard), Is.True);

        string name;
        using (Procgen.SharedMemory taken = queue.Take()) name = taken.Name;
        Await(() => !CanBeAttached(name), "the end of the memory");
    }

    [Test]
    public void An_opening_counts_for_nobody_but_the_sender_of_the_handle()
    {
        using ProcessQueue<SharedArray<int>> first = new(), second = new(), own = new();
        using ProcessEvent look = new(), looked = new();
        using ChildProcess child = ChildProcess.Start(MemoryJobsTargets.PutArrayTwice(first, second, look, looked));
        using (SharedArray<int> made = first.Take()) own.Put(made);
        own.Take().Dispose();
        LookWhatHasArrived();
        look.Set();
        Assert.That(looked.Wait(Guard), Is.True);

        using SharedArray<int> taken = second.Take();
        Assert.That(taken, Is.EqualTo(new[] { 7, 7 }));
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

    /// <summary>As this process does every now and then.</summary>
    private static void LookWhatHasArrived() => _ = HandlesInTransit.IsSomethingToBeLeft;

    private static bool CanBeAttached(string name)
    {
        try
        {
            Procgen.SharedMemory.Attach(name).Dispose();
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
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
