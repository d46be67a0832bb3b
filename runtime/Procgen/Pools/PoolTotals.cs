using Procgen.CompilerServices;
using Procgen.Launching;
using Procgen.Telemetry;

namespace Procgen.Pools;

/// <summary>What the workers that have ended did, and what is counted by target. Under the pool's lock.</summary>
/// <param name="usesReserve">Whether its workers come from the reserve, where those that follow get ready for what is called here.</param>
internal sealed class PoolTotals(bool usesReserve)
{
    private Target? _lastTarget;
    private TargetTotals? _last;

    public long Done { get; private set; }

    public long Failed { get; private set; }

    public long BytesSent { get; private set; }

    public long BytesReceived { get; private set; }

    public long Restarts { get; set; }

    public Dictionary<Target, TargetTotals> ByTarget { get; } = [];

    /// <summary>Whether durations wait for their histograms.</summary>
    public bool HasTimes { get; set; }

    /// <summary>How long items that came back had waited (<see cref="DurationBuckets"/>).</summary>
    public long[] QueueTimes { get; } = new long[DurationBuckets.Count];

    /// <summary>How long items ran on workers that have ended.</summary>
    public long[] RunTimes { get; } = new long[DurationBuckets.Count];

    public TargetTotals Of(Target target)
    {
        if (ReferenceEquals(_lastTarget, target)) return _last!;
        if (!ByTarget.TryGetValue(target, out TargetTotals? totals)) ByTarget.Add(target, totals = new TargetTotals(target.Name));
        _lastTarget = target;
        return _last = totals;
    }

    /// <summary>Somebody listens to histograms: notes how long the items took that a worker has just settled.</summary>
    /// <returns>Whether they are the first that wait to be recorded.</returns>
    public bool NoteTimes(List<Assignment> touched, long sinceMoved)
    {
        int moved = 0;
        foreach (Assignment assignment in touched) moved += assignment.Range.Work.IsInternal ? 0 : assignment.Unsettled;
        if (moved == 0) return false;
        foreach (Assignment assignment in touched)
        {
            if (!assignment.Range.Work.IsInternal && assignment.Unsettled > 0)
                Of(assignment.Range.Work.Target).Note(assignment.SentAt - assignment.Range.Work.SubmittedAt, sinceMoved / moved, assignment.Unsettled);
        }

        bool isFirst = !HasTimes;
        HasTimes = true;
        return isFirst;
    }

    /// <summary>Items have come back.</summary>
    public void CountSettled(Assignment assignment)
    {
        if (assignment.Range.Work.IsInternal) return;
        TargetTotals totals = Of(assignment.Range.Work.Target);
        if (usesReserve && totals.Done == 0) RecentTargets.Add(assignment.Range.Work.Target);
        totals.Done += assignment.Unsettled;
        totals.Failed += assignment.UnsettledFailures;
        totals.BytesReceived += assignment.UnsettledBytes;
        QueueTimes[DurationBuckets.Of(assignment.SentAt - assignment.Range.Work.SubmittedAt)] += assignment.Unsettled;
    }

    public void Add(PoolMember member)
    {
        AddRunTimes(RunTimes, member);
        Done += member.Done;
        Failed += member.Failed;
        BytesSent += member.BytesSent;
        BytesReceived += member.BytesReceived;
    }

    public static void AddRunTimes(long[] sums, PoolMember member)
    {
        for (int i = 0; i < sums.Length; i++) sums[i] += member.Board.RunTimes(i);
    }
}
