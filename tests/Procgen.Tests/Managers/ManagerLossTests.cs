using System.Diagnostics;
using System.Net;
using NUnit.Framework;
using Procgen.Managers;
using Procgen.Tests.Processes;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Managers;

/// <summary>Servers and clients that end, in good order or not.</summary>
public sealed class ManagerLossTests
{
    [TestCase(true)]
    [TestCase(false)]
    public void Everyone_who_waits_is_told_at_once_that_the_server_is_gone(bool killed)
    {
        using ProcessManager manager = ProcessManager.Start(new ProcessManagerOptions { Name = $"lost-{killed}" });
        using ProcessLock mutex = manager.CreateLock();
        using ProcessRecursiveLock recursive = manager.CreateRecursiveLock();
        using ProcessSemaphore semaphore = manager.CreateSemaphore(0);
        using ProcessEvent signal = manager.CreateEvent();
        using ProcessCondition condition = manager.CreateCondition();
        using ProcessBarrier barrier = manager.CreateBarrier(2);
        using ProcessQueue<int> empty = manager.CreateQueue<int>();
        using ProcessQueue<int> full = manager.CreateQueue<int>(1);
        using ManagedList<int> list = manager.CreateList<int>();
        using ChildProcess child = ChildProcess.Start(ManagedJobsTargets.TakeAll(empty, list));
        full.Put(1);
        mutex.Acquire();
        recursive.Acquire();
        Task[] waits =
        [
            OnThread(mutex.Acquire), mutex.AcquireAsync().AsTask(), OnThread(() => recursive.TryAcquire(Guard)), OnThread(semaphore.Acquire),
            OnThread(() => signal.Wait()), signal.WaitAsync().AsTask(), OnThread(() => barrier.Wait()), OnThread(empty.Take), empty.LeaseAsync().AsTask(),
            OnThread(() => full.Put(2)), full.PutAsync(3).AsTask(), OnThread(() => full.Join()), full.JoinAsync(),
            OnThread(() =>
            {
                condition.Acquire();
                condition.Wait();
            }),
        ];
        Await(() => barrier.WaitingCount == 1, "a party at the barrier");

        if (killed) CurrentProcess.ActiveChildren.Single(other => other.Name == $"lost-{killed}").Kill();
        else manager.Shutdown();

        foreach (Task wait in waits) Assert.ThrowsAsync<ConnectionLostException>(() => wait.WaitAsync(Guard));
        Assert.ThrowsAsync<ConnectionLostException>(() => child.Completion.WaitAsync(Guard));
        Assert.That(() => list.Add(1), Throws.TypeOf<ConnectionLostException>());
        Assert.That(() => empty.TryTake(out _), Throws.TypeOf<ConnectionLostException>());
    }

    /// <summary>Stopped, as by Ctrl+Z: it takes nothing in.</summary>
    [Test]
    [Platform("Linux")]
    public async Task A_server_that_does_not_answer_is_killed_when_it_is_disposed()
    {
        ProcessManager manager = ProcessManager.Start(new ProcessManagerOptions { Name = "stopped" });
        ChildProcess server = CurrentProcess.ActiveChildren.Single(static child => child.Name == "stopped");
        using var time = new TemporarySetting<TimeSpan>(ProcessManager.ShutdownTime, TimeSpan.FromSeconds(1), static value => ProcessManager.ShutdownTime = value);
        Signals.Send(server.Id!.Value, 19);
        await manager.DisposeAsync().AsTask().WaitAsync(Guard);
        Assert.That(CurrentProcess.ActiveChildren, Has.None.SameAs(server));
    }

