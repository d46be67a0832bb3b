using NUnit.Framework;
using Procgen.CompilerServices;

namespace Procgen.Tests.Pools;

/// <summary>Callers' progress and codecs run on the pool's threads, and may throw what they like.</summary>
[CancelAfter(120_000)]
public sealed class PoolUserCodeTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(1);

    [Test]
    public async Task An_initializer_whose_progress_throws_ends_the_pool_with_that()
    {
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { Initializer = PoolJobsTargets.Report(2, new Refusal()) });
        Task<int> call = pool.RunAsync(PoolJobsTargets.Square(1));
        Assert.ThrowsAsync<FormatException>(() => call.WaitAsync(Guard));
    }

    [Test]
    public async Task A_call_on_each_worker_whose_progress_throws_fails_and_costs_no_worker()
    {
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { CancellationGrace = Guard });
        int before = await pool.RunAsync(PoolJobsTargets.IdHere()).WaitAsync(Guard);
        Task each = pool.RunOnEachAsync(PoolJobsTargets.Report(2, new Refusal()));
        Assert.ThrowsAsync<FormatException>(() => each.WaitAsync(Guard));
        Assert.That(await pool.RunAsync(PoolJobsTargets.IdHere()).WaitAsync(Guard), Is.EqualTo(before));
    }

    [Test]
    public async Task A_stream_with_an_item_that_cannot_be_read_fails_with_what_its_codec_threw_and_costs_no_worker()
    {
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { CancellationGrace = Guard });
        int before = await pool.RunAsync(PoolJobsTargets.IdHere()).WaitAsync(Guard);
        var numbers = new List<int>();
        Assert.ThrowsAsync<FormatException>(async () =>
        {
            await foreach (Brittle item in pool.StreamAsync(BrittleJobsTargets.Count(5))) numbers.Add(item.Number);
        });
        Assert.That(numbers, Is.EqualTo(new[] { 0, 1, 2 }));
        Assert.That(await pool.RunAsync(PoolJobsTargets.IdHere()).WaitAsync(Guard), Is.EqualTo(before));
    }

    [TestCase(StartMethod.Spawn)]
    [TestCase(StartMethod.Standby)]
    public async Task A_target_that_cannot_be_made_in_a_worker_fails_its_calls_and_no_others(StartMethod method)
    {
        FussyCodec.IsReady = true;
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { Worker = { StartMethod = method } });
        int before = await pool.RunAsync(PoolJobsTargets.IdHere()).WaitAsync(Guard);
        for (int i = 0; i < 2; i++)
            Assert.That(Assert.ThrowsAsync<RemoteException>(() => pool.RunAsync(FussyJobsTargets.Make()).WaitAsync(Guard))!.ToString(), Does.Contain("not before Main"));
        Assert.That(await pool.RunAsync(PoolJobsTargets.IdHere()).WaitAsync(Guard), Is.EqualTo(before));
    }

    [Test]
    public async Task The_thread_that_reports_a_maps_progress_ends_with_a_map_that_ends_early()
    {
        await using var pool = new ProcessPool(1);
        var reporter = new Witness();
        await foreach (int _ in pool.MapStreamAsync(Enumerable.Range(0, 1000), PoolJobsTargets.Square, new PoolMapOptions { Progress = reporter }))
        {
            await TestWait.UntilAsync(() => reporter.Thread is not null);
            break;
        }

        await TestWait.UntilAsync(() => !reporter.Thread!.IsAlive);
    }

    [Test]
    public async Task A_map_with_progress_can_be_asked_again_after_its_end()
    {
        await using var pool = new ProcessPool(1);
        await using IAsyncEnumerator<int> items = pool.MapStreamAsync(new[] { 2 }, PoolJobsTargets.Square, new PoolMapOptions { Progress = new Witness() }).GetAsyncEnumerator();
        Assert.That(await items.MoveNextAsync().AsTask().WaitAsync(Guard), Is.True);
        Assert.That(await items.MoveNextAsync().AsTask().WaitAsync(Guard), Is.False);
        Assert.That(await items.MoveNextAsync().AsTask().WaitAsync(Guard), Is.False);
    }

    [Test]
    public async Task Who_is_slow_to_hear_a_dead_workers_last_line_delays_neither_its_call_nor_its_successor()
    {
        using var heard = new ManualResetEventSlim();
        await using (var pool = new ProcessPool(1, new ProcessPoolOptions { Worker = { StandardOutput = OutputMode.Capture, OutputReceived = _ => heard.Wait() } }))
        {
            Task call = pool.RunAsync(PoolJobsTargets.PrintAndExit(3));
            Assert.That(Assert.ThrowsAsync<WorkerCrashedException>(() => call.WaitAsync(Guard))!.ExitCode, Is.EqualTo(3));
            Assert.That(await pool.RunAsync(PoolJobsTargets.Square(3)).WaitAsync(Guard), Is.EqualTo(9));
        }

        heard.Set();
    }

    [Test]
    public async Task A_pool_can_be_disposed_by_who_hears_its_workers_lines()
    {
        var disposed = new TaskCompletionSource();
        ProcessPool pool = null!;
        pool = new ProcessPool(1, new ProcessPoolOptions
        {
            Worker =
            {
                StandardOutput = OutputMode.Capture,
                OutputReceived = _ =>
                {
                    pool.Dispose();
                    disposed.TrySetResult();
                },
            },
        });
        Task call = pool.RunAsync(PoolJobsTargets.PrintAndExit(3));
        await disposed.Task.WaitAsync(Guard);
        Assert.CatchAsync(() => call.WaitAsync(Guard));
    }

    [Test]
    public async Task An_item_that_reports_may_be_one_that_cannot_be_encoded()
    {
        await using var pool = new ProcessPool(1);
        List<CallOutcome<string, int>> outcomes = [];
        await foreach (CallOutcome<string, int> outcome in pool.MapOutcomesAsync(new[] { "a", "\ud800", "b" }, static text => PoolJobsTargets.LengthOfAndReport(text, new Progress<int>()))) outcomes.Add(outcome);
        Assert.That(outcomes.Select(static outcome => outcome.IsSuccess), Is.EqualTo(new[] { true, false, true }));
        Assert.That(outcomes[1].Exception, Is.InstanceOf<ProcessSerializationException>());
    }

    private sealed class Refusal : IProgress<int>
    {
        public void Report(int value) => throw new FormatException("not this one");
    }

    private sealed class Witness : IProgress<MapProgress>
    {
        private volatile Thread? _thread;

        public Thread? Thread => _thread;

        public void Report(MapProgress value) => _thread = System.Threading.Thread.CurrentThread;
    }
}

internal static class BrittleJobs
{
    [ProcessTarget]
    public static IEnumerable<Brittle> Count(int to)
    {
        for (int i = 0; i < to; i++) yield return new Brittle { Number = i };
    }

    [ProcessTarget]
    public static IEnumerable<Brittle> CountAndSpin(int last)
    {
        for (int i = 0; i <= last; i++) yield return new Brittle { Number = i };
        while (true) Thread.SpinWait(100);
    }
}

/// <summary>A 3 can be written, but not be read.</summary>
[ProcessCodec(typeof(BrittleCodec))]
internal sealed class Brittle
{
    public int Number { get; init; }
}

internal sealed class BrittleCodec : Codec<Brittle>
{
    public override void Write(ref PayloadWriter writer, Brittle value) => writer.WriteUnmanaged(value.Number);

    public override Brittle Read(ref PayloadReader reader) =>
        reader.ReadUnmanaged<int>() is not 3 and var number ? new Brittle { Number = number } : throw new FormatException("not a 3");
}
