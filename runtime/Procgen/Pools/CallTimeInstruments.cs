using System.Diagnostics.Metrics;
using Procgen.Calls;

namespace Procgen.Pools;

/// <summary>The histograms of the meter <c>Procgen</c>. What pools count reaches them on a thread of their own, as listeners are users' code.</summary>
internal sealed class CallTimeInstruments(Meter meter)
{
    private readonly Histogram<double> _queue = meter.CreateHistogram<double>("procgen.pool.call.queue.duration", "s", "How long calls waited until they were sent to a worker.");
    private readonly Histogram<double> _run = meter.CreateHistogram<double>("procgen.pool.call.run.duration", "s", "How long calls ran, as the pool saw it; many short ones that end together count with their mean.");
    private readonly CallbackThread _recorder = new("Procgen metrics");

    /// <summary>Whether anybody listens.</summary>
    public bool IsEnabled => _queue.Enabled || _run.Enabled;

    /// <summary>Records what a pool has counted until then.</summary>
    public void RecordSoon(PoolCore pool) => _recorder.Post(() => Record(pool));

    private void Record(PoolCore pool)
    {
        List<(string Target, List<(long, double)> Queue, List<(long, double)> Run)> times = [];
        lock (pool.Gate)
        {
            pool.Totals.HasTimes = false;
            foreach (TargetTotals target in pool.Totals.ByTarget.Values)
            {
                if (target.QueueTimes is { } queue && target.RunTimes is { } run) times.Add((target.Name, queue.Take(), run.Take()));
            }
        }

        KeyValuePair<string, object?> name = PoolMetrics.TagOf(pool);
        foreach ((string target, List<(long, double)> queue, List<(long, double)> run) in times)
        {
            var tag = new KeyValuePair<string, object?>("target", target);
            Record(_queue, queue, name, tag);
            Record(_run, run, name, tag);
        }
    }

    private static void Record(Histogram<double> histogram, List<(long Count, double Seconds)> times, KeyValuePair<string, object?> pool, KeyValuePair<string, object?> target) =>
        PoolMetrics.TellListeners(() =>
        {
            foreach ((long count, double seconds) in times)
            {
                for (long i = 0; i < count; i++) histogram.Record(seconds, pool, target);
            }
        });
}