    /// <summary>Whoever has said how long to wait gives it up, for the whole process.</summary>
    [TestCase(true)]
    [TestCase(false)]
    [Platform("Linux")]
    public async Task A_server_that_does_not_answer_is_given_up_by_those_who_do_not_wait_for_ever(bool overTcp)
    {
        EndPoint address = overTcp ? new IPEndPoint(IPAddress.Loopback, 0) : new ProcessPipeEndPoint($"procgen-{Guid.NewGuid():n}");
        using ProcessManager manager = ProcessManager.Start(new ProcessManagerOptions { Name = "hangs", EndPoint = address });
        ChildProcess server = CurrentProcess.ActiveChildren.Single(static child => child.Name == "hangs");
        using ProcessQueue<int> empty = manager.CreateQueue<int>();
        using ProcessQueue<int> queue = manager.CreateQueue<int>();
        using ProcessLock mutex = manager.CreateLock();
        using ProcessLock held = manager.CreateLock();
        using ProcessEvent signal = manager.CreateEvent();
        using var cancellation = new CancellationTokenSource();
        manager.Publish("queue", queue);
        manager.Publish("held", held);
        queue.Put(7);
        held.Acquire();
        Task cancelled = empty.TakeAsync(cancellation.Token).AsTask();

        using (new TemporarySetting<TimeSpan>(AnswerWatch.AnswerTime, TimeSpan.FromSeconds(2), static value => AnswerWatch.AnswerTime = value))
        {
            Signals.Send(server.Id!.Value, 19);
            Task[] waits =
            [
                cancelled, OnThread(() => queue.TryTake(out _, TimeSpan.FromMilliseconds(300))), OnThread(() => signal.Wait(TimeSpan.FromMilliseconds(300))),
            ];
            cancellation.Cancel();
            foreach (Task wait in waits)
                Assert.That(async () => await wait.WaitAsync(Guard), Throws.TypeOf<ConnectionLostException>());
            Assert.That(() => mutex.TryAcquire(Guard), Throws.TypeOf<ConnectionLostException>());
            Signals.Send(server.Id!.Value, 18);
        }

        using ProcessManager again = ProcessManager.Connect(manager.Address);
        using ProcessQueue<int> found = again.Find<ProcessQueue<int>>("queue");
        using ProcessLock abandoned = again.Find<ProcessLock>("held");
        Assert.That(() => abandoned.TryAcquire(Guard), Throws.TypeOf<AbandonedMutexException>());
        Assert.That(found.TryTake(out int item, Guard), Is.True);
        Assert.That(item, Is.EqualTo(7));
        manager.Shutdown();
        Assert.That(server.ExitCode, Is.Zero);
    }

    [Test]
    public async Task A_server_waits_for_nobody_and_ends_with_the_process_that_started_it()
    {
        using var server = new SharedValue<int>();
        using var ready = new ProcessEvent();
        using ChildProcess creator = ChildProcess.Start(ManagedJobsTargets.StartAndHold(server, ready));
        Assert.That(ready.Wait(Guard), Is.True);
        using Process process = Process.GetProcessById(server.Value);
        creator.Kill();

        await process.WaitForExitAsync().WaitAsync(Guard);
    }

    [Test]
    public void A_start_that_is_cancelled_ends_the_server_also_while_its_initializer_runs()
    {
        const string Name = "cancelled-start";
        using var begun = new ProcessEvent();
        using var cancellation = new CancellationTokenSource();
        Task<ProcessManager> starting = ProcessManager.StartAsync(
            new ProcessManagerOptions { Name = Name, Initializer = ManagedJobsTargets.InitializeForever(begun) }, cancellation.Token);
        Assert.That(begun.Wait(Guard), Is.True);
        Assert.That(CurrentProcess.ActiveChildren.Count(static child => child.Name == Name), Is.EqualTo(1));
        cancellation.Cancel();

        Assert.CatchAsync<OperationCanceledException>(() => starting.WaitAsync(Guard));
        Await(() => CurrentProcess.ActiveChildren.All(static child => child.Name != Name), "the end of the server");
    }

    [Test]
    public async Task A_manager_is_started_and_connected_to_without_a_thread()
    {
        using ProcessManager manager = await ProcessManager.StartAsync().WaitAsync(Guard);
        using ProcessManager other = await ProcessManager.ConnectAsync(manager.Address).WaitAsync(Guard);
        using ManagedList<int> list = other.CreateList([1]);

        Assert.That(manager.ObjectCount, Is.EqualTo(1));
    }

    [Test]
    public void No_connection_is_opened_to_a_server_that_is_gone()
    {
        // At such an address a connection would be tried until its time is up.
        using ProcessManager manager = ProcessManager.Start(new ProcessManagerOptions { EndPoint = new ProcessPipeEndPoint($"procgen-{Guid.NewGuid():n}") });
        using ProcessManager other = ProcessManager.Connect(manager.Address);
        using ManagedList<int> list = other.CreateList<int>();
        using ProcessEvent signal = other.CreateEvent();
        manager.Shutdown();
        Assert.That(() => list.Add(1), Throws.TypeOf<ConnectionLostException>());

        foreach (Action use in new Action[] { () => list.Add(1), () => signal.Wait(), () => other.CreateLock(), () => list.Add(2) })
            Assert.That(() => use(), Throws.TypeOf<ConnectionLostException>().With.Property("InnerException").Not.InstanceOf<TimeoutException>());
    }

