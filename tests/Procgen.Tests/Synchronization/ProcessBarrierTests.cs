using System.Buffers;
using NUnit.Framework;
using Procgen.CompilerServices;
using Procgen.Shared;
using Procgen.Synchronization;
using Procgen.Tests.Queues;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Synchronization;

public sealed class ProcessBarrierTests
{
    [Test]
    public async Task Parties_pass_together_round_after_round()
    {
        using ProcessBarrier barrier = new(4);
        using SharedArray<int> steps = new(4);
        ChildProcess[] children = [.. Enumerable.Range(0, 3).Select(me => ChildProcess.Start(SyncJobsTargets.MeetInSteps(barrier, steps, me, 100)))];
        await OnThread(() => SyncJobs.MeetInSteps(barrier, steps, 3, 100)).WaitAsync(Guard);

        foreach (ChildProcess child in children)
        {
            await child.Completion.WaitAsync(Guard);
            child.Dispose();
        }

        Assert.That(barrier.WaitingCount, Is.Zero);
    }

    [Test]
    public async Task A_thousand_rounds_pass_with_a_different_place_for_each_party()
    {
        using ProcessBarrier barrier = new(2);
        using ChildProcess<int[]> child = ChildProcess.Start(SyncJobsTargets.PassBarrier(barrier, 1_000));
        int[] mine = await OnThread(() => SyncJobs.PassBarrier(barrier, 1_000)).WaitAsync(Guard);

        int[] theirs = await child.Completion.WaitAsync(Guard);

        Assert.That(mine.Zip(theirs, static (left, right) => left + right), Is.All.EqualTo(1));
    }

    [Test]
    public async Task The_action_runs_once_a_round_before_anyone_passes()
    {
        using SharedValue<int> actions = new();
        using ProcessBarrier barrier = new(3, SyncJobsTargets.AddOne(actions));
        using ChildProcess<int[]> child = ChildProcess.Start(SyncJobsTargets.PassBarrier(barrier, 5));
        Task<int> other = OnThread(() =>
        {
            for (int round = 1; round <= 5; round++)
            {
                barrier.Wait();
                if (actions.Value < round) return -1;
            }

            return 5;
        });
        for (int round = 1; round <= 5; round++)
        {
            barrier.Wait(Guard);
            Assert.That(actions.Value, Is.GreaterThanOrEqualTo(round));
        }

        await child.Completion.WaitAsync(Guard);
        Assert.That(await other.WaitAsync(Guard), Is.EqualTo(5));
        Assert.That(actions.Value, Is.EqualTo(5));
    }

    [Test]
    public void An_action_that_fails_breaks_the_barrier_and_its_runner_sees_why()
    {
        using ProcessBarrier barrier = new(2, SyncJobsTargets.Fail());
        Task<string> other = OnThread(() => SyncJobs.BreakOn(barrier));
        Await(() => barrier.WaitingCount == 1, "the other party");

        Assert.That(() => barrier.Wait(Guard), Throws.InvalidOperationException.With.Message.EqualTo("the action failed"));
        Assert.That(other.Wait(Guard) ? other.Result : null, Is.EqualTo("broken"));
        Assert.That(barrier.IsBroken, Is.True);
    }

    [Test]
    public async Task Aborting_breaks_it_for_those_who_wait_and_those_who_come_until_it_is_reset()
    {
        using ProcessBarrier barrier = new(3);
        using ChildProcess<string> child = ChildProcess.Start(SyncJobsTargets.BreakOn(barrier));
        Await(() => barrier.WaitingCount == 1, "the child");

        barrier.Abort();

        Assert.That(await child.Completion.WaitAsync(Guard), Is.EqualTo("broken"));
        Assert.That(barrier.IsBroken, Is.True);
        Assert.That(() => barrier.Wait(), Throws.TypeOf<BarrierBrokenException>());
        barrier.Reset();
        Assert.That(barrier.IsBroken, Is.False);
        await PassAll(barrier);
    }

    [Test]
    public async Task Resetting_breaks_it_for_those_who_wait_only()
    {
        using ProcessBarrier barrier = new(3);
        using ChildProcess<string> child = ChildProcess.Start(SyncJobsTargets.BreakOn(barrier));
        Await(() => barrier.WaitingCount == 1, "the child");

        barrier.Reset();

        Assert.That(await child.Completion.WaitAsync(Guard), Is.EqualTo("broken"));
        Assert.That(barrier.IsBroken, Is.False);
        await PassAll(barrier);
    }

    [Test]
    public async Task A_timeout_breaks_it_for_all()
    {
        using ProcessBarrier barrier = new(3);
        using ChildProcess<string> child = ChildProcess.Start(SyncJobsTargets.BreakOn(barrier));
        Await(() => barrier.WaitingCount == 1, "the child");

        Assert.That(() => barrier.Wait(TimeSpan.FromMilliseconds(20)), Throws.TypeOf<BarrierBrokenException>());

        Assert.That(await child.Completion.WaitAsync(Guard), Is.EqualTo("broken"));
    }

