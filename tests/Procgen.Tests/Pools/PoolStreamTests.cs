using NUnit.Framework;

namespace Procgen.Tests.Pools;

/// <summary>What is left of a stream, in the worker and of its arguments, once it has ended for whatever reason.</summary>
[CancelAfter(120_000)]
public sealed class PoolStreamTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(1);

    [Test]
    public async Task A_stream_with_an_item_that_cannot_be_read_is_cancelled_in_its_worker()
    {
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { CancellationGrace = Guard });
        int before = await pool.RunAsync(PoolJobsTargets.IdHere()).WaitAsync(Guard);
        Assert.ThrowsAsync<FormatException>(() => DrainAsync(pool.StreamAsync(BrittleJobsTargets.Count(int.MaxValue))).WaitAsync(Guard));
        Assert.That(await pool.RunAsync(PoolJobsTargets.IdHere()).WaitAsync(Guard), Is.EqualTo(before));
    }

    [Test]
    public async Task A_stream_that_fails_here_and_does_not_stop_there_costs_its_worker_after_the_grace_time()
    {
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { CancellationGrace = TimeSpan.FromMilliseconds(200) });
        int before = await pool.RunAsync(PoolJobsTargets.IdHere()).WaitAsync(Guard);
        Assert.ThrowsAsync<FormatException>(() => DrainAsync(pool.StreamAsync(BrittleJobsTargets.CountAndSpin(3))).WaitAsync(Guard));
        Assert.That(await pool.RunAsync(PoolJobsTargets.IdHere()).WaitAsync(Guard), Is.Not.EqualTo(before));
    }

    [Test]
    public async Task A_call_whose_progress_throws_is_cancelled_in_its_worker()
    {
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { CancellationGrace = TimeSpan.FromMilliseconds(200) });
        int before = await pool.RunAsync(PoolJobsTargets.IdHere()).WaitAsync(Guard);
        Assert.ThrowsAsync<FormatException>(() => pool.RunAsync(PoolJobsTargets.ReportAndSpin(new Refusal())).WaitAsync(Guard));
        Assert.That(await pool.RunAsync(PoolJobsTargets.IdHere()).WaitAsync(Guard), Is.Not.EqualTo(before));
    }

    [Test]
    public void A_childs_stream_with_an_item_that_cannot_be_read_ends_its_child() =>
        Assert.ThrowsAsync<FormatException>(() => DrainAsync(ChildProcess.StreamAsync(BrittleJobsTargets.CountAndSpin(3))).WaitAsync(Guard));

    [Test]
    public async Task What_a_streams_arguments_lead_to_is_let_go_when_it_has_ended_also_where_it_never_ran()
    {
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { CancellationGrace = TimeSpan.Zero });
        using var busy = new CancellationTokenSource();
        Task blocker = pool.RunAsync(PoolJobsTargets.Spin(), cancellationToken: busy.Token);
        await TestWait.UntilAsync(() => pool.Workers.Any(static worker => worker.RunningTarget is not null));
        (Connection<int> here, Connection<int> there) = ProcessPipe.Create<int>();
        using (here)
        {
            using var cancellation = new CancellationTokenSource();
            IAsyncEnumerable<int> stream = pool.StreamAsync(PoolHandleJobsTargets.SendAndYield(there, 3), cancellationToken: cancellation.Token);
            Task drained = DrainAsync(stream);
            there.Dispose();
            await cancellation.CancelAsync();
            Assert.CatchAsync<OperationCanceledException>(() => drained.WaitAsync(Guard));
            Assert.ThrowsAsync<EndOfStreamException>(() => here.ReceiveAsync().AsTask().WaitAsync(Guard));
        }

        await busy.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => blocker.WaitAsync(Guard));
    }

    [Test]
    public void What_the_arguments_of_a_childs_stream_lead_to_is_let_go_when_it_cannot_start()
    {
        (Connection<int> here, Connection<int> there) = ProcessPipe.Create<int>();
        using (here)
        {
            IAsyncEnumerable<int> stream = ChildProcess.StreamAsync(PoolHandleJobsTargets.SendAndYield(there, 3), new ProcessOptions { ExecutablePath = "/no/such/file" });
            there.Dispose();
            Assert.CatchAsync(() => DrainAsync(stream).WaitAsync(Guard));
            Assert.ThrowsAsync<EndOfStreamException>(() => here.ReceiveAsync().AsTask().WaitAsync(Guard));
        }
    }

    [Test]
    public async Task A_stream_with_handles_among_its_arguments_can_be_enumerated_again([Values] bool child)
    {
        await using var pool = new ProcessPool(1);
        (Connection<int> here, Connection<int> there) = ProcessPipe.Create<int>();
        using (here)
        {
            ProcessStream<int> call = PoolHandleJobsTargets.SendAndYield(there, 3);
            IAsyncEnumerable<int> stream = child ? ChildProcess.StreamAsync(call) : pool.StreamAsync(call);
            for (int round = 0; round < 3; round++)
            {
                Assert.That(await DrainAsync(stream).WaitAsync(Guard), Is.EqualTo(new[] { 0, 1, 2 }));
                for (int i = 0; i < 3; i++) Assert.That(await here.ReceiveAsync().AsTask().WaitAsync(Guard), Is.EqualTo(i));
            }

            there.Dispose();
            Assert.ThrowsAsync<EndOfStreamException>(() => here.ReceiveAsync().AsTask().WaitAsync(Guard));
        }
    }

    [Test]
    public async Task A_stream_of_a_closed_pool_says_so_however_often_it_is_asked([Values] bool blocking)
    {
        var pool = new ProcessPool(1);
        IAsyncEnumerable<int> stream = pool.StreamAsync(PoolJobsTargets.Count(3));
        IEnumerable<int> read = pool.Stream(PoolJobsTargets.Count(3));
        await pool.DisposeAsync();
        if (blocking)
        {
            Assert.Throws<ObjectDisposedException>(() => _ = read.Count());
            return;
        }

        await using IAsyncEnumerator<int> items = stream.GetAsyncEnumerator();
        for (int i = 0; i < 2; i++) Assert.ThrowsAsync<ObjectDisposedException>(() => items.MoveNextAsync().AsTask().WaitAsync(Guard));
    }

    private static async Task<List<T>> DrainAsync<T>(IAsyncEnumerable<T> stream)
    {
        var items = new List<T>();
        await foreach (T item in stream) items.Add(item);
        return items;
    }

    private sealed class Refusal : IProgress<int>
    {
        public void Report(int value) => throw new FormatException("not this one");
    }
}
