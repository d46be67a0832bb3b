using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using NUnit.Framework;

namespace Procgen.Tests.Pools;

[NonParallelizable]
[CancelAfter(120_000)]
public sealed class PoolTelemetryTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(1);

    [Test]
    public async Task A_call_is_a_span_and_the_targets_own_continue_it()
    {
        using var listener = new SpanListener();
        await using var pool = new ProcessPool(1);
        using var request = new Activity("request");
        request.Start();
        string? there = await pool.RunAsync(PoolJobsTargets.CurrentSpan()).WaitAsync(Guard);
        Assert.That(Activity.Current, Is.SameAs(request), "the caller's span stays current");
        await TestWait.UntilAsync(() => !listener.Ended.IsEmpty);
        Activity span = listener.Ended.Single();
        Assert.That(span.OperationName, Is.EqualTo("PoolJobs.CurrentSpan"));
        Assert.That(span.Kind, Is.EqualTo(ActivityKind.Client));
        Assert.That(span.ParentSpanId, Is.EqualTo(request.SpanId));
        Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Ok));
        Assert.That(there, Is.EqualTo($"{request.TraceId} {span.SpanId}"));
    }

    [Test]
    public async Task A_failure_is_in_its_span_and_a_map_is_one_span()
    {
        using var listener = new SpanListener();
        await using var pool = new ProcessPool(1);
        Assert.ThrowsAsync<FormatException>(() => pool.RunAsync(PoolJobsTargets.SquareOrThrow(1, 1)).WaitAsync(Guard));
        await TestWait.UntilAsync(() => listener.Ended.Count == 1);
        string?[] spans = await pool.MapAsync(Enumerable.Range(0, 100), static _ => PoolJobsTargets.CurrentSpan()).WaitAsync(Guard);
        await TestWait.UntilAsync(() => listener.Ended.Count == 2);
        Activity[] ended = [.. listener.Ended];
        Assert.That(ended[0].Status, Is.EqualTo(ActivityStatusCode.Error));
        Assert.That(ended[0].GetTagItem("error.type"), Is.EqualTo(typeof(FormatException).FullName));
        Assert.That(ended[1].OperationName, Is.EqualTo("map"));
        Assert.That(spans.Distinct(), Is.EqualTo(new[] { $"{ended[1].TraceId} {ended[1].SpanId}" }));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_listener_that_throws_fails_what_it_was_told_of_and_nothing_waits_for_that(bool hasStarted)
    {
        await using var pool = new ProcessPool(1);
        await pool.StartAsync().WaitAsync(Guard);
        await using IAsyncEnumerator<int> stream = pool.StreamAsync(PoolJobsTargets.Count(3)).GetAsyncEnumerator();
        await using IAsyncEnumerator<int> map = pool.MapStreamAsync(new[] { 2 }, PoolJobsTargets.Square).GetAsyncEnumerator();
        using (new BrokenListener(hasStarted))
        {
            Task call = pool.RunAsync(PoolJobsTargets.Square(1));
            Assert.That(Activity.Current, Is.Null, "the span that it was told of is not left behind");
            Assert.ThrowsAsync<FormatException>(() => call.WaitAsync(Guard));
            Assert.ThrowsAsync<FormatException>(() => stream.MoveNextAsync().AsTask().WaitAsync(Guard));
            Assert.ThrowsAsync<FormatException>(() => map.MoveNextAsync().AsTask().WaitAsync(Guard));
            Assert.ThrowsAsync<FormatException>(() => pool.MapAsync([1, 2], PoolJobsTargets.Square).WaitAsync(Guard));
            Assert.Throws<FormatException>(() => pool.Map([1, 2], PoolJobsTargets.Square));
        }

        Assert.ThrowsAsync<FormatException>(() => stream.MoveNextAsync().AsTask().WaitAsync(Guard), "a stream that has failed does not begin again");
        await pool.CloseAsync().WaitAsync(Guard);
    }

    [Test]
    public async Task What_is_current_crosses_also_where_nobody_listens()
    {
        await using var pool = new ProcessPool(1);
        Assert.That(await pool.RunAsync(PoolJobsTargets.CurrentSpan()).WaitAsync(Guard), Is.Null);
        using var request = new Activity("request");
        request.Start();
        Assert.That(await pool.RunAsync(PoolJobsTargets.CurrentSpan()).WaitAsync(Guard), Is.EqualTo($"{request.TraceId} {request.SpanId}"));
        List<string?> spans = [];
        await foreach (string? span in pool.StreamAsync(PoolJobsTargets.CurrentSpans(3))) spans.Add(span);
        Assert.That(spans, Is.EqualTo(Enumerable.Repeat($"{request.TraceId} {request.SpanId}", 3)));
    }

    [Test]
    public async Task A_meter_listener_that_throws_ends_no_process()
    {
        using ChildProcess<int> child = ChildProcess.Start(PoolJobsTargets.SquareWithBadListener(3));
        Assert.That(await child.Completion.WaitAsync(Guard), Is.EqualTo(81));
    }

    [Test]
    public async Task The_meter_shows_what_a_pool_counts_by_target()
    {
        await using var pool = new ProcessPool(2, new ProcessPoolOptions { Name = "measured" });
        await pool.MapAsync(Enumerable.Range(0, 500), PoolJobsTargets.Square).WaitAsync(Guard);
        for (int i = 0; i < 3; i++) Assert.CatchAsync<FormatException>(() => pool.RunAsync(PoolJobsTargets.SquareOrThrow(i, i)).WaitAsync(Guard));
        Assert.CatchAsync<WorkerCrashedException>(() => pool.RunAsync(PoolJobsTargets.Exit(3)).WaitAsync(Guard));
        var seen = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Procgen") listener.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument.Name, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument.Name, value, tags));
        listener.Start();
        await TestWait.UntilAsync(() =>
        {
            listener.RecordObservableInstruments();
            return seen.ContainsKey("procgen.pool.run.time 0.99");
        });
        Assert.That(seen["procgen.pool.calls.completed PoolJobs.Square"], Is.EqualTo(500));
        Assert.That(seen["procgen.pool.calls.failed PoolJobs.SquareOrThrow"], Is.EqualTo(3));
        Assert.That(seen["procgen.pool.calls.failed PoolJobs.Exit"], Is.EqualTo(1));
        Assert.That(seen["procgen.pool.bytes.sent PoolJobs.Square"], Is.AtLeast(500 * sizeof(int)), "more where items were moved to another worker");
        Assert.That(seen["procgen.pool.bytes.received PoolJobs.Square"], Is.EqualTo(500 * sizeof(int)));
        Assert.That(seen["procgen.pool.calls.queued "], Is.Zero);
        Assert.That(seen["procgen.pool.worker.restarts "], Is.EqualTo(1));

        void Note(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string subject = "";
            bool isOurs = false;
            foreach ((string key, object? tag) in tags)
            {
                if (key == "pool") isOurs = Equals(tag, "measured");
                else subject = Convert.ToString(tag, CultureInfo.InvariantCulture)!;
            }

            if (isOurs) seen[$"{name} {subject}"] = value;
        }
    }

    [Test]
    public async Task Histograms_have_every_call_by_target_in_seconds_and_no_slow_listener_holds_up_a_result()
    {
        await using var pool = new ProcessPool(2, new ProcessPoolOptions { Name = "recorded" });
        await pool.RunAsync(PoolJobsTargets.Square(1)).WaitAsync(Guard);

        // Only then would a listener not hear of it any more.
        await TestWait.UntilAsync(() => pool.GetStatistics().QueueTimes.Count == 1);
        var recorded = new ConcurrentQueue<(string Name, string? Unit, string Target, double Value)>();
        using var hold = new ManualResetEventSlim();
        using var listener = new MeterListener();
        using var published = new CountdownEvent(2);
        listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name != "Procgen" || !instrument.Name.EndsWith(".duration", StringComparison.Ordinal)) return;
            listener.EnableMeasurementEvents(instrument);
            published.Signal();
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
        {
            hold.Wait();
            Dictionary<string, object?> subject = tags.ToArray().ToDictionary();
            if (Equals(subject["pool"], "recorded")) recorded.Enqueue((instrument.Name, instrument.Unit, (string)subject["target"]!, value));
        });
        listener.Start();
        await TestWait.UntilAsync(() => published.IsSet);

        await pool.MapAsync(Enumerable.Range(0, 3000), PoolJobsTargets.Square).WaitAsync(Guard);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => pool.RunAsync(PoolJobsTargets.Sleep(60)))).WaitAsync(Guard);
        Assert.CatchAsync<FormatException>(() => pool.RunAsync(PoolJobsTargets.SquareOrThrow(1, 1)).WaitAsync(Guard));
        Assert.That(recorded, Is.Empty, "the listener has not come back from its first");

        hold.Set();
        await TestWait.UntilAsync(() => recorded.Count >= 2 * 3005);
        Assert.That(recorded, Has.Count.EqualTo(2 * 3005));
        Assert.That(recorded.Select(static measured => measured.Unit).Distinct(), Is.EqualTo(new[] { "s" }));
        foreach (string name in (ReadOnlySpan<string>)["procgen.pool.call.queue.duration", "procgen.pool.call.run.duration"])
        {
            ILookup<string, double> byTarget = recorded.Where(measured => measured.Name == name).ToLookup(static measured => measured.Target, static measured => measured.Value);
            Assert.That(byTarget["PoolJobs.Square"].Count(), Is.EqualTo(3000));
            Assert.That(byTarget["PoolJobs.Sleep"].Count(), Is.EqualTo(4));
            Assert.That(byTarget["PoolJobs.SquareOrThrow"].Count(), Is.EqualTo(1));
            Assert.That(byTarget.SelectMany(static times => times), Is.All.InRange(0, Guard.TotalSeconds));
        }

        Assert.That(
            recorded.Where(static measured => measured.Name.Contains("run", StringComparison.Ordinal) && measured.Target == "PoolJobs.Sleep").Sum(static measured => measured.Value),
            Is.GreaterThan(4 * 0.05));
    }

    [Test]
    public async Task What_the_pool_has_its_workers_run_is_among_no_durations_of_calls()
    {
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { Initializer = PoolJobsTargets.Nothing(0), Finalizer = PoolJobsTargets.Nothing(1) });
        for (int x = 0; x < 3; x++) await pool.RunAsync(PoolJobsTargets.Square(x)).WaitAsync(Guard);
        await pool.RunOnEachAsync(PoolJobsTargets.Nothing(2)).WaitAsync(Guard);
        await pool.CloseAsync().WaitAsync(Guard);
        PoolStatistics statistics = pool.GetStatistics();
        Assert.That((statistics.QueueTimes.Count, statistics.RunTimes.Count), Is.EqualTo((3L, 3L)));
    }

    [Test]
    public async Task Every_call_is_in_both_histograms()
    {
        await using var pool = new ProcessPool(2);
        await pool.MapAsync(Enumerable.Range(0, 5000), PoolJobsTargets.Square).WaitAsync(Guard);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => pool.RunAsync(PoolJobsTargets.Sleep(60)))).WaitAsync(Guard);
        await TestWait.UntilAsync(() => pool.GetStatistics() is { RunTimes.Count: 5004, QueueTimes.Count: 5004 });
        PoolStatistics statistics = pool.GetStatistics();
        Assert.That(statistics.QueueTimes.Count, Is.EqualTo(5004));
        Assert.That(statistics.RunTimes.Count, Is.EqualTo(5004));
        Assert.That(statistics.RunTimes.Quantile(1), Is.GreaterThan(TimeSpan.FromMilliseconds(60)));
        Assert.That(statistics.RunTimes.Quantile(0.5), Is.LessThan(statistics.RunTimes.Quantile(1)));
        Assert.That(statistics.RunTimes.Counts[^1], Is.Zero);
        Assert.That(new PoolStatistics().RunTimes.Quantile(0.5), Is.EqualTo(TimeSpan.Zero));
        Assert.That(DurationHistogram.UpperBound(20), Is.EqualTo(TimeSpan.FromTicks((1 << 20) / 100)));
        Assert.Throws<ArgumentOutOfRangeException>(() => DurationHistogram.UpperBound(48));
        Assert.Throws<ArgumentOutOfRangeException>(() => statistics.RunTimes.Quantile(1.5));
    }

    [Test]
    public async Task The_makers_culture_is_that_of_the_workers()
    {
        (CultureInfo culture, CultureInfo ui) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-AT");
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("fr-CA");
            await using var pool = new ProcessPool(1);
            Assert.That(await pool.RunAsync(PoolJobsTargets.Cultures()).WaitAsync(Guard), Is.EqualTo("de-AT fr-CA"));
            Assert.CatchAsync<WorkerCrashedException>(() => pool.RunAsync(PoolJobsTargets.Exit(3)).WaitAsync(Guard));
            Assert.That(await pool.RunAsync(PoolJobsTargets.Cultures()).WaitAsync(Guard), Is.EqualTo("de-AT fr-CA"), "of a replacement too");
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
            CultureInfo.CurrentUICulture = ui;
        }
    }

    private sealed class BrokenListener : IDisposable
    {
        private readonly ActivityListener _listener = new() { ShouldListenTo = static source => source.Name == "Procgen" };

        /// <param name="hasStarted">Whether it throws when a span has been started, or already when it is asked for its opinion.</param>
        public BrokenListener(bool hasStarted)
        {
            _listener.Sample = (ref ActivityCreationOptions<ActivityContext> _) => hasStarted ? ActivitySamplingResult.AllData : throw new FormatException("broken");
            _listener.ActivityStarted = static _ => throw new FormatException("broken");
            ActivitySource.AddActivityListener(_listener);
        }

        public void Dispose() => _listener.Dispose();
    }

    private sealed class SpanListener : IDisposable
    {
        private readonly ActivityListener _listener;

        public SpanListener()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = static source => source.Name == "Procgen",
                Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
                ActivityStopped = Ended.Enqueue,
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public ConcurrentQueue<Activity> Ended { get; } = new();

        public void Dispose() => _listener.Dispose();
    }
}
