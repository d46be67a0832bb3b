using System.Globalization;
using NUnit.Framework;
using Procgen.Tests.SharedMemory;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Synchronization;

/// <summary>
/// Six processes use a primitive while one is killed at a random instant and replaced, paced by the replacement's
/// readiness. PROCGEN_TORTURE_KILLS sets how often; PROCGEN_TORTURE_SEED repeats a run's choices.
/// </summary>
[Parallelizable(ParallelScope.Children)]
public sealed class TortureTests
{
    internal const int Processes = 6;

    internal static int Kills { get; } = FromEnvironment("PROCGEN_TORTURE_KILLS", 200);

    private static int Seed { get; } = FromEnvironment("PROCGEN_TORTURE_SEED", Environment.TickCount);

    [Test]
    public void A_lock_outlives_its_holders_and_waiters()
    {
        using ProcessLock mutex = new();
        Torture((board, me) => TortureJobsTargets.Lock(board, me, mutex));
    }

    [Test]
    public void A_lock_outlives_its_asynchronous_waiters()
    {
        using ProcessLock mutex = new();
        Torture((board, me) => TortureJobsTargets.AsynchronousLock(board, me, mutex), Kills / 4);
    }

    [Test]
    public void A_recursive_lock_outlives_its_holders_and_waiters()
    {
        using ProcessRecursiveLock mutex = new();
        Torture((board, me) => TortureJobsTargets.RecursiveLock(board, me, mutex));
    }

    [Test]
    public void A_semaphore_gets_back_every_permit_of_the_dead()
    {
        using ProcessSemaphore semaphore = new(2, 2);
        Torture((board, me) => TortureJobsTargets.Semaphore(board, me, semaphore));

        Assert.That(semaphore.TryAcquire(Guard) && semaphore.TryAcquire(Guard), Is.True);
        Assert.That(semaphore.TryAcquire(), Is.False);
    }

    [Test]
    public void An_event_outlives_those_who_set_it()
    {
        using ProcessEvent signal = new();
        Torture((board, me) => TortureJobsTargets.Event(board, me, signal));
    }

    [Test]
    public void A_condition_outlives_notifiers_and_waiters()
    {
        using ProcessCondition condition = new();
        using SharedValue<int> tokens = new(1);
        Torture((board, me) => TortureJobsTargets.Condition(board, me, condition, tokens));
    }

    [Test]
    public void A_barrier_breaks_and_goes_on()
    {
        using ProcessBarrier barrier = new(Processes);

        // Those who wait for the others when it is time to stop are let go.
        Torture((board, me) => TortureJobsTargets.Barrier(board, me, barrier));
    }

    /// <param name="use">What the process of a number does.</param>
    /// <param name="kills">How many are killed; by default <see cref="Kills"/>.</param>
    internal static void Torture(Func<TortureBoard, int, ProcessCall> use, int? kills = null)
    {
        TestContext.Out.WriteLine($"PROCGEN_TORTURE_SEED={Seed}");
        Random random = new(Seed);
        TortureBoard board = TortureBoard.Create(Processes);
        int total = kills ?? Kills;
        Footprint early = default;
        ChildProcess[] processes = new ChildProcess[Processes];
        for (int i = 0; i < Processes; i++) processes[i] = ChildProcess.Start(use(board, i));
        AwaitReady(board, processes, Processes);

        for (int kill = 0; kill < total; kill++)
        {
            // By now everything has been loaded and compiled.
            if (kill == total / 4) early = Footprint.Take();
            int victim = random.Next(Processes);
            board.Hurry(true);
            long progress = board.ProgressOf(victim);
            Await(() => board.ProgressOf(victim) != progress, "the victim at work");
            Thread.SpinWait(random.Next(5_000));
            processes[victim].Kill();
            board.Hurry(false);
            if (!processes[victim].Join(Guard)) Assert.Fail("A killed process did not end.");
            processes[victim].Dispose();
            processes[victim] = ChildProcess.Start(use(board, victim));
            AwaitReady(board, processes, 1);
        }

        long[] before = [.. Enumerable.Range(0, Processes).Select(board.ProgressOf)];
        for (int i = 0; i < Processes; i++) Await(() => board.ProgressOf(i) != before[i], $"progress of process {i}");
        board.Stop();
        foreach (ChildProcess process in processes)
        {
            Assert.That(process.Completion.Wait(Guard), Is.True);
            process.Dispose();
        }

        Footprint.AssertNotGrownSince(early);
        board.State.Dispose();
        board.Ready.Dispose();
    }

    /// <summary>Each one that starts says so once it has used the primitive; an error of any ends the test.</summary>
    private static void AwaitReady(TortureBoard board, ChildProcess[] processes, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (board.Ready.TryAcquire(Guard)) continue;
            foreach (ChildProcess process in processes) process.Dispose();
            Assert.Fail("No step was made: the primitive is stuck.");
        }
    }

    private static int FromEnvironment(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : otherwise;
}
