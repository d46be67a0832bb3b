namespace Procgen.Pools;

/// <summary>Adds up what a pool's parts have counted.</summary>
internal static class PoolReport
{
    public static PoolStatistics Of(PoolCore core)
    {
        lock (core.Gate)
        {
            PoolTotals totals = core.Totals;
            long done = totals.Done;
            long failed = totals.Failed;
            long sent = totals.BytesSent;
            long received = totals.BytesReceived;
            long lost = 0;
            long retried = 0;
            long[] runTimes = [.. totals.RunTimes];
            foreach (TargetTotals target in totals.ByTarget.Values)
            {
                lost += target.Lost;
                retried += target.Retried;
            }

            long running = 0;
            long queued = core.Waiting;
            foreach (PoolMember member in core.Members)
            {
                long outstanding = member.Outstanding;
                running += Math.Min(1, outstanding);
                queued += Math.Max(0, outstanding - 1);
                done += member.Done;
                failed += member.Failed;
                sent += member.BytesSent;
                received += member.BytesReceived;
                PoolTotals.AddRunTimes(runTimes, member);
            }

            return new PoolStatistics
            {
                Queued = queued,
                Running = running,
                Completed = done - failed,
                Failed = failed + lost,
                Retried = retried,
                Restarts = totals.Restarts,
                QueueTimes = new DurationHistogram([.. totals.QueueTimes]),
                RunTimes = new DurationHistogram(runTimes),
                BytesSent = sent,
                BytesReceived = received,
            };
        }
    }
}
