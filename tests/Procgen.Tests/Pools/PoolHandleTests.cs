using System.Runtime.CompilerServices;
using NUnit.Framework;

namespace Procgen.Tests.Pools;

/// <summary>What calls hold of others ends with them, in whatever way that is.</summary>
[CancelAfter(120_000)]
public sealed class PoolHandleTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(1);

    [Test]
    public async Task A_call_that_cannot_be_encoded_fails_with_what_a_codec_threw_and_lets_its_handles_go()
    {
        await using var pool = new ProcessPool(1);
        (Connection<int> here, Connection<int> there) = ProcessPipe.Create<int>();
        using (here)
        {
            Task call = pool.RunAsync(PoolHandleJobsTargets.TouchWith(there, new Prickly()));
            there.Dispose();
            Assert.ThrowsAsync<FormatException>(() => call.WaitAsync(Guard));
            Assert.ThrowsAsync<EndOfStreamException>(() => here.ReceiveAsync().AsTask().WaitAsync(Guard));
        }
    }

    [Test]
    public async Task An_item_that_cannot_be_encoded_lets_its_handles_go()
    {
        await using var pool = new ProcessPool(1);
        (Connection<int> here, Connection<int> there) = ProcessPipe.Create<int>();
        using (here)
        {
            await foreach (CallOutcome<int> outcome in pool.MapOutcomesAsync(new[] { 1 }, _ => PoolHandleJobsTargets.TouchWith(there, new Prickly())))
                Assert.That(outcome.Exception, Is.TypeOf<FormatException>());

            there.Dispose();
            Assert.ThrowsAsync<EndOfStreamException>(() => here.ReceiveAsync().AsTask().WaitAsync(Guard));
        }
    }

    [Test]
    public async Task Items_that_a_terminated_pool_never_ran_let_their_handles_go()
    {
        var pool = new ProcessPool(1);
        Task busy = pool.RunAsync(PoolJobsTargets.Spin());
        await TestWait.UntilAsync(() => pool.Workers.Any(static worker => worker.RunningTarget is not null));
        (Connection<int> here, Connection<int> there) = ProcessPipe.Create<int>();
        using (here)
        {
            Task map = pool.MapAsync(new int[5], _ => PoolHandleJobsTargets.Touch(there), new PoolMapOptions { ChunkSize = 1 });
            await TestWait.UntilAsync(() => pool.GetStatistics().Queued > 2);
            there.Dispose();
            await pool.DisposeAsync();
            foreach (Task task in new[] { busy, map }) Assert.CatchAsync<OperationCanceledException>(() => task.WaitAsync(Guard));
            Assert.ThrowsAsync<EndOfStreamException>(() => here.ReceiveAsync().AsTask().WaitAsync(Guard));
        }
    }

    [Test]
    public async Task Calls_that_a_terminated_pool_never_ran_leave_nothing_at_their_tokens()
    {
        using var cancellation = new CancellationTokenSource();
        WeakReference[] arguments = await TerminateAsync(cancellation.Token);
        await TestWait.UntilAsync(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return !Array.Exists(arguments, static argument => argument.IsAlive);
        });
        await cancellation.CancelAsync();
    }

    /// <summary>Apart, so that nothing of it is on the stack afterwards.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference[]> TerminateAsync(CancellationToken token)
    {
        var pool = new ProcessPool(1);
        Task busy = pool.RunAsync(PoolJobsTargets.Spin(), cancellationToken: token);
        await TestWait.UntilAsync(() => pool.Workers.Any(static worker => worker.RunningTarget is not null));
        WeakReference[] arguments = new WeakReference[20];
        var calls = new Task[arguments.Length];
        for (int i = 0; i < arguments.Length; i++)
        {
            byte[] argument = new byte[1000];
            arguments[i] = new WeakReference(argument);
            calls[i] = pool.RunAsync(PoolJobsTargets.Echo(argument), cancellationToken: token);
        }

        await pool.DisposeAsync();
        foreach (Task call in calls.Prepend(busy)) Assert.CatchAsync<OperationCanceledException>(() => call.WaitAsync(Guard));
        return arguments;
    }

    /// <summary>Before it ends a worker waits ten seconds for what it has sent to be opened.</summary>
    [Test]
    public void A_result_that_cannot_be_written_leaves_no_handle_that_a_child_would_wait_for([Values] bool isAsync)
    {
        using ChildProcess<HalfWritten> child = ChildProcess.Start(isAsync ? PoolHandleJobsTargets.ReturnHalfLater() : PoolHandleJobsTargets.ReturnHalf());
        Assert.ThrowsAsync<FormatException>(() => child.Completion);
        Assert.That(child.Join(TimeSpan.FromSeconds(9)));
        Assert.That(child.ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task A_result_that_cannot_be_written_leaves_no_handle_that_a_worker_would_wait_for([Values] bool isAsync)
    {
        await using var pool = new ProcessPool(1);
        Assert.ThrowsAsync<FormatException>(() => pool.RunAsync(isAsync ? PoolHandleJobsTargets.ReturnHalfLater() : PoolHandleJobsTargets.ReturnHalf()).WaitAsync(Guard));
        Assert.That(await pool.RunAsync(PoolJobsTargets.Square(3)).WaitAsync(Guard), Is.EqualTo(9));
        Assert.That(pool.Close(TimeSpan.FromSeconds(9)));
    }

    [Test]
    public async Task A_reported_handle_arrives_though_another_report_that_began_before_it_fails_and_its_target_has_ended()
    {
        await using var pool = new ProcessPool(1);
        using var undo = new Undo(static () => Gate.Opens = static () => { });
        Gate.Opens = () => Assert.That(SpinWait.SpinUntil(() => pool.Workers.All(static worker => worker.RunningTarget is null), Guard));
        var taken = new TaskCompletionSource<int>();
        await pool.RunAsync(PoolHandleJobsTargets.ReportBesideAFailure(7, new Taking(taken))).WaitAsync(Guard);
        Assert.That(await taken.Task.WaitAsync(Guard), Is.EqualTo(7));
    }

    /// <summary>Before it ends a worker waits ten seconds for what it has sent to be opened.</summary>
    [Test]
    public async Task What_could_not_be_sent_does_not_count_as_opened_in_place_of_what_was()
    {
        await using var pool = new ProcessPool(1);
        var taken = new TaskCompletionSource<int>();
        await pool.RunAsync(PoolHandleJobsTargets.ReportAndFailToReportAgain(7, new Taking(taken))).WaitAsync(Guard);
        Assert.That(await taken.Task.WaitAsync(Guard), Is.EqualTo(7));
        Assert.That(pool.Close(TimeSpan.FromSeconds(9)));
    }

    [Test]
    public async Task What_found_a_queue_full_does_not_count_as_opened_in_place_of_what_was_sent()
    {
        await using var pool = new ProcessPool(1);
        using var full = new ProcessQueue<ProcessQueue<int>>(1);
        using var first = new ProcessQueue<int>();
        full.Put(first);
        var taken = new TaskCompletionSource<int>();
        await pool.RunAsync(PoolHandleJobsTargets.ReportAndFindAQueueFull(7, full, new Taking(taken))).WaitAsync(Guard);
        Assert.That(await taken.Task.WaitAsync(Guard), Is.EqualTo(7));
        Assert.That(pool.Close(TimeSpan.FromSeconds(9)));
    }

    /// <summary>As above: a worker would wait ten seconds.</summary>
    [Test]
    public async Task A_worker_does_not_wait_for_those_who_want_its_results_no_more()
    {
        await using var pool = new ProcessPool(1);
        await foreach (ProcessQueue<int> queue in pool.StreamAsync(PoolHandleJobsTargets.Queues(20)))
        {
            queue.Dispose();
            break;
        }

        using var begun = new ProcessEvent();
        using var opened = new ProcessEvent();
        using var cancellation = new CancellationTokenSource();
        Task<ProcessQueue<int>> call = pool.RunAsync(PoolHandleJobsTargets.ReturnQueueAfter(begun, opened), cancellationToken: cancellation.Token);
        await begun.WaitAsync().AsTask().WaitAsync(Guard);
        await cancellation.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => call.WaitAsync(Guard));
        opened.Set();
        Assert.That(pool.Close(TimeSpan.FromSeconds(9)));
    }

    private sealed class Undo(Action undo) : IDisposable
    {
        public void Dispose() => undo();
    }

    private sealed class Taking(TaskCompletionSource<int> taken) : IProgress<GatedQueue>
    {
        public void Report(GatedQueue value)
        {
            using (value.Queue) taken.SetResult(value.Queue.Take());
        }
    }
}
