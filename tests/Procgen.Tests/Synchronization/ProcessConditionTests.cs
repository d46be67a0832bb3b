using NUnit.Framework;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Synchronization;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ProcessConditionTests : IDisposable
{
    private readonly ProcessCondition _condition = new();
    private readonly ProcessSemaphore _sleeping = new(0);
    private readonly ProcessSemaphore _woken = new(0);

    public void Dispose()
    {
        _condition.Dispose();
        _sleeping.Dispose();
        _woken.Dispose();
    }

    [Test]
    public async Task One_notification_wakes_one_waiter_in_any_process()
    {
        using ChildProcess<bool> child = ChildProcess.Start(Waiting());
        Task<bool> thread = WaitOnThread();
        AwaitSleeping(2);

        Notify(1);
        AwaitWoken(1);
        Notify(1);
        AwaitWoken(1);

        Assert.That(await child.Completion.WaitAsync(Guard), Is.True);
        Assert.That(await thread.WaitAsync(Guard), Is.True);
        Assert.That(_woken.TryAcquire(), Is.False);
    }

    [Test]
    public async Task Notifying_all_wakes_all_and_those_whose_time_was_up_before_do_not_count()
    {
        using (ChildProcess<bool> late = ChildProcess.Start(SyncJobsTargets.WaitForCondition(_condition, _sleeping, _woken, TimeSpan.FromMilliseconds(20))))
        {
            AwaitSleeping(1);
            Assert.That(await late.Completion.WaitAsync(Guard), Is.False);
            AwaitWoken(1);
        }

        ChildProcess<bool>[] children = [.. Enumerable.Range(0, 3).Select(_ => ChildProcess.Start(Waiting()))];
        Task<bool>[] threads = [.. Enumerable.Range(0, 3).Select(_ => WaitOnThread())];
        AwaitSleeping(6);
        Assert.That(_woken.TryAcquire(), Is.False);

        Notify(int.MaxValue);

        AwaitWoken(6);
        bool[] notified = await Task.WhenAll([.. children.Select(child => child.Completion), .. threads]).WaitAsync(Guard);
        Assert.That(notified, Is.All.True);
        foreach (ChildProcess child in children) child.Dispose();
    }

    [Test]
    public async Task Notifying_n_wakes_n()
    {
        ChildProcess<bool>[] children = [.. Enumerable.Range(0, 2).Select(_ => ChildProcess.Start(Waiting()))];
        Task<bool>[] threads = [.. Enumerable.Range(0, 4).Select(_ => WaitOnThread())];
        AwaitSleeping(6);

        Notify(2);
        AwaitWoken(2);
        Assert.That(_woken.TryAcquire(TimeSpan.FromMilliseconds(50)), Is.False);
        Notify(4);
        AwaitWoken(4);
        Notify(3);

        await Task.WhenAll([.. children.Select(child => child.Completion), .. threads]).WaitAsync(Guard);
        Assert.That(_woken.TryAcquire(), Is.False);
        foreach (ChildProcess child in children) child.Dispose();
    }

    [Test]
    public void A_wait_gives_up_after_its_timeout_and_holds_the_lock()
    {
        using (_condition.EnterScope())
        {
            Assert.That(_condition.Wait(TimeSpan.FromMilliseconds(20)), Is.False);
            Assert.That(_condition.Wait(TimeSpan.Zero), Is.False);
            Assert.That(OnThread(() => _condition.TryAcquire()).Result, Is.False);
        }

        Assert.That(_condition.TryAcquire(), Is.True);
    }

    [Test]
    public async Task A_wait_frees_the_lock_however_often_it_was_taken_and_takes_it_as_often_again()
    {
        Task<bool> waiting = OnThread(() =>
        {
            using (_condition.EnterScope())
            using (_condition.EnterScope())
            {
                _sleeping.Release();
                return _condition.Wait(Guard);
            }
        });
        AwaitSleeping(1);

        Notify(1);

        Assert.That(await waiting.WaitAsync(Guard), Is.True);
        Assert.That(_condition.TryAcquire(), Is.True);
    }

    [Test]
    public async Task Waiting_for_a_value_looks_at_each_notification()
    {
        using SharedValue<int> state = new();
        using ProcessEvent ready = new();
        using ChildProcess<bool> child = ChildProcess.Start(SyncJobsTargets.WaitForValue(_condition, state, ready, 4, Guard));
        ready.Wait(Guard);
        for (int i = 0; i < 4; i++)
        {
            using (_condition.EnterScope())
            {
                state.Value++;
                _condition.Notify();
            }
        }

        Assert.That(await child.Completion.WaitAsync(Guard), Is.True);
    }

    [Test]
    public async Task Waiting_for_a_value_that_does_not_come_says_so()
    {
        using SharedValue<int> state = new();
        using ProcessEvent ready = new();
        using ChildProcess<bool> child = ChildProcess.Start(SyncJobsTargets.WaitForValue(_condition, state, ready, 4, TimeSpan.FromMilliseconds(100)));
        ready.Wait(Guard);
        for (int i = 0; i < 3; i++)
        {
            using (_condition.EnterScope())
            {
                state.Value++;
                _condition.Notify();
            }
        }

        Assert.That(await child.Completion.WaitAsync(Guard), Is.False);
    }

    [Test]
    public void Waiting_and_notifying_need_the_lock()
    {
        Assert.That(() => _condition.Wait(TimeSpan.Zero), Throws.TypeOf<SynchronizationLockException>());
        Assert.That(() => _condition.Notify(), Throws.TypeOf<SynchronizationLockException>());
        Assert.That(_condition.NotifyAll, Throws.TypeOf<SynchronizationLockException>());
        Assert.That(_condition.Release, Throws.TypeOf<SynchronizationLockException>());
    }

    [Test]
    public async Task Over_a_plain_lock_it_works_alike_and_has_no_recursive_lock()
    {
        using ProcessLock mutex = new();
        using ProcessCondition plain = new(mutex);
        using ProcessCondition copy = Copy(plain);
        Task<bool> waiting = OnThread(() =>
        {
            using (copy.EnterScope())
            {
                _sleeping.Release();
                return copy.Wait(Guard);
            }
        });
        AwaitSleeping(1);

        using (plain.EnterScope()) plain.Notify();

        Assert.That(await waiting.WaitAsync(Guard), Is.True);
        Assert.That(() => plain.Lock, Throws.InvalidOperationException);
        Assert.That(_condition.Lock, Is.Not.Null);
    }

    [Test]
    public async Task Two_conditions_share_one_lock()
    {
        using ProcessRecursiveLock mutex = new();
        using ProcessCondition first = new(mutex);
        using ProcessCondition second = new(mutex);
        Task<bool> waiting = OnThread(() =>
        {
            using (first.EnterScope())
            {
                _sleeping.Release();
                return first.Wait(Guard);
            }
        });
        AwaitSleeping(1);

        using (second.EnterScope())
        {
            second.NotifyAll();
            first.NotifyAll();
        }

        Assert.That(await waiting.WaitAsync(Guard), Is.True);
    }

    [Test]
    public void A_cancelled_wait_holds_the_lock_and_is_not_notified_any_more()
    {
        using CancellationTokenSource source = new();
        Task waiting = OnThread(() =>
        {
            _condition.Acquire();
            _sleeping.Release();
            try
            {
                _condition.Wait(Guard, source.Token);
            }
            finally
            {
                _condition.Release();
            }
        });
        AwaitSleeping(1);
        Task<bool> other = WaitOnThread();
        AwaitSleeping(1);

        source.Cancel();
        Assert.CatchAsync<OperationCanceledException>(() => waiting.WaitAsync(Guard));
        Notify(1);

        Assert.That(other.Wait(Guard) && other.Result, Is.True);
    }

    [Test]
    public async Task A_killed_waiter_does_not_swallow_the_notification()
    {
        ChildProcess<bool> child = ChildProcess.Start(Waiting());
        AwaitSleeping(1);
        Task<bool> other = WaitOnThread();
        AwaitSleeping(1);

        child.Kill();
        child.Join(Guard);
        Notify(1);

        Assert.That(await other.WaitAsync(Guard), Is.True);
        child.Dispose();
    }

    [Test]
    public async Task A_notification_that_its_receiver_did_not_live_to_use_goes_to_another()
    {
        ChildProcess<bool> child = ChildProcess.Start(Waiting());
        AwaitSleeping(1);
        Task<bool> other = WaitOnThread();
        AwaitSleeping(1);

        // The child is notified but cannot come back while this holds the lock.
        using (_condition.EnterScope())
        {
            _condition.Notify();
            child.Kill();
            child.Join(Guard);
        }

        Assert.That(await other.WaitAsync(Guard), Is.True);
        child.Dispose();
    }

    private ProcessCall<bool> Waiting() => SyncJobsTargets.WaitForCondition(_condition, _sleeping, _woken, Guard);

    private Task<bool> WaitOnThread() => OnThread(() => SyncJobs.WaitForCondition(_condition, _sleeping, _woken, Guard));

    private void Notify(int count)
    {
        using (_condition.EnterScope()) _condition.Notify(count);
    }

    /// <summary>Each says so with the lock held, so once we have had it too they sleep.</summary>
    private void AwaitSleeping(int count)
    {
        for (int i = 0; i < count; i++) Assert.That(_sleeping.TryAcquire(Guard), Is.True);
        _condition.Acquire();
        _condition.Release();
    }

    private void AwaitWoken(int count)
    {
        for (int i = 0; i < count; i++) Assert.That(_woken.TryAcquire(Guard), Is.True);
    }
}
