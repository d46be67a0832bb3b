using NUnit.Framework;
using Procgen.Tests.Synchronization;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Managers;

/// <summary>Locks whose state lives in a manager's server.</summary>
public sealed class HostedLockTests : ManagerTests
{
    [Test]
    public void A_lock_is_held_once_and_free_after_its_release()
    {
        using ProcessLock mutex = Manager.CreateLock();

        Assert.That(mutex.TryAcquire(), Is.True);
        Assert.That(mutex.TryAcquire(), Is.False);
        Assert.That(mutex.TryAcquire(TimeSpan.FromMilliseconds(20)), Is.False);
        mutex.Release();
        using (mutex.EnterScope()) Assert.That(mutex.TryAcquire(), Is.False);
        Assert.That(mutex.Release, Throws.TypeOf<SynchronizationLockException>());
    }

    [Test]
    public async Task Waits_get_the_lock_in_their_order_and_each_alone()
    {
        using ProcessLock mutex = Manager.CreateLock();
        mutex.Acquire();
        int inside = 0;
        int most = 0;
        Task[] waits =
        [
            .. Enumerable.Range(0, 10).Select(_ => OnThread(() => Visit(mutex.EnterScope()))),
            .. Enumerable.Range(0, 300).Select(async _ => Visit(await mutex.AcquireAsync())),
        ];

        mutex.Release();
        await Task.WhenAll(waits).WaitAsync(Guard);

        Assert.That(most, Is.EqualTo(1));

        void Visit(ProcessLock.Scope scope)
        {
            using (scope)
            {
                most = Math.Max(most, Interlocked.Increment(ref inside));
                Interlocked.Decrement(ref inside);
            }
        }
    }

    [Test]
    public void Cancelled_waits_take_nothing()
    {
        using ProcessLock mutex = Manager.CreateLock();
        mutex.Acquire();
        using var source = new CancellationTokenSource();
        Task blocked = OnThread(() => mutex.Acquire(source.Token));
        Task<ProcessLock.Scope> pending = mutex.AcquireAsync(source.Token).AsTask();

        source.Cancel();

        Assert.That(Assert.CatchAsync<OperationCanceledException>(() => blocked.WaitAsync(Guard))!.CancellationToken, Is.EqualTo(source.Token));
        Assert.CatchAsync<OperationCanceledException>(() => pending.WaitAsync(Guard));
        mutex.Release();
        Assert.That(mutex.TryAcquire(), Is.True);
    }

    [Test]
    public void Disposal_ends_waits_in_this_handle_only()
    {
        using ProcessLock mutex = Manager.CreateLock();
        ProcessLock copy = Copy(mutex);
        mutex.Acquire();
        Task blocked = OnThread(copy.Acquire);
        Task<ProcessLock.Scope> pending = copy.AcquireAsync().AsTask();
        Task<bool> other = OnThread(() => mutex.TryAcquire(Guard));

        copy.Dispose();

        Assert.ThrowsAsync<ObjectDisposedException>(() => blocked.WaitAsync(Guard));
        Assert.ThrowsAsync<ObjectDisposedException>(() => pending.WaitAsync(Guard));
        Assert.That(() => copy.TryAcquire(), Throws.TypeOf<ObjectDisposedException>());
        mutex.Release();
        Assert.That(other.Result, Is.True);
    }

    [Test]
    public async Task A_thousand_cancellations_beside_releases_lose_no_lock()
    {
        using ProcessLock mutex = Manager.CreateLock();
        for (int i = 0; i < 1_000; i++)
        {
            mutex.Acquire();
            using var source = new CancellationTokenSource();
            Task<ProcessLock.Scope> pending = mutex.AcquireAsync(source.Token).AsTask();
            Task cancelling = source.CancelAsync();
            mutex.Release();
            try
            {
                (await pending.WaitAsync(Guard)).Dispose();
            }
            catch (OperationCanceledException)
            {
                // The cancellation came first: then the lock is free.
            }

            await cancelling;
            if (!mutex.TryAcquire(Guard)) Assert.Fail($"the lock was lost in round {i}");
            mutex.Release();
        }
    }

