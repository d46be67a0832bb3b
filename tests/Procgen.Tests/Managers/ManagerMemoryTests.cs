using System.Net;
using NUnit.Framework;

namespace Procgen.Tests.Managers;

/// <summary>Requests for which the server has no memory: they fail, and it goes on for all others.</summary>
public sealed class ManagerMemoryTests
{
    private const long Limit = 100 << 20;

    private static byte[][] TooMuch => [.. Enumerable.Repeat(new byte[1 << 20], 120)];

    [Test]
    public void A_request_that_is_too_large_is_an_error_of_its_own()
    {
        using ProcessManager manager = ProcessManager.Start(new ProcessManagerOptions { GCHeapHardLimit = Limit });
        using ManagedList<byte[]> list = manager.CreateList<byte[]>();

        Assert.That(() => list.AddRange(TooMuch), Throws.InstanceOf<OutOfMemoryException>());
        list.Add([1]);
        Assert.That(list, Has.Count.EqualTo(1));
    }

    [Test]
    public void An_item_that_is_too_large_for_a_hosted_queue_is_an_error_of_its_own()
    {
        using ProcessManager manager = ProcessManager.Start(new ProcessManagerOptions { GCHeapHardLimit = Limit });
        using ProcessQueue<byte[][]> queue = manager.CreateQueue<byte[][]>();

        Assert.That(() => queue.Put(TooMuch), Throws.InstanceOf<OutOfMemoryException>());
        queue.Put([[1]]);
        Assert.That(queue.Take(), Is.EqualTo(new[] { new byte[] { 1 } }));
    }

    [Test]
    public void A_request_over_TCP_that_is_too_large_ends_its_connection_and_no_other()
    {
        using ProcessManager manager = ProcessManager.Start(new ProcessManagerOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0), GCHeapHardLimit = Limit });
        using ManagedList<byte[]> list = manager.CreateList<byte[]>();
        Connection pipe = manager.Client.Rent(); // The one that came with the server's start: the next is over TCP.

        Assert.That(() => list.AddRange(TooMuch), Throws.InstanceOf<ConnectionLostException>());
        manager.Client.Return(pipe);
        list.Add([1]);
        Assert.That(list, Has.Count.EqualTo(1));
    }
}
