using NUnit.Framework;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Synchronization;

public sealed class ProcessSemaphoreTests
{
    [Test]
    public void Permits_are_taken_and_given_back()
    {
        using ProcessSemaphore semaphore = new(2);
        Assert.That(semaphore.CurrentCount, Is.EqualTo(2));
        semaphore.Acquire();
        Assert.That(semaphore.CurrentCount, Is.EqualTo(1));
        Assert.That(semaphore.TryAcquire(), Is.True);
        Assert.That(semaphore.CurrentCount, Is.Zero);
        Assert.That(semaphore.TryAcquire(), Is.False);
        semaphore.Release();
        Assert.That(semaphore.CurrentCount, Is.EqualTo(1));
        semaphore.Release();
        Assert.That(semaphore.CurrentCount, Is.EqualTo(2));
    }

    [Test]
    public void Without_a_maximum_more_may_be_released_than_were_taken()
    {
        using ProcessSemaphore semaphore = new(2);
        semaphore.Release();
        semaphore.Release(3);

        Assert.That(semaphore.CurrentCount, Is.EqualTo(6));
    }

    [Test]
    public void A_release_over_the_maximum_is_refused_and_changes_nothing()
    {
        using ProcessSemaphore semaphore = new(1, 2);
        Assert.That(() => semaphore.Release(2), Throws.TypeOf<SemaphoreFullException>());
        semaphore.Release();
        Assert.That(() => semaphore.Release(), Throws.TypeOf<SemaphoreFullException>());

        Assert.That(semaphore.CurrentCount, Is.EqualTo(2));
    }

