using NUnit.Framework;
using Procgen.Tests.Synchronization;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Managers;

/// <summary>Semaphores, events, conditions and barriers whose state lives in a manager's server.</summary>
public sealed class HostedSignalTests : ManagerTests
{
    [Test]
    public async Task Permits_are_taken_and_given_back_up_to_the_maximum()
    {
        using ProcessSemaphore semaphore = Manager.CreateSemaphore(2, 3);
        semaphore.Acquire();
        await semaphore.AcquireAsync();
        Assert.That(semaphore.CurrentCount, Is.Zero);
        Assert.That(semaphore.TryAcquire(), Is.False);
        Assert.That(semaphore.TryAcquire(TimeSpan.FromMilliseconds(20)), Is.False);
        Task[] waits = [OnThread(() => semaphore.Acquire()), semaphore.AcquireAsync().AsTask()];
        semaphore.Release(2);
        await Task.WhenAll(waits).WaitAsync(Guard);
        semaphore.Release(3);
        Assert.That(semaphore.CurrentCount, Is.EqualTo(3));
        Assert.That(() => semaphore.Release(), Throws.TypeOf<SemaphoreFullException>());
        Assert.That(() => Manager.CreateSemaphore(3, 2), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Cancelled_and_disposed_waits_take_no_permit()
    {
        using ProcessSemaphore semaphore = Manager.CreateSemaphore(0);
        ProcessSemaphore copy = Copy(semaphore);
        using var source = new CancellationTokenSource();
        Task cancelled = semaphore.AcquireAsync(source.Token).AsTask();
        Task disposed = OnThread(copy.Acquire);
        source.Cancel();
        copy.Dispose();
        Assert.CatchAsync<OperationCanceledException>(() => cancelled.WaitAsync(Guard));
        Assert.ThrowsAsync<ObjectDisposedException>(() => disposed.WaitAsync(Guard));

        semaphore.Release();

        Assert.That(semaphore.CurrentCount, Is.EqualTo(1));
    }

    [Test]
    public void A_killed_processs_permits_come_back()
    {
        using ProcessSemaphore semaphore = Manager.CreateSemaphore(2, 2);
        using ProcessEvent held = Manager.CreateEvent();
        using ChildProcess child = ChildProcess.Start(SyncJobsTargets.HoldPermits(semaphore, 2, held));
        Assert.That(held.Wait(Guard), Is.True);
        Assert.That(semaphore.TryAcquire(), Is.False);
        child.Kill();

        Assert.That(semaphore.TryAcquire(Guard) && semaphore.TryAcquire(Guard), Is.True);
    }

    [Test]
    public async Task What_a_process_took_that_ended_in_good_order_stays_taken()
    {
        using ProcessSemaphore semaphore = Manager.CreateSemaphore(2);
        using (ChildProcess child = ChildProcess.Start(SyncJobsTargets.TakePermits(semaphore, 1)))
        {
            await child.Completion;
            child.Join();
        }

        semaphore.Acquire();

        Assert.That(semaphore.TryAcquire(TimeSpan.FromMilliseconds(300)), Is.False);
    }

    [Test]
    public async Task Everyone_who_waits_for_an_event_passes_also_when_it_is_reset_at_once()
    {
        using ProcessEvent signal = Manager.CreateEvent();
        using ProcessEvent arrived = Manager.CreateEvent();
        using ChildProcess<bool> child = ChildProcess.Start(SyncJobsTargets.WaitForEvent(arrived, signal));
        Assert.That(arrived.Wait(Guard), Is.True);
        Task waiting = signal.WaitAsync().AsTask();
        Assert.That(signal.Wait(TimeSpan.FromMilliseconds(50)), Is.False);
        Assert.That(signal.IsSet, Is.False);

        signal.Set();
        Assert.That(signal.IsSet, Is.True);
        Assert.That(signal.Wait(TimeSpan.Zero), Is.True);
        await waiting.WaitAsync(Guard);
        Assert.That(await child.Completion.WaitAsync(Guard), Is.True);
        signal.Reset();

        Assert.That(signal.Wait(TimeSpan.Zero), Is.False);
    }

    [Test]
    public async Task Two_hundred_round_trips_lose_no_signal()
    {
        using ProcessEvent request = Manager.CreateEvent();
        using ProcessEvent answer = Manager.CreateEvent();
        using ChildProcess child = ChildProcess.Start(SyncJobsTargets.Echo(request, answer, 200));
        for (int i = 0; i < 200; i++)
        {
            request.Set();
            Assert.That(answer.Wait(Guard), Is.True);
            answer.Reset();
        }

        await child.Completion.WaitAsync(Guard);
    }

    [Test]
    public async Task Notifications_wake_as_many_waiters_as_they_say_in_any_process()
    {
        using ProcessCondition condition = Manager.CreateCondition();
        using ProcessSemaphore sleeping = Manager.CreateSemaphore(0);
        using ProcessSemaphore woken = Manager.CreateSemaphore(0);
        ChildProcess<bool>[] children = [.. Enumerable.Range(0, 2).Select(_ => ChildProcess.Start(SyncJobsTargets.WaitForCondition(condition, sleeping, woken, Guard)))];
        Task<bool>[] threads = [.. Enumerable.Range(0, 2).Select(_ => OnThread(() => SyncJobs.WaitForCondition(condition, sleeping, woken, Guard)))];
        for (int i = 0; i < 4; i++) Assert.That(sleeping.TryAcquire(Guard), Is.True);

        using (condition.EnterScope()) condition.Notify();
        Assert.That(woken.TryAcquire(Guard), Is.True);
        Assert.That(woken.TryAcquire(TimeSpan.FromMilliseconds(100)), Is.False);
        using (condition.EnterScope()) condition.NotifyAll();

        Assert.That(await Task.WhenAll([.. children.Select(child => child.Completion), .. threads]).WaitAsync(Guard), Is.All.True);
        foreach (ChildProcess child in children) child.Dispose();
    }

    [Test]
    public void A_wait_that_gives_up_holds_the_lock_as_often_as_before()
    {
        using ProcessRecursiveLock mutex = Manager.CreateRecursiveLock();
        using ProcessCondition condition = Manager.CreateCondition(mutex);
        mutex.Acquire();
        condition.Acquire();
        Assert.That(condition.Wait(TimeSpan.FromMilliseconds(20)), Is.False);
        using var source = new CancellationTokenSource(20);
        Assert.That(() => condition.Wait(cancellationToken: source.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(condition.WaitFor(() => false, TimeSpan.FromMilliseconds(20)), Is.False);
        Assert.That(OnThread(() => mutex.TryAcquire()).Result, Is.False);
        mutex.Release();
        condition.Release();

        Assert.That(() => condition.Notify(), Throws.TypeOf<SynchronizationLockException>());
        Assert.That(() => condition.Wait(), Throws.TypeOf<SynchronizationLockException>());
        Assert.That(condition.Lock, Is.SameAs(mutex));
    }

    [Test]
    public async Task A_killed_waiter_does_not_swallow_a_notification()
    {
        using ProcessCondition condition = Manager.CreateCondition();
        using ProcessSemaphore sleeping = Manager.CreateSemaphore(0);
        using ProcessSemaphore woken = Manager.CreateSemaphore(0);
        using ChildProcess<bool> child = ChildProcess.Start(SyncJobsTargets.WaitForCondition(condition, sleeping, woken, Guard));
        Assert.That(sleeping.TryAcquire(Guard), Is.True);
        Task<bool> second = OnThread(() => SyncJobs.WaitForCondition(condition, sleeping, woken, Guard));
        Assert.That(sleeping.TryAcquire(Guard), Is.True);
        condition.Acquire();
        child.Kill();
        condition.Notify();
        condition.Release();

        Assert.That(await second.WaitAsync(Guard), Is.True);
    }

    [Test]
    public async Task Disposing_a_condition_ends_its_waits_and_the_waiter_holds_a_lock_that_is_not_the_conditions_own()
    {
        using ProcessManager manager = ProcessManager.Start();
        using ProcessRecursiveLock mutex = manager.CreateRecursiveLock();
        ProcessCondition condition = manager.CreateCondition(mutex);
        ProcessCondition withLock = manager.CreateCondition();
        Task waiting = WaitIn(condition, mutex.Release);
        Task waitingWithLock = WaitIn(withLock, static () => { });
        condition.Dispose();
        withLock.Dispose();

        await Task.WhenAll(waiting, waitingWithLock).WaitAsync(Guard);
        mutex.Dispose();
        Await(() => manager.ObjectCount == 0, "the end of the conditions");

        static Task WaitIn(ProcessCondition condition, Action afterwards)
        {
            using var held = new ManualResetEventSlim();
            Task waiting = OnThread(() =>
            {
                condition.Acquire();
                held.Set();
                Assert.That(() => condition.Wait(), Throws.TypeOf<ObjectDisposedException>());
                afterwards();
            });
            held.Wait();

            // Whoever waits has freed the lock.
            using (condition.EnterScope()) return waiting;
        }
    }

    [Test]
    public async Task Disposing_a_barrier_whose_action_runs_leaves_the_round_alone()
    {
        using ProcessManager manager = ProcessManager.Start();
        using var finish = new ProcessEvent();
        using var begun = new ProcessEvent();
        ProcessBarrier barrier = manager.CreateBarrier(1, SyncJobsTargets.SetAndWait(begun, finish));
        ManagedValue<int> later = manager.CreateValue(1);
        Task<int> acting = OnThread(() => barrier.Wait());
        Assert.That(begun.Wait(Guard), Is.True);
        barrier.Dispose();
        later.Dispose();
        Await(() => manager.ObjectCount < 2, "the end of what was disposed later");
        finish.Set();

        Assert.That(await acting.WaitAsync(Guard), Is.Zero);
        Await(() => manager.ObjectCount == 0, "the end of the barrier");
    }

    [Test]
    public async Task Parties_in_several_processes_pass_a_barrier_with_a_place_each()
    {
        const int Rounds = 50;
        using ProcessBarrier barrier = Manager.CreateBarrier(3);
        ChildProcess<int[]>[] children = [.. Enumerable.Range(0, 2).Select(_ => ChildProcess.Start(SyncJobsTargets.PassBarrier(barrier, Rounds)))];
        int[] mine = await OnThread(() => SyncJobs.PassBarrier(barrier, Rounds)).WaitAsync(Guard);
        int[][] theirs = await Task.WhenAll(children.Select(child => child.Completion)).WaitAsync(Guard);
        foreach (ChildProcess child in children) child.Dispose();

        for (int round = 0; round < Rounds; round++)
            Assert.That(theirs.Append(mine).Select(places => places[round]), Is.EquivalentTo(new[] { 0, 1, 2 }));
        Assert.That(barrier.Parties, Is.EqualTo(3));
        Assert.That(barrier.WaitingCount, Is.Zero);
    }

    [Test]
    public async Task The_action_of_a_barrier_runs_once_a_round_before_anyone_passes()
    {
        using var value = new SharedValue<int>();
        using ProcessBarrier barrier = Manager.CreateBarrier(2, SyncJobsTargets.AddOne(value));
        using ChildProcess<int[]> child = ChildProcess.Start(SyncJobsTargets.PassBarrier(barrier, 5));
        await OnThread(() => SyncJobs.PassBarrier(barrier, 5)).WaitAsync(Guard);
        await child.Completion.WaitAsync(Guard);

        Assert.That(value.Value, Is.EqualTo(5));
    }

    [Test]
    public void An_action_that_fails_breaks_the_barrier_and_its_runner_sees_why()
    {
        using ProcessBarrier barrier = Manager.CreateBarrier(1, SyncJobsTargets.Fail());

        Assert.That(() => barrier.Wait(), Throws.InvalidOperationException.With.Message.Contains("the action failed"));
        Assert.That(barrier.IsBroken, Is.True);
        Assert.That(() => barrier.Wait(), Throws.TypeOf<BarrierBrokenException>());
        barrier.Reset();
        Assert.That(barrier.IsBroken, Is.False);
    }

    [Test]
    public void Timeouts_cancellation_aborts_and_resets_break_it_for_those_who_wait()
    {
        using ProcessBarrier barrier = Manager.CreateBarrier(3, timeout: TimeSpan.FromMilliseconds(30));
        Task other = OnThread(() => barrier.Wait(Guard));
        Assert.That(() => barrier.Wait(), Throws.TypeOf<BarrierBrokenException>());
        Assert.ThrowsAsync<BarrierBrokenException>(() => other.WaitAsync(Guard));
        barrier.Reset();

        using var source = new CancellationTokenSource();
        Task cancelled = OnThread(() => barrier.Wait(Guard, source.Token));
        Await(() => barrier.WaitingCount == 1, "a party");
        source.Cancel();
        Assert.CatchAsync<OperationCanceledException>(() => cancelled.WaitAsync(Guard));
        Assert.That(barrier.IsBroken, Is.True);
        barrier.Reset();

        Task aborted = OnThread(() => barrier.Wait(Guard));
        Await(() => barrier.WaitingCount == 1, "a party");
        barrier.Abort();
        Assert.ThrowsAsync<BarrierBrokenException>(() => aborted.WaitAsync(Guard));
        barrier.Reset();

        Task reset = OnThread(() => barrier.Wait(Guard));
        Await(() => barrier.WaitingCount == 1, "a party");
        barrier.Reset();
        Assert.ThrowsAsync<BarrierBrokenException>(() => reset.WaitAsync(Guard));
        Assert.That(barrier.IsBroken, Is.False);
    }

    [Test]
    public void A_party_that_is_killed_while_it_waits_breaks_it()
    {
        using ProcessBarrier barrier = Manager.CreateBarrier(3);
        using ChildProcess<string> child = ChildProcess.Start(SyncJobsTargets.BreakOn(barrier));
        Task waiting = OnThread(() => barrier.Wait());
        Await(() => barrier.WaitingCount == 2, "both parties");
        child.Kill();

        Assert.ThrowsAsync<BarrierBrokenException>(() => waiting.WaitAsync(Guard));
    }

    [Test]
    public void A_process_that_dies_in_the_action_breaks_it()
    {
        using ProcessBarrier barrier = Manager.CreateBarrier(2, SyncJobsTargets.EndProcess());
        Task waiting = OnThread(() => barrier.Wait());
        Await(() => barrier.WaitingCount == 1, "the first party");
        using ChildProcess<string> child = ChildProcess.Start(SyncJobsTargets.BreakOn(barrier));

        Assert.ThrowsAsync<BarrierBrokenException>(() => waiting.WaitAsync(Guard));
    }
}
