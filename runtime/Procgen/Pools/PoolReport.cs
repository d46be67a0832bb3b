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
            }

            return new PoolStatistics
            {
                Queued = queued,
                Running = running,
                Completed = done - failed,
                Failed = failed + totals.Lost,
                Retried = totals.Retried,
                Restarts = totals.Restarts,
                BytesSent = sent,
                BytesReceived = received,
            };
        }
    }
}