    [Test]
    public void Numbers_out_of_range_are_refused()
    {
        using ProcessSemaphore semaphore = new(0);
        Assert.That(() => new ProcessSemaphore(-1), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new ProcessSemaphore(0, 0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new ProcessSemaphore(3, 2), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => semaphore.Release(0), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Waits_give_up_after_their_timeouts()
    {
        using ProcessSemaphore semaphore = new(0);

        Assert.That(semaphore.TryAcquire(), Is.False);
        Assert.That(semaphore.TryAcquire(TimeSpan.FromMilliseconds(30)), Is.False);
    }

    [Test]
    public async Task One_release_of_many_wakes_as_many()
    {
        using ProcessSemaphore semaphore = new(0);
        Task[] waits = [.. Enumerable.Range(0, 3).Select(_ => OnThread(semaphore.Acquire)), .. Enumerable.Range(0, 3).Select(_ => semaphore.AcquireAsync().AsTask())];

        semaphore.Release(6);

        await Task.WhenAll(waits).WaitAsync(Guard);
        Assert.That(semaphore.CurrentCount, Is.Zero);
    }

    [Test]
    public async Task Cancelled_and_disposed_waits_take_nothing()
    {
        ProcessSemaphore semaphore = new(0);
        using ProcessSemaphore other = Copy(semaphore);
        using CancellationTokenSource source = new();
        Task[] cancelled = [OnThread(() => semaphore.Acquire(source.Token)), semaphore.AcquireAsync(source.Token).AsTask()];
        Task[] disposed = [OnThread(semaphore.Acquire), semaphore.AcquireAsync().AsTask()];

        await source.CancelAsync();
        foreach (Task wait in cancelled) Assert.CatchAsync<OperationCanceledException>(() => wait.WaitAsync(Guard));
        semaphore.Dispose();
        foreach (Task wait in disposed) Assert.ThrowsAsync<ObjectDisposedException>(() => wait.WaitAsync(Guard));
        other.Release();

        Assert.That(other.CurrentCount, Is.EqualTo(1));
    }

    [Test]
    public async Task Children_are_never_more_inside_than_there_are_permits()
    {
        using ProcessSemaphore semaphore = new(2);
        using SharedValue<int> inside = new();
        ChildProcess<int>[] children = [.. Enumerable.Range(0, 3).Select(_ => ChildProcess.Start(SyncJobsTargets.MostInside(semaphore, inside, 2_000)))];

        int[] most = await Task.WhenAll(children.Select(child => child.Completion)).WaitAsync(Guard);

        Assert.That(most, Is.All.LessThanOrEqualTo(2));
        Assert.That(semaphore.CurrentCount, Is.EqualTo(2));
        foreach (ChildProcess child in children) child.Dispose();
    }

    [Test]
    public void A_killed_processs_permits_come_back()
    {
        using ProcessSemaphore semaphore = new(3, 3);
        using ProcessEvent held = new();
        using ChildProcess child = ChildProcess.Start(SyncJobsTargets.HoldPermits(semaphore, 2, held));
        held.Wait(Guard);
        semaphore.Acquire();
        Task waiting = OnThread(semaphore.Acquire);

        child.Kill();

        Assert.That(waiting.Wait(Guard), Is.True);
        Assert.That(semaphore.CurrentCount, Is.EqualTo(1));
        semaphore.Release(2);
        Assert.That(() => semaphore.Release(), Throws.TypeOf<SemaphoreFullException>());
    }

    [Test]
    public void A_killed_processs_permits_are_counted_as_free_before_anybody_asks_for_one()
    {
        using ProcessSemaphore semaphore = new(3, 3);
        using ProcessEvent held = new();
        using ChildProcess child = ChildProcess.Start(SyncJobsTargets.HoldPermits(semaphore, 2, held));
        held.Wait(Guard);
        Assert.That(semaphore.CurrentCount, Is.EqualTo(1));

        child.Kill();
        child.Join(Guard);

        Assert.That(semaphore.CurrentCount, Is.EqualTo(3));
        Assert.That(() => semaphore.Release(), Throws.TypeOf<SemaphoreFullException>());
    }

    [Test]
    public void A_killed_processs_permits_that_were_counted_wake_those_who_wait()
    {
        using ProcessSemaphore semaphore = new(2);
        using ProcessEvent held = new();
        using ChildProcess child = ChildProcess.Start(SyncJobsTargets.HoldPermits(semaphore, 2, held));
        held.Wait(Guard);
        Task[] waits = [OnThread(semaphore.Acquire), semaphore.AcquireAsync().AsTask()];

        child.Kill();
        Await(() => semaphore.CurrentCount == 0 && waits.All(static wait => wait.IsCompletedSuccessfully), "the permits of the killed process");
    }

    [Test]
    public void A_killed_processs_permit_that_another_gave_back_for_it_does_not_come_back_twice()
    {
        using ProcessSemaphore semaphore = new(1);
        using ProcessEvent held = new();
        using ChildProcess child = ChildProcess.Start(SyncJobsTargets.HoldPermits(semaphore, 1, held));
        held.Wait(Guard);

        semaphore.Release();
        child.Kill();
        child.Join(Guard);

        Assert.That(semaphore.TryAcquire(), Is.True);
        Assert.That(semaphore.TryAcquire(), Is.False);
    }

    [Test]
    public void Signals_that_a_killed_process_had_taken_do_not_come_back()
    {
        using ProcessSemaphore semaphore = new(0);
        using ProcessEvent held = new();
        semaphore.Release(2);
        using ChildProcess child = ChildProcess.Start(SyncJobsTargets.HoldPermits(semaphore, 2, held));
        held.Wait(Guard);

        child.Kill();
        child.Join(Guard);

        Assert.That(semaphore.TryAcquire(), Is.False);
    }

    [Test]
    public async Task What_a_process_took_that_ended_in_good_order_stays_taken()
    {
        using ProcessSemaphore slots = new(3, 3);
        using ChildProcess producer = ChildProcess.Start(SyncJobsTargets.TakePermits(slots, 2));
        await producer.WaitForExitAsync();

        Assert.That(slots.TryAcquire(), Is.True);
        Assert.That(slots.TryAcquire(), Is.False);
        using ChildProcess consumer = ChildProcess.Start(SyncJobsTargets.ReleasePermits(slots, 2));
        await consumer.Completion;
        Assert.That(slots.CurrentCount, Is.EqualTo(2));
    }
}
