using System.Net;
using NUnit.Framework;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Managers;

/// <summary>
/// CPython's TestSyncManagerTypes, scenario by scenario: the parent makes an object of one type, a child uses it and ends, and
/// the parent sees what it did. A pool is no managed type here; what may not cross is an error of the compiler.
/// </summary>
public sealed class PythonTypeTests : ManagerTests
{
    [Test]
    public async Task An_event()
    {
        using ProcessEvent signal = Manager.CreateEvent();
        signal.Set();
        Assert.That(await RunAsync(PythonTypeJobsTargets.UseEvent(signal)), Is.True);
        Assert.That(signal.IsSet, Is.False);
        Assert.That(signal.Wait(TimeSpan.FromMilliseconds(1)), Is.False);
    }

    /// <summary>Python's parent releases what its child took with it into its grave. Here the next one to ask is told.</summary>
    [Test]
    public async Task A_lock_that_its_child_took_along()
    {
        using ProcessLock mutex = Manager.CreateLock();
        await RunAsync(PythonTypeJobsTargets.TakeLock(mutex));
        Assert.That(() => mutex.TryAcquire(Guard), Throws.TypeOf<AbandonedMutexException>());
        mutex.Release();
        Assert.That(mutex.Release, Throws.TypeOf<SynchronizationLockException>());
    }

    [Test]
    public async Task A_recursive_lock()
    {
        using ProcessRecursiveLock mutex = Manager.CreateRecursiveLock();
        await RunAsync(PythonTypeJobsTargets.UseRecursiveLock(mutex));
        Assert.That(mutex.TryAcquire(), Is.True);
    }

    [TestCase(int.MaxValue)]
    [TestCase(1)]
    public async Task A_semaphore_bounded_or_not(int maximum)
    {
        using ProcessSemaphore semaphore = Manager.CreateSemaphore(1, maximum);
        await RunAsync(PythonTypeJobsTargets.TakePermit(semaphore));
        Assert.That(semaphore.CurrentCount, Is.Zero);
        semaphore.Release();
        Assert.That(semaphore.CurrentCount, Is.EqualTo(1));
    }

    [Test]
    public async Task A_condition()
    {
        using ProcessCondition condition = Manager.CreateCondition();
        await RunAsync(PythonTypeJobsTargets.UseCondition(condition));
        Assert.That(condition.TryAcquire(), Is.True);
    }

    [Test]
    public async Task A_barrier()
    {
        using ProcessBarrier barrier = Manager.CreateBarrier(5);
        Assert.That(await RunAsync(PythonTypeJobsTargets.UseBarrier(barrier)), Is.EqualTo(5));
        Assert.That(barrier.IsBroken, Is.False);
    }

    [Test]
    public async Task A_queue()
    {
        using ProcessQueue<int> queue = Manager.CreateQueue<int>(2);
        queue.Put(5);
        queue.Put(6);
        Assert.That(await RunAsync(PythonTypeJobsTargets.UseQueue(queue)), Is.EqualTo("2 True False 5 False 6 True"));
        Assert.That(queue.IsEmpty, Is.True);
        Assert.That(queue.IsFull, Is.False);
    }

    [Test]
    public async Task A_list()
    {
        using ManagedList<int> list = Manager.CreateList<int>();
        list.Add(5);
        Assert.That(await RunAsync(PythonTypeJobsTargets.UseList(list)), Is.EqualTo("5 1 0 5 1 5"));
        Assert.That(list, Is.Empty);
    }

    [Test]
    public async Task A_dictionary()
    {
        using ManagedDictionary<string, int> dictionary = Manager.CreateDictionary<string, int>();
        dictionary["foo"] = 5;
        Assert.That(await RunAsync(PythonTypeJobsTargets.UseDictionary(dictionary)), Is.EqualTo("1 5 True 5 [foo, 5] foo 5 5 True 5"));
        Assert.That(dictionary, Is.Empty);
    }

    [Test]
    public async Task A_value()
    {
        using ManagedValue<int> value = Manager.CreateValue(1);
        Assert.That(await RunAsync(PythonTypeJobsTargets.UseValue(value)), Is.EqualTo(1));
        Assert.That(value.Value, Is.EqualTo(2));
    }

