using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using Procgen.Managers;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Managers;

/// <summary>How long managed objects live, and who reaches them: across processes, connections and deaths.</summary>
public class ManagedObjectLifeTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Test]
    public async Task Processes_share_an_object()
    {
        using ProcessManager manager = ProcessManager.Start();
        using CounterProxy counter = manager.CreateCounter();
        ChildProcess<int>[] children = [.. Enumerable.Range(0, 3).Select(_ => ChildProcess.Start(ManagedObjectJobsTargets.AddMany(counter, 200)))];
        int[] servers = await Task.WhenAll(children.Select(child => child.Completion));
        foreach (ChildProcess<int> child in children) child.Dispose();
        Assert.That(counter.Value, Is.EqualTo(600));
        Assert.That(servers, Is.All.EqualTo(counter.ProcessId));
    }

    [Test]
    public async Task Proxies_travel_in_arguments_results_and_collections()
    {
        using ProcessManager manager = ProcessManager.Start();
        using CounterProxy first = manager.CreateCounter(1);
        using CounterProxy second = manager.CreateCounter(2);
        using (ChildProcess<int[]> child = ChildProcess.Start(ManagedObjectJobsTargets.AddToAll([first, second])))
            Assert.That(await child.Completion, Is.EqualTo(new[] { 11, 12 }));
        using (ChildProcess<CounterProxy> child = ChildProcess.Start(ManagedObjectJobsTargets.Same(first)))
        {
            using CounterProxy same = await child.Completion;
            Assert.That(same.IsSameObject(first), Is.True);
        }

        using ManagedDictionary<string, CounterProxy> nested = manager.CreateDictionary<string, CounterProxy>();
        nested["a"] = second;
        second.Dispose();
        using CounterProxy found = nested["a"];
        Assert.That(found.Add(1), Is.EqualTo(13));

        using ManagedList<int> list = manager.CreateList<int>();
        first.Append(list);
        Assert.That(list, Is.EqualTo(new[] { 11 }));
    }

    [Test]
    public async Task An_object_is_disposed_in_the_server_when_its_last_proxy_is_gone()
    {
        string file = Path.GetTempFileName();
        try
        {
            using ProcessManager manager = ProcessManager.Start();
            LedgerProxy ledger = manager.CreateLedger(file);
            ledger.Write("one");
            ledger.Dispose();
            await ManagedEventTests.UntilAsync(() => File.ReadAllText(file) == "one\ndisposed\n");
            Assert.That(manager.ObjectCount, Is.Zero);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_proxy_put_into_a_hosted_queue_is_the_servers_to_keep_alive(bool waits)
    {
        using ProcessManager manager = ProcessManager.Start();
        ProcessQueue<CounterProxy> queue = manager.CreateQueue<CounterProxy>();
        CounterProxy counter = manager.CreateCounter(1);
        if (waits) await queue.PutAsync(counter);
        else queue.Put(counter);
        counter.Dispose();
        using (CounterProxy taken = queue.Take()) Assert.That(taken.Add(1), Is.EqualTo(2));
        queue.Dispose();

        Assert.That(manager.Client.Held.IsEmpty, Is.True);
    }

    [Test]
    public void A_proxy_on_its_way_is_let_go_of_without_another_being_sent()
    {
        using ProcessManager manager = ProcessManager.Start();
        ManagedList<int> list = manager.CreateList<int>();
        var lease = new ProxyLease(list.Client, list.ObjectId);
        list.Dispose();
        Assert.That(manager.ObjectCount, Is.EqualTo(1));

        lease.BeginTransit(TimeSpan.Zero);

        Await(() => manager.ObjectCount == 0, "the end of what nobody has taken");
        Assert.That(lease.IsAttached, Is.True);
    }

    [Test]
    public void What_is_left_is_disposed_when_the_server_ends()
    {
        string file = Path.GetTempFileName();
        try
        {
            ProcessManager manager = ProcessManager.Start();
            LedgerProxy ledger = manager.CreateLedger(file);
            ledger.Write("one");
            manager.Dispose();
            Assert.That(File.ReadAllText(file), Is.EqualTo("one\ndisposed\n"));
            Assert.That(() => ledger.Write("late"), Throws.InstanceOf<ObjectDisposedException>().Or.InstanceOf<ConnectionLostException>());
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public async Task Ten_thousand_objects_whose_proxies_are_dropped_are_gone()
    {
        using ProcessManager manager = ProcessManager.Start();
        CounterProxy[] counters = [.. Enumerable.Range(0, 10_000).Select(i => manager.CreateCounter(i))];
        Assert.That(manager.ObjectCount, Is.EqualTo(10_000));
        Assert.That(counters.Select(counter => counter.Value), Is.EqualTo(Enumerable.Range(0, 10_000)));
        for (int i = 0; i < 5_000; i++) counters[i].Dispose();
        counters = [];
        await ManagedEventTests.UntilAsync(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return manager.ObjectCount == 0;
        });
    }

    [Test]
    public async Task A_crash_of_the_server_ends_every_call_and_stream()
    {
        using ProcessManager manager = ProcessManager.Start();
        using WaiterProxy waiter = manager.CreateWaiter();
        using CounterProxy counter = manager.CreateCounter();
        Task[] waiting = [.. Enumerable.Range(0, 4).Select(_ => waiter.UntilCancelledAsync())];
        await using IAsyncEnumerator<int> changes = counter.Changed.GetAsyncEnumerator();
        Task<bool> next = changes.MoveNextAsync().AsTask();
        Assert.That(() => counter.EndProcess(3), Throws.TypeOf<ConnectionLostException>());
        foreach (Task call in waiting.Append(next)) Assert.That(async () => await call.WaitAsync(Limit), Throws.TypeOf<ConnectionLostException>());
        Assert.That(() => counter.Add(1), Throws.TypeOf<ConnectionLostException>());
    }

    [Test]
    public async Task A_killed_caller_ends_its_call_in_the_server()
    {
        using ProcessManager manager = ProcessManager.Start();
        using WaiterProxy waiter = manager.CreateWaiter();
        var started = new TaskCompletionSource();
        using ChildProcess child = ChildProcess.Start(ManagedObjectJobsTargets.WaitForever(waiter, new ManagedEventTests.Direct<bool>(_ => started.TrySetResult())));
        await started.Task.WaitAsync(Limit);
        Task cancelled = waiter.UntilCancelledAsync();
        child.Kill();
        await cancelled.WaitAsync(Limit);
    }

    [Test]
    public async Task A_published_object_is_found_over_a_socket_and_over_TCP()
    {
        byte[] key = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];
        string path = Path.Combine(Path.GetTempPath(), $"procgen-{Guid.NewGuid():n}.sock");
        using (ProcessManager manager = ProcessManager.Start(new ProcessManagerOptions { EndPoint = new UnixDomainSocketEndPoint(path), AuthKey = key }))
        using (CounterProxy counter = manager.CreateCounter())
        {
            manager.Publish("counter", counter);
            using ChildProcess<int> child = ChildProcess.Start(ManagedObjectJobsTargets.ConnectAndAdd(path, key));
            Assert.That(await child.Completion, Is.EqualTo(5));
            Assert.That(counter.Value, Is.EqualTo(5));
        }

        using (ProcessManager manager = ProcessManager.Start(new ProcessManagerOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0), AuthKey = key }))
        using (CounterProxy counter = manager.CreateCounter())
        {
            manager.Publish("counter", counter);
            using ChildProcess<int> child = ChildProcess.Start(ManagedObjectJobsTargets.ConnectOverTcpAndAdd(((IPEndPoint)manager.Address).Port, key));
            Assert.That(await child.Completion, Is.EqualTo(106));
            Assert.That(() => manager.Find<WaiterProxy>("counter"), Throws.TypeOf<InvalidCastException>());
        }
    }
}
