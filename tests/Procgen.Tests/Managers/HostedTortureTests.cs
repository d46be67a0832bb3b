using NUnit.Framework;
using Procgen.Tests.Queues;
using Procgen.Tests.Synchronization;
using QueueJobs = Procgen.Tests.Queues.TortureJobsTargets;
using SyncJobs = Procgen.Tests.Synchronization.TortureJobsTargets;

namespace Procgen.Tests.Managers;

/// <summary>The torture of locks and queues in shared memory, for those whose state lives in a manager's server.</summary>
public sealed class HostedTortureTests : ManagerTests
{
    private static int Kills => Math.Max(1, TortureTests.Kills / 8);

    [Test]
    public void A_lock_outlives_its_holders_and_waiters()
    {
        using ProcessLock mutex = Manager.CreateLock();
        TortureTests.Torture((board, me) => SyncJobs.Lock(board, me, mutex), Kills);
    }

    [Test]
    public void A_lock_outlives_its_asynchronous_waiters()
    {
        using ProcessLock mutex = Manager.CreateLock();
        TortureTests.Torture((board, me) => SyncJobs.AsynchronousLock(board, me, mutex), Kills);
    }

    [Test]
    public void A_recursive_lock_outlives_its_holders_and_waiters()
    {
        using ProcessRecursiveLock mutex = Manager.CreateRecursiveLock();
        TortureTests.Torture((board, me) => SyncJobs.RecursiveLock(board, me, mutex), Kills);
    }

    [Test]
    public void A_semaphore_gets_back_every_permit_of_the_dead()
    {
        using ProcessSemaphore semaphore = Manager.CreateSemaphore(2, 2);
        TortureTests.Torture((board, me) => SyncJobs.Semaphore(board, me, semaphore), Kills);

        Assert.That(semaphore.TryAcquire(Handles.Guard) && semaphore.TryAcquire(Handles.Guard), Is.True);
        Assert.That(semaphore.TryAcquire(), Is.False);
    }

    [Test]
    public void A_condition_outlives_notifiers_and_waiters()
    {
        using ProcessCondition condition = Manager.CreateCondition();
        using var tokens = new SharedValue<int>(1);
        TortureTests.Torture((board, me) => SyncJobs.Condition(board, me, condition, tokens), Kills);
    }

    [Test]
    public void A_barrier_breaks_and_goes_on()
    {
        using ProcessBarrier barrier = Manager.CreateBarrier(TortureTests.Processes);
        TortureTests.Torture((board, me) => SyncJobs.Barrier(board, me, barrier), Kills);
    }

    [Test]
    public void A_queue_survives_whatever_is_killed()
    {
        using ProcessQueue<TortureItem> queue = Manager.CreateQueue<TortureItem>();
        using var torture = new Torture(job => QueueJobs.UseQueue(queue, job.Path, job.Processes, job.Number, job.Ready), Kills);
        torture.Run();
        torture.JoinCrew();

        // All leases have come back, or this would not end.
        queue.CompleteAdding();
        foreach (TortureItem item in queue.ReadAll()) torture.Ledger.Note(item.Id);
        torture.AssertNoFaults();
    }
}
