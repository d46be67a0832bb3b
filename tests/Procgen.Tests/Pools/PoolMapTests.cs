using System.Diagnostics;
using NUnit.Framework;

namespace Procgen.Tests.Pools;

[CancelAfter(120_000)]
public sealed class PoolMapTests : IDisposable
{
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(1);
    private readonly ProcessPool _pool = new(2);

    public void Dispose() => _pool.Dispose();

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(7)]
    [TestCase(20_000)]
    public async Task Results_come_in_order(int count)
    {
        int[] results = await _pool.MapAsync(Enumerable.Range(0, count), PoolJobsTargets.Square).WaitAsync(Guard);
        Assert.That(results, Is.EqualTo(Enumerable.Range(0, count).Select(static x => x * x)));
        Assert.That(_pool.Map(Enumerable.Range(0, count), PoolJobsTargets.Square), Is.EqualTo(results));
    }

    [Test]
    public async Task A_chunk_size_changes_nothing_but_the_speed([Values(1, 3, 1000)] int size)
    {
        int[] results = await _pool.MapAsync(Enumerable.Range(0, 3000), PoolJobsTargets.Square, new PoolMapOptions { ChunkSize = size }).WaitAsync(Guard);
        Assert.That(results, Is.EqualTo(Enumerable.Range(0, 3000).Select(static x => x * x)));
    }

    [Test]
    public async Task Void_targets_and_mixed_targets_map()
    {
        await _pool.MapAsync(Enumerable.Range(0, 100), PoolJobsTargets.Nothing).WaitAsync(Guard);
        int[] mixed = await _pool.MapAsync(Enumerable.Range(0, 100), x => x % 3 == 0 ? PoolJobsTargets.Sum([x, x]) : PoolJobsTargets.Square(x)).WaitAsync(Guard);
        Assert.That(mixed, Is.EqualTo(Enumerable.Range(0, 100).Select(static x => x % 3 == 0 ? 2 * x : x * x)));
    }

    [Test]
    public async Task A_stream_yields_in_order_or_as_they_come([Values] bool ordered)
    {
        List<int> results = [];
        await foreach (int square in _pool.MapStreamAsync(Enumerable.Range(0, 5000), PoolJobsTargets.Square, new PoolMapOptions { Ordered = ordered })) results.Add(square);
        if (!ordered) results.Sort();
        Assert.That(results, Is.EqualTo(Enumerable.Range(0, 5000).Select(static x => x * x)));
        Assert.That(_pool.MapStream(Enumerable.Range(0, 500), PoolJobsTargets.Square, new PoolMapOptions { Ordered = ordered }).Order(), Is.EqualTo(Enumerable.Range(0, 500).Select(static x => x * x)));
    }

    [Test]
    public async Task An_asynchronous_source_maps()
    {
        List<int> results = [];
        await foreach (int square in _pool.MapStreamAsync(SlowlyAsync(20), PoolJobsTargets.Square)) results.Add(square);
        Assert.That(results, Is.EqualTo(Enumerable.Range(0, 20).Select(static x => x * x)));
    }

    [Test]
    public async Task A_target_that_throws_what_a_cancelled_one_would_is_a_failure_like_any_other()
    {
        using var opened = new ProcessEvent();
        using var cancelled = new SharedValue<int>();
        IEnumerable<int> Source()
        {
            yield return 0;
            SpinWait.SpinUntil(() => _pool.Workers.Any(static worker => worker.RunningTarget is not null), Guard);
            yield return 1;
        }

        Task<int[]> map = _pool.MapAsync(
            Source(),
            x => x == 0 ? PoolHandleJobsTargets.WaitUnlessCancelled(opened, cancelled) : PoolJobsTargets.SquareOrThrowCanceled(x, 1),
            new PoolMapOptions { ChunkSize = 1 });
        await TestWait.UntilAsync(() => _pool.GetStatistics().Failed == 1);
        for (int i = 0; i < 50; i++) Assert.That(await _pool.RunAsync(PoolJobsTargets.Square(i)).WaitAsync(Guard), Is.EqualTo(i * i));
        Assert.That(map.IsCompleted, Is.False, "what runs has not ended");
        opened.Set();
        Assert.CatchAsync<TaskCanceledException>(() => map.WaitAsync(Guard));
        Assert.That(cancelled.Value, Is.Zero);
    }

    [Test]
    public async Task The_first_failure_is_thrown_and_the_rest_is_dropped()
    {
        int taken = 0;
        IEnumerable<int> Source()
        {
            for (int i = 0; ; i++)
            {
                taken++;
                yield return i;
            }
        }

        Assert.ThrowsAsync<FormatException>(() => _pool.MapAsync(Source(), x => PoolJobsTargets.SquareOrThrow(x, 100)).WaitAsync(Guard));
        Assert.That(taken, Is.LessThan(1_000_000));
        Assert.That(await _pool.RunAsync(PoolJobsTargets.Square(2)).WaitAsync(Guard), Is.EqualTo(4));
    }

    [Test]
    public async Task The_sources_exception_comes_after_the_results_before_it()
    {
        static IEnumerable<int> Source()
        {
            for (int i = 0; i < 100; i++) yield return i;
            throw new FormatException("no more");
        }

        List<int> results = [];
        FormatException? error = Assert.ThrowsAsync<FormatException>(async () =>
        {
            await foreach (int square in _pool.MapStreamAsync(Source(), PoolJobsTargets.Square)) results.Add(square);
        });
        Assert.That(error!.Message, Is.EqualTo("no more"));
        Assert.That(results, Has.Count.EqualTo(100));
        Assert.ThrowsAsync<FormatException>(() => _pool.MapAsync(Source(), PoolJobsTargets.Square).WaitAsync(Guard));
        await Task.CompletedTask;
    }

    [Test]
    public async Task What_a_source_has_given_comes_back_though_it_turns_slow()
    {
        const int Quick = 20_000;
        const int Slow = 200;
        const int Behind = 64;
        await using var pool = new ProcessPool(2);
        await pool.MapAsync(Enumerable.Range(0, 100_000), PoolJobsTargets.Square).WaitAsync(Guard); // Full chunks go from now on.
        int received = 0;
        await foreach (int _ in pool.MapStreamAsync(Source(), PoolJobsTargets.Square)) Interlocked.Increment(ref received);
        Assert.That(received, Is.EqualTo(Quick + Slow));

        IEnumerable<int> Source()
        {
            for (int i = 0; i < Quick + Slow; i++)
            {
                if (i >= Quick) Thread.Sleep(2);
                if (i >= Quick + Behind) Assert.That(SpinWait.SpinUntil(() => Volatile.Read(ref received) > i - Behind, Guard), $"{received} came back of {i}");
                yield return i;
            }
        }
    }

    [Test]
    public async Task No_more_than_the_window_is_pulled()
    {
        int pulled = 0;
        int read = 0;
        IEnumerable<int> Source()
        {
            for (int i = 0; i < 1000; i++)
            {
                Assert.That(++pulled - Volatile.Read(ref read), Is.LessThanOrEqualTo(11));
                yield return i;
            }
        }

        await foreach (int _ in _pool.MapStreamAsync(Source(), PoolJobsTargets.Square, new PoolMapOptions { MaxInFlight = 10 })) Volatile.Write(ref read, read + 1);
        Assert.That(read, Is.EqualTo(1000));
    }

    [Test]
    public async Task A_map_takes_no_more_items_than_the_pool_has_room_for_bytes([Values(20_000, 200_000)] int length)
    {
        await using var pool = new ProcessPool(2, new ProcessPoolOptions { MaxPendingBytes = 1_000_000 });
        await pool.StartAsync().WaitAsync(Guard);
        using var cancellation = new CancellationTokenSource();
        int pulled = 0;
        IEnumerable<byte[]> Source()
        {
            for (int i = 0; i < 10_000; i++)
            {
                pulled++;
                yield return new byte[length];
            }
        }

        Task map = pool.MapAsync(Source(), PoolJobsTargets.Hold, cancellationToken: cancellation.Token);
        await TestWait.UntilAsync(() => pool.Workers.Count(static worker => worker.RunningTarget is not null) == 2);
        await cancellation.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => map.WaitAsync(Guard));
        Assert.That(pulled * length, Is.LessThanOrEqualTo(1_000_000 + 64_000 + length));
    }

    [Test]
    public async Task Items_longer_than_all_that_may_wait_run_one_after_another([Values] bool blocking)
    {
        await using var pool = new ProcessPool(2, new ProcessPoolOptions { MaxPendingBytes = 1000 });
        IEnumerable<byte[]> items = Enumerable.Range(0, 20).Select(static x => new byte[5000 + (x * 20_000)]);
        byte[][] back = await (blocking ? Task.Run(() => pool.Map(items, PoolJobsTargets.Echo)) : pool.MapAsync(items, PoolJobsTargets.Echo)).WaitAsync(Guard);
        Assert.That(back.Select(static bytes => bytes.Length), Is.EqualTo(Enumerable.Range(0, 20).Select(static x => 5000 + (x * 20_000))));
    }

    [Test]
    public async Task A_source_is_disposed_once_also_when_the_reader_leaves_early()
    {
        int disposed = 0;
        IEnumerable<int> Source()
        {
            try
            {
                for (int i = 0; ; i++) yield return i;
            }
            finally
            {
                Interlocked.Increment(ref disposed);
            }
        }

        bool found = false;
        await foreach (bool hit in _pool.MapStreamAsync(Source(), PoolJobsTargets.IsHit))
        {
            found = hit;
            if (hit) break;
        }

        Assert.That(found, Is.True);
        await TestWait.UntilAsync(() => disposed == 1);
        await TestWait.UntilAsync(() => _pool.GetStatistics() is { Queued: 0, Running: 0 });
        Assert.That(disposed, Is.EqualTo(1));
    }

    [Test]
    public async Task An_item_that_cannot_be_encoded_fails_at_its_place([Values(1, 40)] int chunk)
    {
        string[] texts = [.. Enumerable.Range(0, 100).Select(static x => x is 37 or 99 ? "\ud800" : new string('x', x))];
        List<CallOutcome<string, int>> outcomes = [];
        await foreach (CallOutcome<string, int> outcome in _pool.MapOutcomesAsync(texts, PoolJobsTargets.LengthOf, new PoolMapOptions { ChunkSize = chunk })) outcomes.Add(outcome);
        Assert.That(outcomes.Select(static outcome => outcome.Item), Is.EqualTo(texts));
        Assert.That(outcomes.Where(static outcome => !outcome.IsSuccess).Select(static outcome => outcome.Index), Is.EqualTo(new[] { 37, 99 }));
        Assert.That(outcomes[37].Exception, Is.InstanceOf<ProcessSerializationException>());
        Assert.That(outcomes.Where(static outcome => outcome.IsSuccess).Select(static outcome => outcome.Value), Is.EqualTo(Enumerable.Range(0, 100).Where(static x => x is not (37 or 99))));
    }

    [Test]
    public async Task A_stream_that_was_cancelled_before_it_began_says_so_however_often_it_is_asked()
    {
        bool isEnumerated = false;
        IEnumerable<int> source = Enumerable.Range(0, 3).Where(_ => isEnumerated = true);
        await using IAsyncEnumerator<int> items = _pool.MapStreamAsync(source, PoolJobsTargets.Square, cancellationToken: new CancellationToken(canceled: true)).GetAsyncEnumerator();
        for (int i = 0; i < 2; i++) Assert.CatchAsync<OperationCanceledException>(() => items.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.That(isEnumerated, Is.False);
    }

    [Test]
    public async Task A_crash_inside_a_chunk_costs_the_item_that_ran([Values(1, 5, 100)] int chunk)
    {
        await using var pool = new ProcessPool(2);
        List<CallOutcome<int, int>> outcomes = [];
        await foreach (CallOutcome<int, int> outcome in pool.MapOutcomesAsync(Enumerable.Range(0, 300), x => PoolJobsTargets.SquareOrExit(x, 150), new PoolMapOptions { ChunkSize = chunk })) outcomes.Add(outcome);
        Assert.That(outcomes.Select(static outcome => outcome.Index), Is.EqualTo(Enumerable.Range(0, 300)));
        Assert.That(outcomes.Where(static outcome => !outcome.IsSuccess).Select(static outcome => outcome.Item), Is.EqualTo(new[] { 150 }));
        Assert.That(outcomes[150].Exception, Is.InstanceOf<WorkerCrashedException>());
        Assert.That(outcomes.Where(static outcome => outcome.IsSuccess).Select(static outcome => outcome.Value), Is.EqualTo(Enumerable.Range(0, 300).Where(static x => x != 150).Select(static x => x * x)));
    }

    [Test]
    public async Task Results_that_a_target_has_damaged_are_lost_and_every_item_ends_once([Values] bool ordered)
    {
        using var guard = new CancellationTokenSource(Guard);
        using var pool = new ProcessPool(1);
        int[] items = [.. Enumerable.Range(0, 100)];
        int failed = 0;
        List<long> ended = [];
        await foreach (CallOutcome<int, int> outcome in pool.MapOutcomesAsync(items, static x => PoolJobsTargets.SquareOrScribble(x, 60), new PoolMapOptions { ChunkSize = 100, Ordered = ordered }, guard.Token))
        {
            ended.Add(outcome.Index);
            if (outcome.IsSuccess) Assert.That(outcome.Value, Is.EqualTo(outcome.Item * outcome.Item));
            else failed++;
        }

        Assert.That(ended, Is.EquivalentTo(items.Select(static item => (long)item)));
        Assert.That(failed, Is.GreaterThan(0));
        Assert.That(await pool.RunAsync(PoolJobsTargets.Square(2)).WaitAsync(Guard), Is.EqualTo(4));
    }

    [Test]
    public async Task A_collecting_map_whose_results_a_target_has_damaged_fails()
    {
        using var pool = new ProcessPool(1);
        int[] items = [.. Enumerable.Range(0, 100)];
        Assert.CatchAsync<ProcgenException>(() => pool.MapAsync(items, static x => PoolJobsTargets.SquareOrScribble(x, 60), new PoolMapOptions { ChunkSize = 100 }).WaitAsync(Guard));
        Assert.That(await pool.RunAsync(PoolJobsTargets.Square(2)).WaitAsync(Guard), Is.EqualTo(4));
    }

    [Test]
    public async Task A_timeout_inside_a_chunk_costs_the_item_that_ran()
    {
        await using var pool = new ProcessPool(2);
        var options = new PoolMapOptions { ChunkSize = 50, Timeout = TimeSpan.FromSeconds(2) };
        List<CallOutcome<int, int>> outcomes = [];
        await foreach (CallOutcome<int, int> outcome in pool.MapOutcomesAsync(Enumerable.Range(0, 200), x => PoolJobsTargets.SquareOrSpin(x, 77), options)) outcomes.Add(outcome);
        Assert.That(outcomes.Where(static outcome => !outcome.IsSuccess).Select(static outcome => outcome.Item), Is.EqualTo(new[] { 77 }));
        Assert.That(outcomes[77].Exception, Is.InstanceOf<CallTimeoutException>());
    }

    [Test]
    public async Task Long_arguments_and_results_survive_the_crash_of_a_worker_between_them()
    {
        await using var pool = new ProcessPool(2, new ProcessPoolOptions { MaxPendingBytes = 4 << 20 });
        byte[][] items = [.. Enumerable.Range(0, 40).Select(static x => Enumerable.Repeat((byte)x, 100_000 + (x * 10_000)).ToArray())];
        List<CallOutcome<byte[], byte[]>> outcomes = [];
        await foreach (CallOutcome<byte[], byte[]> outcome in pool.MapOutcomesAsync(items, PoolJobsTargets.EchoOrExit)) outcomes.Add(outcome);
        Assert.That(outcomes.Where(static outcome => !outcome.IsSuccess).Select(static outcome => outcome.Index), Is.EqualTo(new[] { 13 }));
        Assert.That(outcomes[13].Exception, Is.InstanceOf<WorkerCrashedException>());
        foreach (CallOutcome<byte[], byte[]> outcome in outcomes.Where(static outcome => outcome.IsSuccess)) Assert.That(outcome.Value.AsSpan().SequenceEqual(outcome.Item), Is.True);
        PoolStatistics statistics = pool.GetStatistics();
        Assert.That(statistics.BytesSent, Is.GreaterThan(items.Sum(static item => item.Length)));
        Assert.That(statistics.BytesReceived, Is.GreaterThan(items.Sum(static item => item.Length) - items[13].Length));
    }

    [Test]
    public void Cancellation_ends_a_map_at_once()
    {
        using var pool = new ProcessPool(2, new ProcessPoolOptions { CancellationGrace = TimeSpan.FromMilliseconds(100) });
        using var source = new CancellationTokenSource(200);
        OperationCanceledException? error = Assert.CatchAsync<OperationCanceledException>(() =>
            pool.MapAsync(Enumerable.Range(0, 100), x => PoolJobsTargets.SquareOrSpin(x, x), cancellationToken: source.Token).WaitAsync(Guard));
        Assert.That(error!.CancellationToken, Is.EqualTo(source.Token));
    }

    [Test]
    public async Task Progress_ends_with_everything_done()
    {
        List<MapProgress> reports = [];
        await _pool.MapAsync(Enumerable.Range(0, 1000), PoolJobsTargets.Square, new PoolMapOptions { Progress = new Collector(reports) }).WaitAsync(Guard);
        Assert.That(reports[^1].Completed, Is.EqualTo(1000));
        Assert.That(reports[^1].Total, Is.EqualTo(1000));
        Assert.That(reports[^1].Remaining, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void Progress_does_not_count_what_a_failure_has_dropped()
    {
        List<MapProgress> reports = [];
        var options = new PoolMapOptions { Progress = new Collector(reports) };
        Assert.ThrowsAsync<FormatException>(() => _pool.MapAsync(Enumerable.Range(0, 1000).ToArray(), static x => x == 0 ? PoolJobsTargets.SquareOrThrow(0, 0) : PoolJobsTargets.Sleep(20), options).WaitAsync(Guard));
        Assert.That(reports[^1].Failed, Is.EqualTo(1));
        Assert.That(reports[^1].Completed, Is.LessThan(100)); // Of what there was in the line then, much was dropped.
    }

    [Test]
    public async Task Progress_does_not_count_what_was_cancelled()
    {
        List<MapProgress> reports = [];
        using var cancellation = new CancellationTokenSource();
        Task map = _pool.MapAsync(Enumerable.Range(0, 100), static _ => PoolJobsTargets.WaitForCancellation(), new PoolMapOptions { Progress = new Collector(reports) }, cancellation.Token);
        await TestWait.UntilAsync(() => _pool.GetStatistics().Running == 2);
        await cancellation.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => map.WaitAsync(Guard));
        Assert.That(reports[^1].Completed, Is.Zero);
    }

    [Test]
    public async Task Streams_yield_what_the_target_yields()
    {
        List<int> items = [];
        await foreach (int item in _pool.StreamAsync(PoolJobsTargets.Count(1000))) items.Add(item);
        Assert.That(items, Is.EqualTo(Enumerable.Range(0, 1000)));
        Assert.That(_pool.Stream(PoolJobsTargets.Count(1000)), Is.EqualTo(items));
    }

    private static async IAsyncEnumerable<int> SlowlyAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await Task.Delay(2);
            yield return i;
        }
    }

    private sealed class Collector(List<MapProgress> reports) : IProgress<MapProgress>
    {
        public void Report(MapProgress value) => reports.Add(value);
    }

    [Test]
    public async Task How_long_an_initializer_takes_says_nothing_of_the_calls_after_it()
    {
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { Initializer = PoolJobsTargets.Sleep(2000) });
        ProcessCall<int> call = PoolJobsTargets.LengthOf("four");
        Assert.That(await pool.RunAsync(call), Is.EqualTo(4));
        await TestWait.UntilAsync(() => call.Target.EstimatedTicks > 0);
        Assert.That(call.Target.EstimatedTicks, Is.LessThan(Stopwatch.Frequency));
    }

    [Test]
    public void A_function_that_returns_no_call_ends_the_map([Values(0, 500)] int at) =>
        Assert.That(
            async () => await _pool.MapAsync(Enumerable.Range(0, 1000), x => x == at ? null! : PoolJobsTargets.Square(x)),
            Throws.InvalidOperationException.With.Message.Contains("null"));
}
