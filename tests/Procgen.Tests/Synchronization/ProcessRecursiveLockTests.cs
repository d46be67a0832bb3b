using NUnit.Framework;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Synchronization;

public sealed class ProcessRecursiveLockTests
{
    [Test]
    public void Its_holder_takes_it_again_and_releases_it_as_often()
    {
        using ProcessRecursiveLock mutex = new();
        for (int i = 0; i < 3; i++) mutex.Acquire();
        for (int i = 0; i < 3; i++) mutex.Release();

        Assert.That(mutex.Release, Throws.TypeOf<SynchronizationLockException>());
    }

    [Test]
    public void Another_thread_waits_until_the_last_release()
    {
        using ProcessRecursiveLock mutex = new();
        mutex.Acquire();
        mutex.Acquire();
        Assert.That(OnThread(() => mutex.TryAcquire()).Result, Is.False);
        mutex.Release();
        Assert.That(OnThread(() => mutex.TryAcquire(TimeSpan.FromMilliseconds(10))).Result, Is.False);
        mutex.Release();

        Assert.That(OnThread(() => mutex.TryAcquire()).Result, Is.True);
    }

    [Test]
    public void Another_thread_cannot_release_it()
    {
        using ProcessRecursiveLock mutex = new();
        using (mutex.EnterScope())
            Assert.ThrowsAsync<SynchronizationLockException>(() => OnThread(mutex.Release));
    }

    [Test]
    public void A_child_can_neither_take_nor_release_it()
    {
        using ProcessRecursiveLock mutex = new();
        mutex.Acquire();

        using ChildProcess<bool> trying = ChildProcess.Start(SyncJobsTargets.TryRecursiveLock(mutex));
        Assert.That(trying.Completion.Result, Is.False);
        using ChildProcess releasing = ChildProcess.Start(SyncJobsTargets.ReleaseRecursiveLock(mutex));
        Assert.ThrowsAsync<SynchronizationLockException>(() => releasing.Completion);

        mutex.Release();
    }

    [Test]
    public void A_killed_holders_lock_goes_to_the_next_with_a_count_of_one()
    {
        using ProcessRecursiveLock mutex = new();
        using ProcessEvent held = new();
        using ChildProcess child = ChildProcess.Start(SyncJobsTargets.HoldRecursiveLock(mutex, held));
        held.Wait(Guard);
        child.Kill();

        Assert.That(mutex.Acquire, Throws.TypeOf<AbandonedMutexException>());
        mutex.Release();
        Assert.That(mutex.Release, Throws.TypeOf<SynchronizationLockException>());
    }

    [Test]
    public void Cancellation_and_disposal_end_waits()
    {
        ProcessRecursiveLock mutex = new();
        mutex.Acquire();
        using CancellationTokenSource source = new();
        Task cancelled = OnThread(() => mutex.Acquire(source.Token));
        Task disposed = OnThread(mutex.Acquire);

        source.Cancel();
        Assert.CatchAsync<OperationCanceledException>(() => cancelled.WaitAsync(Guard));
        mutex.Dispose();
        Assert.ThrowsAsync<ObjectDisposedException>(() => disposed.WaitAsync(Guard));
        Assert.That(mutex.Acquire, Throws.TypeOf<ObjectDisposedException>());
    }
}