    [Test]
    public async Task A_process_that_is_taken_for_gone_is_told_so_until_it_connects_again()
    {
        using ProcessManager manager = ProcessManager.Start(new ProcessManagerOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0) });
        using ManagedList<int> list = manager.CreateList<int>();
        using ProcessLock mutex = manager.CreateLock();
        using var network = new CutNetwork((IPEndPoint)manager.Address);
        using var ready = new ProcessEvent();
        using var isTakenForGone = new ProcessEvent();
        manager.Publish("list", list);
        manager.Publish("lock", mutex);
        using ChildProcess<string> child = ChildProcess.Start(ManagedJobsTargets.UseBeforeAndAfter(network.Port, ready, isTakenForGone));
        Assert.That(ready.Wait(Guard), Is.True);
        Assert.That(mutex.TryAcquire(), Is.False);

        network.Cut();
        Assert.That(() => mutex.TryAcquire(Guard), Throws.TypeOf<AbandonedMutexException>());
        isTakenForGone.Set();

        Assert.That(await child.Completion.WaitAsync(Guard), Is.EqualTo("lost lost lost lost found"));
        Assert.That(list, Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public void What_a_killed_process_held_is_dropped()
    {
        using ProcessManager manager = ProcessManager.Start(new ProcessManagerOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0) });
        using ProcessEvent ready = manager.CreateEvent();
        using ChildProcess child = ChildProcess.Start(ManagedJobsTargets.CreateAndHold(((IPEndPoint)manager.Address).Port, 50, ready));
        Assert.That(ready.Wait(Guard), Is.True);
        Assert.That(manager.ObjectCount, Is.EqualTo(51));
        child.Kill();

        Await(() => manager.ObjectCount == 1, "the end of what the killed process held");
    }

    [Test]
    public void Ten_thousand_proxies_made_and_dropped_leave_no_object_behind()
    {
        using ProcessManager manager = ProcessManager.Start();
        MakeAndDrop(manager);

        // Nobody tells when finalizers have run, so they are asked for again until they have.
        Await(
            () =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return manager.ObjectCount == 0;
            },
            "the last object's end");
    }

    [Test]
    public void Disposing_one_of_two_managers_of_a_server_leaves_the_other_and_its_proxies_alone()
    {
        using ProcessManager manager = ProcessManager.Start();
        ProcessManager other = ProcessManager.Connect(manager.Address);
        using ManagedList<int> list = other.CreateList([1]);
        other.Dispose();
        list.Add(2);

        Assert.That(list, Is.EqualTo(new[] { 1, 2 }));
        Assert.That(manager.ObjectCount, Is.EqualTo(1));
        Assert.That(() => other.CreateLock(), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Disposing_the_manager_that_started_the_server_leaves_others_of_the_process_undisposed()
    {
        ProcessManager manager = ProcessManager.Start();
        using ProcessManager other = ProcessManager.Connect(manager.Address);
        using ManagedList<int> list = other.CreateList([1]);
        using ProcessLock mutex = other.CreateLock();
        using ProcessEvent signal = other.CreateEvent();
        ManagedList<int> disposed = other.CreateList([1]);
        Task waiting = OnThread(() => signal.Wait());
        disposed.Dispose();
        manager.Dispose();

        Assert.That(async () => await waiting.WaitAsync(Guard), Throws.TypeOf<ConnectionLostException>());
        foreach (Action use in new Action[] { () => list.Add(2), mutex.Acquire, () => signal.Wait(), () => other.CreateList<int>(), () => _ = other.ObjectCount })
            Assert.That(() => use(), Throws.TypeOf<ConnectionLostException>());
        Assert.That(async () => await list.AddAsync(2), Throws.TypeOf<ConnectionLostException>());
        Assert.That(() => manager.CreateList<int>(), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => disposed.Add(2), Throws.TypeOf<ObjectDisposedException>());
    }

    private static void MakeAndDrop(ProcessManager manager)
    {
        for (int i = 0; i < 10_000; i++)
        {
            switch (i % 5)
            {
                case 0:
                    manager.CreateValue(i).Dispose();
                    break;
                case 1:
                    manager.CreateLock().Dispose();
                    break;
                case 2:
                    manager.CreateList([i]);
                    break;
                case 3:
                    manager.CreateQueue<int>();
                    break;
                default:
                    manager.CreateEvent();
                    break;
            }
        }
    }
}
