using System.Net;
using NUnit.Framework;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Managers;

/// <summary>
/// What the tests of Python's managers check: containers and how they nest, each type that a manager makes changed by a child,
/// a remote manager whose queue carries values from one client to another.
/// </summary>
public sealed class PythonScenarioTests : ManagerTests
{
    [Test]
    public void A_list_is_sliced_extended_repeated_and_compared()
    {
        using ManagedList<int> a = Manager.CreateList(Enumerable.Range(0, 10));
        Assert.That(a.ToArray(), Is.EqualTo(Enumerable.Range(0, 10)));
        using ManagedList<int> b = Manager.CreateList<int>();
        Assert.That(b.ToArray(), Is.Empty);
        b.AddRange(Enumerable.Range(0, 5));
        Assert.That(b.ToArray(), Is.EqualTo(Enumerable.Range(0, 5)));
        Assert.That(b[2], Is.EqualTo(2));
        Assert.That(b.GetRange(2, 3), Is.EqualTo(new[] { 2, 3, 4 }));
        b.AddRange(b);
        Assert.That(b.ToArray(), Is.EqualTo(new[] { 0, 1, 2, 3, 4, 0, 1, 2, 3, 4 }));
        Assert.That(b.Concat([5, 6]), Is.EqualTo(new[] { 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 5, 6 }));
        List<int> seen = [];
        foreach (int item in a) seen.Add(item);
        Assert.That(seen, Is.EqualTo(a.ToArray()));
    }

    [Test]
    public void A_list_of_lists_holds_them_and_not_copies()
    {
        using ManagedList<int> a = Manager.CreateList(Enumerable.Range(0, 3));
        using ManagedList<int> b = Manager.CreateList(Enumerable.Range(10, 3));
        using ManagedList<ManagedList<int>> outer = Manager.CreateList<ManagedList<int>>([a, b]);
        a.Add(3);
        Assert.That(outer[0].ToArray(), Is.EqualTo(new[] { 0, 1, 2, 3 }));
        outer[1].Add(13);
        Assert.That(b.ToArray(), Is.EqualTo(new[] { 10, 11, 12, 13 }));
        Assert.That(outer[0].IsSameObject(a), Is.True);
        outer.RemoveAt(0);
        Assert.That(a.Count, Is.EqualTo(4));
        Assert.That(outer.Count, Is.EqualTo(1));
    }

