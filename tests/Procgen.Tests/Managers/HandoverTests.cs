using System.Net;
using NUnit.Framework;
using Procgen.Managers;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Managers;

/// <summary>Items on their way out of a server: each goes to one consumer, who has it, or is in the queue again.</summary>
public sealed class HandoverTests
{
    [TestCase((byte)ManagerOp.Take)]
    [TestCase((byte)ManagerOp.Lease)]
    public void An_item_whose_taker_goes_before_it_has_read_the_answer_is_in_the_queue_again(byte op)
    {
        using ProcessManager manager = ProcessManager.Start(new ProcessManagerOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0) });
        using ManagedValue<int> before = manager.CreateValue(0);
        using ProcessQueue<int> queue = manager.CreateQueue<int>();
        queue.Put(7);
        Connection first = manager.Client.Rent(); // The one that came with the server's start: the next is over TCP.
        using (Connection taker = manager.Client.Rent())
        using (ManagerRequest take = ManagerRequest.Create((ManagerOp)op, before.ObjectId + 1))
        {
            taker.SendBytes(take.Body.Span);
            Assert.That(taker.Poll(Guard), Is.True);
        }

        manager.Client.Return(first);
        Assert.That(queue.TryTake(out int item, Guard), Is.True);
        Assert.That(item, Is.EqualTo(7));
    }

    [Test]
    public void An_item_that_is_leased_stays_so_where_the_next_request_is_refused()
    {
        using ProcessManager manager = ProcessManager.Start(new ProcessManagerOptions { GCHeapHardLimit = 100 << 20 });
        using ManagedList<byte[]> list = manager.CreateList<byte[]>();
        using ProcessQueue<int> queue = manager.CreateQueue<int>();
        queue.Put(7);
        QueueLease<int> lease = queue.Lease();
        Assert.That(() => list.AddRange(Enumerable.Repeat(new byte[1 << 20], 120)), Throws.InstanceOf<OutOfMemoryException>());

        Assert.That(queue.TryTake(out _), Is.False);
        lease.Dispose();
        Assert.That(queue.Take(), Is.EqualTo(7));
    }
}
