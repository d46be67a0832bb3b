using NUnit.Framework;
using Procgen.Synchronization;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Synchronization;

public sealed class ProcessLockTests
{
    [Test]
    public void It_is_held_once_and_free_after_its_release()
    {
        using ProcessLock mutex = new();

        Assert.That(mutex.TryAcquire(), Is.True);
        Assert.That(mutex.TryAcquire(), Is.False);
        mutex.Release();
        Assert.That(mutex.TryAcquire(), Is.True);
        mutex.Release();
    }

    [Test]
    public void Releasing_a_free_lock_is_an_error()
    {
        using ProcessLock mutex = new();

        Assert.That(mutex.Release, Throws.TypeOf<SynchronizationLockException>());
    }

    [Test]
    public void A_scope_releases_it()
    {
        using ProcessLock mutex = new();

        using (mutex.EnterScope()) Assert.That(mutex.TryAcquire(), Is.False);

        Assert.That(mutex.TryAcquire(), Is.True);
    }

    [Test]
    public void A_wait_gives_up_after_its_timeout()
    {
        using ProcessLock mutex = new();
        mutex.Acquire();

        Assert.That(mutex.TryAcquire(TimeSpan.FromMilliseconds(30)), Is.False);
    }

    [Test]
    public void A_negative_timeout_is_refused_and_an_infinite_one_is_not()
    {
        using ProcessLock mutex = new();

        Assert.That(() => mutex.TryAcquire(TimeSpan.FromSeconds(-1)), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(mutex.TryAcquire(Timeout.InfiniteTimeSpan), Is.True);
    }

    [Test]
    public async Task Another_thread_may_release_it()
    {
        using ProcessLock mutex = new();
        mutex.Acquire();
        Task waiting = OnThread(mutex.Acquire);

        mutex.Release();

        await waiting.WaitAsync(Guard);
        Assert.That(mutex.TryAcquire(), Is.False);
    }

    [Test]
    public async Task Cancelling_ends_a_wait_with_the_callers_token()
    {
        using ProcessLock mutex = new();
        mutex.Acquire();
        using CancellationTokenSource source = new();
        Task blocking = OnThread(() => mutex.Acquire(source.Token));
        Task asynchronous = mutex.AcquireAsync(source.Token).AsTask();

        await source.CancelAsync();

        OperationCanceledException? first = Assert.CatchAsync<OperationCanceledException>(() => blocking.WaitAsync(Guard));
        OperationCanceledException? second = Assert.CatchAsync<OperationCanceledException>(() => asynchronous.WaitAsync(Guard));
        Assert.That(first!.CancellationToken, Is.EqualTo(source.Token));
        Assert.That(second!.CancellationToken, Is.EqualTo(source.Token));
    }

    [Test]
    public async Task An_asynchronous_wait_gets_the_lock_when_it_is_released()
    {
        using ProcessLock mutex = new();
        mutex.Acquire();
        ValueTask<ProcessLock.Scope> waiting = mutex.AcquireAsync();
        Assert.That(waiting.IsCompleted, Is.False);

        mutex.Release();

        using (await waiting.AsTask().WaitAsync(Guard)) Assert.That(mutex.TryAcquire(), Is.False);
        Assert.That(mutex.TryAcquire(), Is.True);
    }

    [Test]
    public async Task Hundreds_of_asynchronous_waits_are_served_without_a_thread_each()
    {
        using ProcessLock mutex = new();
        mutex.Acquire();
        int inside = 0;
        int most = 0;
        Task[] waits = [.. Enumerable.Range(0, 300).Select(async _ =>
        {
            using (await mutex.AcquireAsync())
            {
                most = Math.Max(most, ++inside);
                inside--;
            }
        })];
        int threads = ThreadPool.ThreadCount;

        mutex.Release();

        await Task.WhenAll(waits).WaitAsync(Guard);
        Assert.That(most, Is.EqualTo(1));
        Assert.That(threads, Is.LessThan(100));
    }

    [Test]
    public async Task Disposal_ends_waits_in_this_process()
    {
        ProcessLock mutex = new();
        mutex.Acquire();
        Task blocking = OnThread(mutex.Acquire);
        Task asynchronous = mutex.AcquireAsync().AsTask();

        mutex.Dispose();

        Assert.ThrowsAsync<ObjectDisposedException>(() => blocking.WaitAsync(Guard));
        Assert.ThrowsAsync<ObjectDisposedException>(() => asynchronous.WaitAsync(Guard));
        Assert.That(mutex.Acquire, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(mutex.Release, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => Write(mutex), Throws.TypeOf<ObjectDisposedException>());
        mutex.Dispose();
        await Task.CompletedTask;
    }

    [Test]
    public async Task A_lock_that_is_disposed_while_it_is_held_is_nobodys_however_the_two_meet()
    {
        // A waiter that spins or comes just now may find the memory after it was given back.
        for (int i = 0; i < 2_000; i++)
        {
            ProcessLock mutex = new();
            mutex.Acquire();
            using var begins = new Barrier(2);
            Task blocking = OnThread(() =>
            {
                begins.SignalAndWait();
                mutex.TryAcquire(Timeout.InfiniteTimeSpan);
            });
            begins.SignalAndWait();
            mutex.Dispose();
            try
            {
                await blocking.WaitAsync(Guard);
                Assert.Fail("It was acquired.");
            }
            catch (ObjectDisposedException)
            {
                // As promised.
            }
        }
    }

    [Test]
    public void Whoever_is_about_to_acquire_when_it_is_disposed_finds_no_free_lock()
    {
        ProcessLock plain = new();
        ProcessRecursiveLock recursive = new();
        LockState plainState = plain.State;
        RecursiveLockState recursiveState = recursive.State;

        plain.Dispose();
        recursive.Dispose();

        Assert.That(() => plainState.TryTake(), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => recursiveState.TryTake(), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void A_second_handle_of_the_same_process_is_the_same_lock_and_closes_by_itself()
    {
        using ProcessLock first = new();
        ProcessLock second = Copy(first);
        first.Acquire();

        Assert.That(second.TryAcquire(), Is.False);
        second.Dispose();
        first.Release();
        Assert.That(first.TryAcquire(), Is.True);
    }

    [Test]
    public async Task A_child_sees_who_has_it_and_may_release_it()
    {
        using ProcessLock mutex = new();
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
        using ProcessLock mutex = new();
        using SharedValue<int> counter = new();
        using ChildProcess blocking = ChildProcess.Start(SyncJobsTargets.Count(mutex, counter, 20_000));
        using ChildProcess<int> asynchronous = ChildProcess.Start(SyncJobsTargets.CountAsync(mutex, counter, 2_000));
        SyncJobs.Count(mutex, counter, 20_000);

        await blocking.Completion.WaitAsync(Guard);
        await asynchronous.Completion.WaitAsync(Guard);

        Assert.That(counter.Value, Is.EqualTo(42_000));
    }

    [Test]
    public async Task A_killed_holders_lock_goes_to_the_next_who_is_told()
    {
        using ProcessLock mutex = new();
        using ProcessEvent held = new();
        using ChildProcess child = ChildProcess.Start(SyncJobsTargets.HoldLock(mutex, held));
        held.Wait(Guard);
        Task blocking = OnThread(mutex.Acquire);

        child.Kill();

        Assert.ThrowsAsync<AbandonedMutexException>(() => blocking.WaitAsync(Guard));
        Assert.That(mutex.TryAcquire(), Is.False, "the one that was told holds it");
        mutex.Release();
        Assert.That(mutex.TryAcquire(), Is.True, "and the next is not told again");
        await Task.CompletedTask;
    }

    [Test]
    public void A_killed_holders_lock_goes_to_an_asynchronous_waiter_and_to_one_that_does_not_wait()
    {
        using ProcessLock mutex = new();
        using ProcessEvent held = new();
        using (ChildProcess child = ChildProcess.Start(SyncJobsTargets.HoldLock(mutex, held)))
        {
            held.Wait(Guard);
            Task waiting = mutex.AcquireAsync().AsTask();
            child.Kill();
            Assert.ThrowsAsync<AbandonedMutexException>(() => waiting.WaitAsync(Guard));
            mutex.Release();
            held.Reset();
        }

        using (ChildProcess child = ChildProcess.Start(SyncJobsTargets.HoldLock(mutex, held)))
        {
            held.Wait(Guard);
            child.Kill();
            child.Join(Guard);
            Assert.That(() => mutex.TryAcquire(), Throws.TypeOf<AbandonedMutexException>());
        }
    }

    [Test]
    public async Task A_holder_that_ends_in_good_order_has_abandoned_it_too()
    {
        using ProcessLock mutex = new();
        using ChildProcess child = ChildProcess.Start(SyncJobsTargets.EndHoldingLock(mutex));
        await child.WaitForExitAsync();

        Assert.That(mutex.Acquire, Throws.TypeOf<AbandonedMutexException>());
    }

    [Test]
    public async Task A_lock_that_only_its_maker_held_arrives_as_a_result_although_the_maker_ends()
    {
        using ChildProcess<ProcessLock> child = ChildProcess.Start(SyncJobsTargets.MakeHeldLock());
        using ProcessLock mutex = await child.Completion;
        await child.WaitForExitAsync();

        Assert.That(mutex.Acquire, Throws.TypeOf<AbandonedMutexException>());
    }
}
