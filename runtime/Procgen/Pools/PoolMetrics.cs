using System.Diagnostics.Metrics;
using Procgen.Calls;
using Procgen.Telemetry;

namespace Procgen.Pools;

/// <summary>The meter <c>Procgen</c>: what pools count anyway, read when somebody asks for it. Listeners run on their own threads.</summary>
internal static class PoolMetrics
{
    private static readonly List<PoolCore> Pools = [];
    private static readonly double[] Quantiles = [0.5, 0.99];
    private static Meter? s_meter;
    private static CallTimeInstruments? s_times;

    /// <summary>The histograms, where anybody listens to them.</summary>
    public static CallTimeInstruments? Listened => Volatile.Read(ref s_times) is { IsEnabled: true } times ? times : null;

    /// <summary>Shows a pool's numbers from now on. Making the instruments takes milliseconds and tells listeners, which are users' code: on a thread of their own.</summary>
    public static void Add(PoolCore pool)
    {
        lock (Pools)
        {
            Pools.Add(pool);
            if (s_meter is not null) return;
            s_meter = new Meter("Procgen");
        }

        new Thread(static () => MakeInstruments(s_meter)) { IsBackground = true, Name = "Procgen metrics" }.UnsafeStart();
    }

    private static void MakeInstruments(Meter meter)
    {
        TellListeners(() => Volatile.Write(ref s_times, new CallTimeInstruments(meter)));
        TellListeners(() => meter.CreateObservableGauge("procgen.pool.calls.queued", static () => OfPools(static statistics => statistics.Queued), "{call}", "Calls that wait, in the pool or at a worker."));
        TellListeners(() => meter.CreateObservableGauge("procgen.pool.calls.running", static () => OfPools(static statistics => statistics.Running), "{call}", "Calls that run."));
        TellListeners(() => meter.CreateObservableCounter("procgen.pool.worker.restarts", static () => OfPools(static statistics => statistics.Restarts), "{restart}", "How often a worker was replaced."));
        TellListeners(() => meter.CreateObservableCounter("procgen.pool.calls.completed", static () => OfTargets(static target => target.Done - target.Failed), "{call}", "Calls that returned."));
        TellListeners(() => meter.CreateObservableCounter("procgen.pool.calls.failed", static () => OfTargets(static target => target.Failed + target.Lost), "{call}", "Calls that threw, ran out of time or lost their worker."));
        TellListeners(() => meter.CreateObservableCounter("procgen.pool.calls.retried", static () => OfTargets(static target => target.Retried), "{call}", "How often a call was run again."));
        TellListeners(() => meter.CreateObservableCounter("procgen.pool.bytes.sent", static () => OfTargets(static target => target.BytesSent), "By", "Arguments that were sent to workers."));
        TellListeners(() => meter.CreateObservableCounter("procgen.pool.bytes.received", static () => OfTargets(static target => target.BytesReceived), "By", "Results that came back."));
        TellListeners(() => meter.CreateObservableGauge("procgen.pool.queue.time", static () => OfTimes(static statistics => statistics.QueueTimes), "s", "How long calls waited: the median and the 99th percentile."));
        TellListeners(() => meter.CreateObservableGauge("procgen.pool.run.time", static () => OfTimes(static statistics => statistics.RunTimes), "s", "How long calls ran: the median and the 99th percentile."));
    }

    /// <summary>Does what listeners hear of at once: one that throws misses this much, and ends no process.</summary>
    public static void TellListeners(Action tell)
    {
        try
        {
            tell();
        }
        catch (Exception error)
        {
            ProcgenEvents.Log.CallbackFailed(nameof(MeterListener), Environment.ProcessPath ?? "", RemoteError.Describe(error) ?? "");
        }
    }

    public static void Remove(PoolCore pool)
    {
        lock (Pools) Pools.Remove(pool);
    }

    /// <summary>Which pool a measurement is of.</summary>
    public static KeyValuePair<string, object?> TagOf(PoolCore pool) => new("pool", pool.Settings.Name);

    private static PoolCore[] Current()
    {
        lock (Pools) return [.. Pools];
    }

    private static IEnumerable<Measurement<long>> OfPools(Func<PoolStatistics, long> select) =>
        Current().Select(pool => new Measurement<long>(select(PoolReport.Of(pool)), TagOf(pool)));

    private static IEnumerable<Measurement<double>> OfTimes(Func<PoolStatistics, DurationHistogram> select) => Current().SelectMany(pool =>
    {
        DurationHistogram times = select(PoolReport.Of(pool));
        return Quantiles.Select(share => new Measurement<double>(times.Quantile(share).TotalSeconds, TagOf(pool), new KeyValuePair<string, object?>("quantile", share)));
    });

    private static List<Measurement<long>> OfTargets(Func<TargetTotals, long> select)
    {
        List<Measurement<long>> measurements = [];
        foreach (PoolCore pool in Current())
        {
            lock (pool.Gate)
            {
                foreach (TargetTotals target in pool.Totals.ByTarget.Values)
                    measurements.Add(new Measurement<long>(select(target), TagOf(pool), new KeyValuePair<string, object?>("target", target.Name)));
            }
        }

        return measurements;
    }
}