    [Test]
    public async Task An_array()
    {
        using ManagedArray<int> array = Manager.CreateArray([0, 1]);
        Assert.That(await RunAsync(PythonTypeJobsTargets.UseArray(array)), Is.EqualTo("0 1 2 0,1"));
    }

    [Test]
    public async Task A_namespace()
    {
        using ManagedNamespace names = Manager.CreateNamespace();
        names.Set("x", 0);
        names.Set("y", 1);
        Assert.That(await RunAsync(PythonTypeJobsTargets.UseNamespace(names)), Is.EqualTo("0 1"));
    }

    /// <summary>TestInitializers.test_manager_initializer: it changes what another manager hosts.</summary>
    [Test]
    public void An_initializer_with_a_proxy_of_another_manager()
    {
        using ManagedNamespace names = Manager.CreateNamespace();
        names.Set("test", 0);
        using ProcessManager other = ProcessManager.Start(new ProcessManagerOptions { Initializer = PythonTypeJobsTargets.CountInNamespace(names) });
        Assert.That(names.Get<int>("test"), Is.EqualTo(1));
    }

    /// <summary>_TestMyManager: started and shut down, in a scope, and both; it ends in good order.</summary>
    [TestCase(true, false)]
    [TestCase(false, true)]
    [TestCase(true, true)]
    public async Task A_manager_is_shut_down_or_disposed_and_ends_in_good_order(bool shutsDown, bool disposes)
    {
        string name = $"own-{shutsDown}-{disposes}";
        ProcessManager manager = ProcessManager.Start(new ProcessManagerOptions { Name = name });
        Task ended = CurrentProcess.ActiveChildren.Single(child => child.Name == name).Completion;
        FooBarProxy foo = manager.CreateFooBar();
        Assert.That(foo.F(), Is.EqualTo("f()"));
        if (shutsDown) manager.Shutdown();
        if (disposes) manager.Dispose();

        // Fails where the process had to be killed.
        await ended.WaitAsync(Guard);
        Assert.That(foo.F, Throws.InstanceOf<ProcgenException>().Or.TypeOf<ObjectDisposedException>());
        manager.Dispose();
    }

    /// <summary>_TestRemoteManager: values of each kind, put by one client and taken by another.</summary>
    [Test]
    public async Task Values_of_each_kind_cross_a_remote_managers_queue()
    {
        byte[] key = Guid.NewGuid().ToByteArray();
        Parcel[] parcels =
        [
            new("hello world", true, 2.25, null), new(null, false, 0, []), new("hall\u00e5 v\u00e4rlden", true, double.NaN, [104, 0xe5]),
            new("\u043f\u0440\u0438\u0432\u0456\u0442 \u0441\u0432\u0456\u0442", false, -1e300, [0]),
        ];
        using ProcessManager manager = ProcessManager.Start(new ProcessManagerOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0), AuthKey = key });
        using ProcessQueue<Parcel[]> queue = manager.CreateQueue<Parcel[]>();
        manager.Publish("queue", queue);
        await RunAsync(PythonTypeJobsTargets.PutParcels(((IPEndPoint)manager.Address).Port, key, parcels));
        using ProcessManager second = ProcessManager.Connect(manager.Address, key);
        using ProcessQueue<Parcel[]> found = second.Find<ProcessQueue<Parcel[]>>("queue");

        Parcel[] taken = found.Take();
        Assert.That(taken.Select(static parcel => (parcel.Text, parcel.Flag, parcel.Number)), Is.EqualTo(parcels.Select(static parcel => (parcel.Text, parcel.Flag, parcel.Number))));
        Assert.That(taken.Select(static parcel => parcel.Bytes), Is.EqualTo(parcels.Select(static parcel => parcel.Bytes)));
    }

    private static async Task RunAsync(ProcessCall call)
    {
        using ChildProcess child = ChildProcess.Start(call);
        await child.Completion.WaitAsync(Guard);
    }

    private static async Task<T> RunAsync<T>(ProcessCall<T> call)
    {
        using ChildProcess<T> child = ChildProcess.Start(call);
        return await child.Completion.WaitAsync(Guard);
    }
}