    [Test]
    public async Task A_child_sees_who_has_it_and_may_release_it()
    {
        using ProcessLock mutex = Manager.CreateLock();
        mutex.Acquire();
        using ChildProcess<bool> trying = ChildProcess.Start(SyncJobsTargets.TryLock(mutex));
        Assert.That(await trying.Completion, Is.False);
        using ChildProcess releasing = ChildProcess.Start(SyncJobsTargets.ReleaseLock(mutex));
        await releasing.Completion;

        Assert.That(mutex.TryAcquire(), Is.True);
    }

    [Test]
    public async Task Children_that_count_under_it_lose_nothing()
    {
        using ProcessLock mutex = Manager.CreateLock();
        using var counter = new SharedValue<int>();
        ChildProcess[] children =
        [
            ChildProcess.Start(SyncJobsTargets.Count(mutex, counter, 300)), ChildProcess.Start(SyncJobsTargets.CountAsync(mutex, counter, 300)),
            ChildProcess.Start(SyncJobsTargets.Count(mutex, counter, 300)),
        ];
        SyncJobs.Count(mutex, counter, 300);
        foreach (ChildProcess child in children)
        {
            await child.Completion.WaitAsync(Guard);
            child.Dispose();
        }

        Assert.That(counter.Value, Is.EqualTo(1_200));
    }

    [Test]
    public async Task A_killed_holders_lock_goes_to_the_next_who_is_told()
    {
        using ProcessLock mutex = Manager.CreateLock();
        using ProcessEvent held = Manager.CreateEvent();
        using ChildProcess child = ChildProcess.Start(SyncJobsTargets.HoldLock(mutex, held));
        Assert.That(held.Wait(Guard), Is.True);
        Task waiting = OnThread(mutex.Acquire);
        child.Kill();

        Assert.ThrowsAsync<AbandonedMutexException>(() => waiting.WaitAsync(Guard));
        Assert.That(mutex.TryAcquire(), Is.False, "whoever is told holds it");
        mutex.Release();
        await mutex.AcquireAsync();
    }

    [Test]
    public void A_killed_waiter_is_passed_over()
    {
        using ProcessLock mutex = Manager.CreateLock();
        using ProcessEvent arrived = Manager.CreateEvent();
        mutex.Acquire();
        using ChildProcess child = ChildProcess.Start(ManagedJobsTargets.WaitForLock(mutex, arrived));
        Assert.That(arrived.Wait(Guard), Is.True);
        Task<bool> next = OnThread(() => mutex.TryAcquire(Guard));
        child.Kill();
        child.Join();

        mutex.Release();

        try
        {
            Assert.That(next.GetAwaiter().GetResult(), Is.True);
        }
        catch (AbandonedMutexException)
        {
            // The server had not noticed the death and had handed the lock to the dead: then the next one is told so.
        }
    }

    [Test]
    public void A_recursive_lock_is_released_as_often_as_it_was_taken_and_by_its_thread_only()
    {
        using ProcessRecursiveLock mutex = Manager.CreateRecursiveLock();
        using ProcessRecursiveLock copy = Copy(mutex);
        mutex.Acquire();
        copy.Acquire();
        Assert.That(mutex.TryAcquire(), Is.True);
        Assert.That(OnThread(() => mutex.TryAcquire()).Result, Is.False);
        Assert.ThrowsAsync<SynchronizationLockException>(() => OnThread(copy.Release));
        mutex.Release();
        copy.Release();
        Assert.That(OnThread(() => copy.TryAcquire(TimeSpan.FromMilliseconds(10))).Result, Is.False);
        mutex.Release();

        Assert.That(mutex.Release, Throws.TypeOf<SynchronizationLockException>());
        Assert.That(OnThread(() => mutex.TryAcquire()).Result, Is.True);
    }

    [Test]
    public void A_killed_holders_recursive_lock_goes_to_the_next_with_a_count_of_one()
    {
        using ProcessRecursiveLock mutex = Manager.CreateRecursiveLock();
        using ProcessEvent held = Manager.CreateEvent();
        using ChildProcess child = ChildProcess.Start(SyncJobsTargets.HoldRecursiveLock(mutex, held));
        Assert.That(held.Wait(Guard), Is.True);
        child.Kill();

        Assert.That(() => mutex.TryAcquire(Guard), Throws.TypeOf<AbandonedMutexException>());
        mutex.Release();
        Assert.That(mutex.Release, Throws.TypeOf<SynchronizationLockException>());
    }
}
