using System.Diagnostics;
using System.Diagnostics.Tracing;
using NUnit.Framework;
using Procgen.Calls;
using Procgen.Pools;

namespace Procgen.Tests.Pools;

[CancelAfter(120_000)]
public sealed class PoolStaffTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(1);

    [Test]
    public async Task Workers_on_their_way_do_not_stay_in_a_pool_that_has_become_smaller()
    {
        await using var pool = new Pool(1, new ProcessPoolOptions { Name = "shrinking" });
        await pool.Core.Staff.WhenReadyAsync().WaitAsync(Guard);
        using var launch = new HeldLaunch("shrinking");
        pool.Core.Staff.Resize(4);
        Assert.That(launch.Reached.Wait(Guard), Is.True);
        pool.Core.Staff.Resize(1);
        launch.Held.Set();
        await pool.WhenStartedAsync();
        Assert.That(launch.Count, Is.EqualTo(1), "those that had not been started are not");
        Assert.That(pool.Active, Is.EqualTo(1), "the one that had is let go");
    }

    [Test]
    public async Task A_worker_that_is_used_up_ends_though_the_pool_has_become_too_small_for_its_successor()
    {
        await using var pool = new Pool(2, new ProcessPoolOptions { MaxCallsPerWorker = 2 });
        await pool.Core.Staff.WhenReadyAsync().WaitAsync(Guard);
        using var held = new ManualResetEventSlim();
        pool.Core.Staff.Starter.Post(() => held.Wait(Guard));
        for (int i = 0; i < 3; i++) await pool.RunAsync(PoolJobsTargets.IdHere()); // Two of them on one worker.
        await TestWait.UntilAsync(() => pool.Count(MemberState.Spent) == 1);
        pool.Core.Staff.Resize(1);
        held.Set();
        await TestWait.UntilAsync(() => pool.Count(MemberState.Ready) == 1 && pool.Members == 1);
    }

    [Test]
    public async Task A_worker_that_nobody_follows_is_no_restart()
    {
        await using var shrunk = new Pool(3, new ProcessPoolOptions { MaxCallsPerWorker = 1000 });
        await shrunk.Core.Staff.WhenReadyAsync().WaitAsync(Guard);
        shrunk.Core.Staff.Resize(1);
        await TestWait.UntilAsync(() => shrunk.Members == 1);
        Assert.That(PoolReport.Of(shrunk.Core).Restarts, Is.Zero);

        await using var elastic = new Pool(1, new ProcessPoolOptions { MinProcesses = 0 });
        int id = await elastic.RunAsync(PoolJobsTargets.IdHere());
        await TestWait.UntilAsync(() => PoolReport.Of(elastic.Core).Running == 0);
        Process.GetProcessById(id).Kill();
        await TestWait.UntilAsync(() => elastic.Members == 0);
        Assert.That(PoolReport.Of(elastic.Core).Restarts, Is.Zero);
    }

    [Test]
    public async Task A_used_up_worker_is_one_restart_though_it_dies_before_its_successor_is_there()
    {
        await using var pool = new Pool(1, new ProcessPoolOptions { MaxCallsPerWorker = 1 });
        await pool.Core.Staff.WhenReadyAsync().WaitAsync(Guard);
        using var held = new ManualResetEventSlim();
        pool.Core.Staff.Starter.Post(() => held.Wait(Guard));
        int id = await pool.RunAsync(PoolJobsTargets.IdHere());
        await TestWait.UntilAsync(() => pool.Count(MemberState.Spent) == 1);
        Assert.That(PoolReport.Of(pool.Core).Restarts, Is.EqualTo(1));
        Process.GetProcessById(id).Kill();
        await TestWait.UntilAsync(() => pool.Members == 0);
        held.Set();
        await pool.Core.Staff.WhenReadyAsync().WaitAsync(Guard);
        Assert.That(PoolReport.Of(pool.Core).Restarts, Is.EqualTo(1));
    }

    /// <summary>A pool with its inside out.</summary>
    private sealed class Pool(int processes, ProcessPoolOptions options) : IAsyncDisposable
    {
        public PoolCore Core { get; } = new(new PoolSettings(processes, options));

        /// <summary>Those included that end.</summary>
        public int Members => Count(static _ => true);

        public int Active => Count(static member => member.State < MemberState.Spent);

        public int Count(MemberState state) => Count(member => member.State == state);

        public async Task<int> RunAsync(ProcessCall<int> call)
        {
            var pending = new PendingResult<int>(call);
            Core.Submit(new CallWork(pending, Core.DefaultOptions, Core.Heap), CancellationToken.None);
            return await pending.Task.WaitAsync(Guard);
        }

        /// <summary>Completes when all workers that were asked for have been started, or not.</summary>
        public Task WhenStartedAsync()
        {
            var passed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Core.Staff.Starter.Post(passed.SetResult);
            return passed.Task.WaitAsync(Guard);
        }

        public async ValueTask DisposeAsync()
        {
            Core.Life.Terminate();
            await Core.Life.Ended.WaitAsync(Guard);
        }

        private int Count(Predicate<PoolMember> predicate)
        {
            lock (Core.Gate) return Core.CountMembers(predicate);
        }
    }

    /// <summary>Holds up the start of a pool's workers, whose processes are there already.</summary>
    private sealed class HeldLaunch(string pool) : EventListener
    {
        private int _count;

        public ManualResetEventSlim Reached { get; } = new();

        public ManualResetEventSlim Held { get; } = new();

        public int Count => Volatile.Read(ref _count);

        public override void Dispose()
        {
            base.Dispose();
            Reached.Dispose();
            Held.Dispose();
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Procgen") EnableEvents(eventSource, EventLevel.Informational);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.EventName != "ProcessStarted" || eventData.Payload?[0] is not string name || !name.StartsWith(pool, StringComparison.Ordinal)) return;
            Interlocked.Increment(ref _count);
            Reached.Set();
            Held.Wait(Guard);
        }
    }
}
