using NUnit.Framework;
using Procgen.Queues;

namespace Procgen.Tests.Queues;

[CancelAfter(60_000)]
public class LeaseTests
{
    [Test]
    public void A_completed_lease_is_gone_and_counts_as_done()
    {
        using QueueFixture<string> fixture = new();
        fixture.Queue.Put("a");
        using (QueueLease<string> lease = fixture.OpenAgain().Lease())
        {
            Assert.That(lease.Value, Is.EqualTo("a"));
            Assert.That(fixture.Queue.Count, Is.Zero);
            Assert.That(fixture.Queue.Join(TimeSpan.Zero), Is.False);
            lease.Complete();
            Assert.That(() => lease.Complete(), Throws.InvalidOperationException);
        }

        Assert.That(fixture.Queue.Count, Is.Zero);
        Assert.That(fixture.Queue.Join(TimeSpan.Zero), Is.True);
    }

    [TestCase(10)]
    [TestCase(1_000)]
    [TestCase(100_000)]
    public void A_disposed_lease_puts_its_item_back_to_the_front(int length)
    {
        using QueueFixture<byte[]> fixture = new();
        ProcessQueue<byte[]> other = fixture.OpenAgain();
        for (byte i = 0; i < 4; i++)
        {
            byte[] item = new byte[length];
            Array.Fill(item, i);
            fixture.Queue.Put(item);
        }

        QueueLease<byte[]> first = other.Lease();
        QueueLease<byte[]> second = other.Lease();
        second.Dispose();
        first.Dispose();
        Assert.That(fixture.Queue.Count, Is.EqualTo(4));
        for (byte i = 0; i < 4; i++)
        {
            byte[] item = fixture.Queue.Take();
            Assert.That(item, Has.Length.EqualTo(length));
            Assert.That(item.All(value => value == i), Is.True);
        }
    }

    [Test]
    public void A_returned_item_can_be_leased_again()
    {
        using QueueFixture<int> fixture = new();
        fixture.Queue.Put(1);
        for (int i = 0; i < 100; i++)
        {
            using QueueLease<int> lease = fixture.Queue.Lease();
            Assert.That(lease.Value, Is.EqualTo(1));
            if (i == 99) lease.Complete();
        }

        Assert.That(fixture.Queue.TryLease(out _), Is.False);
        Assert.That(fixture.Queue.Join(TimeSpan.Zero), Is.True);
    }

    [Test]
    public void A_lease_outlives_the_handle_that_it_came_from()
    {
        using QueueFixture<int> fixture = new();
        fixture.Queue.Put(1);
        fixture.Queue.Put(2);
        ProcessQueue<int> other = fixture.OpenAgain();
        QueueLease<int> done = other.Lease();
        QueueLease<int> back = other.Lease();
        other.Dispose();
        done.Complete();
        back.Dispose();
        Assert.That(fixture.Queue.Take(), Is.EqualTo(2));
    }

    [Test]
    public async Task Completion_waits_for_outstanding_leases()
    {
        using QueueFixture<int> fixture = new();
        fixture.Queue.Put(1);
        fixture.Queue.Put(2);
        ProcessQueue<int> other = fixture.OpenAgain();
        QueueLease<int> back = other.Lease();
        QueueLease<int> done = other.Lease();
        fixture.Queue.CompleteAdding();
        Assert.That(fixture.Queue.IsCompleted, Is.False);
        Task<List<int>> reader = Task.Factory.StartNew(() => fixture.Queue.ReadAll().ToList(), TaskCreationOptions.LongRunning);
        Assert.That(fixture.Queue.TryTake(out _, TimeSpan.FromMilliseconds(20)), Is.False);
        back.Dispose();
        done.Complete();
        Assert.That(await reader, Is.EqualTo(new[] { 1 }));
        Assert.That(fixture.Queue.IsCompleted, Is.True);
    }

    [Test]
    public void The_items_of_a_dead_lessee_come_back()
    {
        using QueueFixture<int> fixture = new();
        for (int i = 0; i < 2; i++) fixture.Queue.Put(i);
        fixture.Queue.Lease();
        fixture.Queue.Lease();
        DeadProcess.GiveLeasesTo((SharedQueueState)fixture.Queue.State, DeadProcess.Token);
        Assert.That(fixture.OpenAgain().TakeSome(2), Is.EqualTo(new[] { 0, 1 }));
    }

    [Test]
    public async Task Those_who_wait_get_the_items_of_a_dead_lessee()
    {
        using QueueFixture<int> fixture = new();
        fixture.Queue.Put(5);
        fixture.Queue.Lease();
        Task<int> taker = fixture.OpenAgain().TakeAsync().AsTask();
        DeadProcess.GiveLeasesTo((SharedQueueState)fixture.Queue.State, DeadProcess.Token);
        Assert.That(await taker, Is.EqualTo(5));
    }

    [Test]
    public void Many_leases_can_be_outstanding()
    {
        using QueueFixture<int> fixture = new();
        for (int i = 0; i < 5_000; i++) fixture.Queue.Put(i);
        List<QueueLease<int>> leases = [];
        for (int i = 0; i < 5_000; i++) leases.Add(fixture.Queue.Lease());
        Assert.That(leases.Select(lease => lease.Value), Is.EqualTo(Enumerable.Range(0, 5_000)));
        leases.ForEach(lease => lease.Complete());
        Assert.That(fixture.Queue.Join(TimeSpan.Zero), Is.True);
    }
}