    [Test]
    public void A_list_that_only_another_list_holds_lives_until_it_is_taken_out()
    {
        using ProcessManager manager = ProcessManager.Start();
        using ManagedList<ManagedList<string>> outer = manager.CreateList<ManagedList<string>>();
        using (ManagedList<string> inner = manager.CreateList(["kept"])) outer.Add(inner);
        Await(() => outer[0].Single() == "kept", "the inner list");
        Assert.That(manager.ObjectCount, Is.EqualTo(2));
        outer.Clear();
        Await(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return manager.ObjectCount == 1;
            },
            "the end of the inner list");
    }

    [Test]
    public void A_dictionary_is_filled_copied_and_enumerated()
    {
        using ManagedDictionary<int, char> d = Manager.CreateDictionary<int, char>();
        int[] indices = [.. Enumerable.Range(65, 5)];
        foreach (int i in indices) d[i] = (char)i;
        Assert.That(new Dictionary<int, char>(d), Is.EquivalentTo(indices.ToDictionary(i => i, i => (char)i)));
        Assert.That(d.Keys, Is.EquivalentTo(indices));
        Assert.That(d.Values, Is.EquivalentTo(indices.Select(i => (char)i)));
        Assert.That(d.Select(item => item.Key), Is.EquivalentTo(indices));
    }

    [Test]
    public void Dictionaries_nest_and_a_change_inside_is_seen_outside()
    {
        using ManagedDictionary<string, int> pets = Manager.CreateDictionary<string, int>([new("ferrets", 2), new("hamsters", 4)]);
        using ManagedDictionary<string, int> water = Manager.CreateDictionary<string, int>([new("water", 10)]);
        using ManagedDictionary<string, ManagedDictionary<string, int>> all = Manager.CreateDictionary<string, ManagedDictionary<string, int>>([new("pets", pets), new("supplies", water)]);
        Assert.That(all["supplies"]["water"], Is.EqualTo(10));
        all["pets"]["blanket"] = 5;
        Assert.That(pets["blanket"], Is.EqualTo(5));
        all["supplies"]["water"] = 7;
        Assert.That(water["water"], Is.EqualTo(7));
    }

    [Test]
    public void An_enumeration_is_of_what_there_was_when_it_began()
    {
        using ManagedList<int> a = Manager.CreateList(Enumerable.Range(0, 10));
        using IEnumerator<int> items = a.GetEnumerator();
        a[0] = 100;
        Assert.That(items.MoveNext(), Is.True);
        Assert.That(items.Current, Is.Zero);
        Assert.That(a[0], Is.EqualTo(100));
        using ManagedDictionary<int, int> d = Manager.CreateDictionary<int, int>([new(65, 1), new(66, 2)]);
        using IEnumerator<KeyValuePair<int, int>> pairs = d.GetEnumerator();
        d.Clear();
        Assert.That(pairs.MoveNext() && pairs.MoveNext(), Is.True);
        Assert.That(pairs.MoveNext(), Is.False);
    }

    [Test]
    public void Each_inner_list_changes_by_itself_and_a_list_may_hold_itself()
    {
        using ManagedList<ManagedList<int>> a = Manager.CreateList(Enumerable.Range(0, 3).Select(_ => Manager.CreateList(Enumerable.Range(0, 3))).ToArray());
        a[0][2] = 55;
        Assert.That(a[0], Is.EqualTo(new[] { 0, 1, 55 }));
        Assert.That(a.Skip(1), Is.All.EqualTo(new[] { 0, 1, 2 }));
        Assert.That(a[1].Pop(), Is.EqualTo(2));
        Assert.That(a.Select(inner => inner.Count), Is.EqualTo(new[] { 3, 2, 3 }));

        using ManagedList<Link> ring = Manager.CreateList<Link>();
        ring.Add(new Link(ring));
        Assert.That(ring[0].Next![0].Next!.IsSameObject(ring), Is.True);
    }

    [Test]
    public void Inner_dictionaries_live_on_by_whoever_still_has_them()
    {
        using ProcessManager manager = ProcessManager.Start();
        using ManagedDictionary<string, ManagedDictionary<string, int>> d = manager.CreateDictionary<string, ManagedDictionary<string, int>>();
        using (ManagedDictionary<string, int> made = manager.CreateDictionary<string, int>([new("ferrets", 2), new("hamsters", 4)])) d["pets"] = made;
        using (ManagedDictionary<string, int> made = manager.CreateDictionary<string, int>([new("water", 10), new("feed", 3)])) d["supplies"] = made;
        Assert.That(d["pets"]["ferrets"], Is.EqualTo(2));
        d["supplies"]["blankets"] = 11;
        ManagedDictionary<string, int> pets = d["pets"];
        ManagedDictionary<string, int> supplies = d["supplies"];
        Assert.That(supplies["blankets"], Is.EqualTo(11));
        d.Clear();
        Assert.That(d.Count, Is.Zero);
        Assert.That(supplies["water"], Is.EqualTo(10));
        Assert.That(pets["hamsters"], Is.EqualTo(4));

        using ManagedList<ManagedDictionary<string, int>> l = manager.CreateList([pets, supplies]);
        l[0]["marmots"] = 1;
        Assert.That(pets["marmots"], Is.EqualTo(1));
        pets.Dispose();
        supplies.Dispose();
        Assert.That(l[0]["marmots"], Is.EqualTo(1));
        using ManagedList<ManagedList<ManagedDictionary<string, int>>> outer = manager.CreateList([l]);
        Assert.That(outer[0][1]["feed"], Is.EqualTo(3));
    }

    [Test]
    public void A_queue_may_be_in_a_list_or_a_dictionary()
    {
        using ManagedList<ProcessQueue<int>> a = Manager.CreateList<ProcessQueue<int>>();
        using (ProcessQueue<int> made = Manager.CreateQueue<int>()) a.Add(made);
        a[0].Put(123);
        Assert.That(a[0].Take(), Is.EqualTo(123));
        using ManagedDictionary<int, ProcessQueue<int>> b = Manager.CreateDictionary<int, ProcessQueue<int>>();
        using (ProcessQueue<int> made = Manager.CreateQueue<int>()) b[0] = made;
        b[0].Put(456);
        Assert.That(b[0].Take(), Is.EqualTo(456));
    }

    [Test]
    public async Task A_queue_in_a_list_carries_items_between_processes()
    {
        using ManagedList<ProcessQueue<int>> queues = Manager.CreateList<ProcessQueue<int>>();
        for (int i = 0; i < 3; i++)
        {
            using ProcessQueue<int> queue = Manager.CreateQueue<int>();
            queues.Add(queue);
        }

        using ChildProcess child = ChildProcess.Start(ManagerTypeJobsTargets.PutToEach(queues));
        await child.Completion.WaitAsync(Guard);
        Assert.That(queues.Select(queue => queue.Take()), Is.EqualTo(new[] { 0, 1, 2 }));
    }

    [Test]
    public void A_namespace_keeps_its_names()
    {
        using ManagedNamespace n = Manager.CreateNamespace();
        n.Set("name", "Bob");
        n.Set("job", "Builder");
        n.Remove("job");
        Assert.That(n.Contains("name"), Is.True);
        Assert.That(n.Contains("job"), Is.False);
        Assert.That(n.Get<string>("name"), Is.EqualTo("Bob"));
    }

    [Test]
    public async Task A_child_changes_each_type_that_a_manager_makes()
    {
        using ProcessEvent signal = Manager.CreateEvent();
        using ProcessLock plain = Manager.CreateLock();
        using ProcessRecursiveLock recursive = Manager.CreateRecursiveLock();
        using ProcessSemaphore semaphore = Manager.CreateSemaphore(0);
        using ProcessCondition condition = Manager.CreateCondition();
        using ProcessBarrier barrier = Manager.CreateBarrier(2);
        plain.Acquire();
        using ChildProcess signals = ChildProcess.Start(ManagerTypeJobsTargets.UseSignals(signal, plain, recursive, semaphore, condition, barrier));
        Assert.That(signal.Wait(Guard), Is.True);
        barrier.Wait(Guard);
        Assert.That(plain.TryAcquire(Guard), Is.True);
        Assert.That(semaphore.TryAcquire(Guard), Is.True);
        using (condition.EnterScope()) condition.NotifyAll();
        await signals.Completion.WaitAsync(Guard);
        Assert.That(recursive.TryAcquire(), Is.True);

        using ProcessQueue<int> queue = Manager.CreateQueue<int>();
        using ManagedList<int> list = Manager.CreateList([1, 2, 3]);
        using ManagedDictionary<string, int> dictionary = Manager.CreateDictionary<string, int>([new("a", 1)]);
        using ManagedValue<int> value = Manager.CreateValue(1);
        using ManagedArray<int> array = Manager.CreateArray([0, 1, 2, 3, 4]);
        using ManagedNamespace names = Manager.CreateNamespace();
        queue.Put(1);
        queue.Put(2);
        names.Set("x", 1);
        using ChildProcess data = ChildProcess.Start(ManagerTypeJobsTargets.UseData(queue, list, dictionary, value, array, names));
        Assert.That(queue.Join(Guard), Is.True);
        await data.Completion.WaitAsync(Guard);
        Assert.That(list, Is.EqualTo(new[] { 1, 2, 3, 4 }));
        Assert.That(dictionary, Is.EquivalentTo(new Dictionary<string, int> { ["a"] = 10, ["b"] = 2 }));
        Assert.That(value.Value, Is.EqualTo(2));
        Assert.That(array, Is.EqualTo(new[] { 0, 10, 2, 3, 4 }));
        Assert.That(names.Get<int>("x"), Is.EqualTo(2));
    }

    [Test]
    public async Task A_remote_clients_values_reach_another_through_the_managers_queue()
    {
        byte[] key = Guid.NewGuid().ToByteArray();
        string[] values = ["hello world", "", "True", "\u00e0\u00e8", new string('z', 100_000)];
        using ProcessManager manager = ProcessManager.Start(new ProcessManagerOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0), AuthKey = key });
        using ProcessQueue<string> queue = manager.CreateQueue<string>();
        manager.Publish("queue", queue);
        int port = ((IPEndPoint)manager.Address).Port;
        using ChildProcess putter = ChildProcess.Start(ManagerTypeJobsTargets.PutRemotely(port, key, values));
        await putter.Completion.WaitAsync(Guard);
        using ProcessManager second = ProcessManager.Connect(new IPEndPoint(IPAddress.Loopback, port), key);
        using ProcessQueue<string> found = second.Find<ProcessQueue<string>>("queue");

        Assert.That(values.Select(_ => found.Take()), Is.EqualTo(values));
        Assert.That(second.TryFind<ProcessQueue<string>>("nothing", out ProcessQueue<string>? nothing), Is.False);
        Assert.That(nothing, Is.Null);
        Assert.That(() => second.Find<ProcessLock>("queue"), Throws.TypeOf<InvalidCastException>());
        Assert.That(() => second.Find<ProcessLock>("nothing"), Throws.TypeOf<KeyNotFoundException>());
    }

    [Test]
    public void The_initializer_runs_in_the_server_before_it_serves()
    {
        using var ran = new SharedValue<int>();
        using ProcessManager manager = ProcessManager.Start(new ProcessManagerOptions { Initializer = ManagerTypeJobsTargets.SayWhereItRuns(ran) });
        Assert.That(ran.Value, Is.Not.Zero.And.Not.EqualTo(Environment.ProcessId));
        Assert.That(() => ProcessManager.Start(new ProcessManagerOptions { Initializer = ManagerTypeJobsTargets.Refuse() }), Throws.InvalidOperationException.With.Message.Contains("no server today"));
    }
}