    [Test]
    public void Its_own_timeout_counts_where_none_is_given_also_behind_a_handle()
    {
        using ProcessBarrier barrier = new(2, null, TimeSpan.FromMilliseconds(20));
        using ProcessBarrier copy = Copy(barrier);

        Assert.That(() => copy.Wait(), Throws.TypeOf<BarrierBrokenException>());
    }

    [Test]
    public void A_cancelled_party_breaks_it()
    {
        using ProcessBarrier barrier = new(2);
        using CancellationTokenSource source = new();
        Task waiting = OnThread(() => barrier.Wait(null, source.Token));
        Await(() => barrier.WaitingCount == 1, "the party");

        source.Cancel();

        Assert.CatchAsync<OperationCanceledException>(() => waiting.WaitAsync(Guard));
        Assert.That(barrier.IsBroken, Is.True);
    }

    [Test]
    public void One_party_passes_alone()
    {
        using ProcessBarrier barrier = new(1);

        Assert.That(barrier.Wait(), Is.Zero);
        Assert.That(barrier.Wait(), Is.Zero);
        Assert.That(barrier.Parties, Is.EqualTo(1));
        Assert.That(() => new ProcessBarrier(0), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_party_that_is_killed_while_it_waits_breaks_it_for_those_who_wait()
    {
        using ProcessBarrier barrier = new(3);
        using ChildProcess<string> child = ChildProcess.Start(SyncJobsTargets.BreakOn(barrier));
        Await(() => barrier.WaitingCount == 1, "the child");
        Task<string> other = OnThread(() => SyncJobs.BreakOn(barrier));
        Await(() => barrier.WaitingCount == 2, "the thread");

        child.Kill();

        Assert.That(other.Wait(Guard) ? other.Result : null, Is.EqualTo("broken"));
    }

    [Test]
    public void A_party_that_was_killed_while_it_waited_breaks_it_for_the_last_to_arrive()
    {
        using ProcessBarrier barrier = new(2);
        using ChildProcess<string> child = ChildProcess.Start(SyncJobsTargets.BreakOn(barrier));
        Await(() => barrier.WaitingCount == 1, "the child");
        child.Kill();
        child.Join(Guard);

        Assert.That(() => barrier.Wait(), Throws.TypeOf<BarrierBrokenException>());
    }

    [Test]
    public void A_process_that_dies_in_the_action_breaks_it()
    {
        using ProcessBarrier barrier = new(2, SyncJobsTargets.EndProcess());
        Task<string> waiting = OnThread(() => SyncJobs.BreakOn(barrier));
        Await(() => barrier.WaitingCount == 1, "the thread");
        using ChildProcess<string> child = ChildProcess.Start(SyncJobsTargets.BreakOn(barrier), new ProcessOptions { StandardError = OutputMode.Discard });

        Assert.That(waiting.Wait(Guard) ? waiting.Result : null, Is.EqualTo("broken"));
    }

    [Test]
    public void A_process_that_dies_while_it_breaks_the_barrier_leaves_nobody_waiting()
    {
        using SharedBarrierState state = SharedBarrierState.Create(2);
        using ProcessBarrier barrier = new(state, action: null, timeout: null);
        Task<string> waiting = OnThread(() => SyncJobs.BreakOn(barrier));
        Await(() => barrier.WaitingCount == 1, "the thread");
        using SharedPart part = PartOf(state);
        new Gate(part, 0).Enter();

        // Broken, nobody counted any more, and killed before the round moved on.
        part.At<int>(BarrierRounds.ChangesField + (5 * sizeof(int))) = 1;
        part.At<int>(BarrierRounds.ChangesField + (2 * sizeof(int))) = 0;
        Volatile.Write(ref part.At<ulong>(0), DeadProcess.Token);

        Assert.That(waiting.Wait(Guard) ? waiting.Result : null, Is.EqualTo("broken"));
    }

    private static SharedPart PartOf(SharedBarrierState state)
    {
        ArrayBufferWriter<byte> bytes = new();
        PayloadWriter writer = new(bytes, null);
        state.Write(ref writer);
        writer.Flush();
        PayloadReader reader = new(bytes.WrittenSpan);
        HandleKinds.Read(ref reader);
        return SharedPart.Read(ref reader, BarrierRounds.SizeFor(state.Parties));
    }

    private static async Task PassAll(ProcessBarrier barrier)
    {
        int[] places = await Task.WhenAll(Enumerable.Range(0, barrier.Parties).Select(_ => OnThread(() => barrier.Wait(Guard)))).WaitAsync(Guard);
        Assert.That(places, Is.EquivalentTo(Enumerable.Range(0, barrier.Parties)));
    }
}
