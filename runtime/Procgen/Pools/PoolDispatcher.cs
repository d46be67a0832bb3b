using System.Diagnostics;
using Procgen.Processes;

namespace Procgen.Pools;

/// <summary>Who gets what. All members are called under the pool's lock, but for <see cref="KillIfRunning"/>.</summary>
internal sealed class PoolDispatcher(PoolCore core)
{
    private static readonly long LongEnough = Stopwatch.Frequency / 1000;
    private static readonly long WorthMoving = Stopwatch.Frequency / 3000;
    private readonly List<WorkRange> _taken = [];
    private bool _hasPriorities;

    /// <summary>Sends what waits to workers that have room for it.</summary>
    public void Dispatch(ref FlushList flush, long now)
    {
        while (core.Queue.TryPeek(out WorkRange? range))
        {
            int unit = Math.Min(range.Work.Unit, range.Count);
            if (Choose(unit) is not { } member) return;
            int count = Math.Min(member.CallsLeft, unit == range.Count ? unit : (int)Math.Clamp(member.Room / unit * unit, unit, range.Count));
            core.Queue.Remove();
            if (count < range.Count)
            {
                core.Queue.Add(range.Without(count));
                range = range.Take(count);
            }

            member.Assign(range, now);
            core.Totals.Of(range.Work.Target).BytesSent += range.Length;
            if (member.WantsFlush) flush.Add(member);
        }
    }

    /// <summary>While a worker has nothing to do, takes from one that is slow what it has not begun, and puts it back in the queue.</summary>
    /// <returns>True where there is something to dispatch.</returns>
    public bool Balance(long now)
    {
        if (core.Queue.Count > 0) return false;
        int idle = 0;
        PoolMember? victim = null;
        foreach (PoolMember member in core.Members)
        {
            if (member is { Outstanding: 0, Chores: 0, Room: > 0 }) idle++;
            else if (member.HasMore && member.State is not MemberState.Booting && !(member.State >= MemberState.Spent && member.IsWarmingUp(now)) && (victim is null || member.Outstanding > victim.Outstanding)) victim = member;
        }

        if (idle == 0 || victim is null) return false;
        bool isSlow = now - victim.MovedAt > LongEnough || (victim.Outstanding - 1) * victim.Estimate > WorthMoving;
        return isSlow && Requeue(victim, idle + 1);
    }

    /// <summary>Takes from a worker what it has not begun.</summary>
    /// <param name="member">The worker.</param>
    /// <param name="parts">Into how many parts the items of one batch are divided, where they are to be shared.</param>
    public bool Requeue(PoolMember member, int parts = 1)
    {
        member.TakeBack(_taken);
        foreach (WorkRange range in _taken) Divide(range, parts);
        bool any = _taken.Count > 0;
        _taken.Clear();
        if (any && member.State >= MemberState.Spent) core.Staff.Recruit(); // What it had did not count; what waits does.
        return any;
    }

    /// <summary>Lets what has just been queued overtake batches of lower priority that have not begun.</summary>
    public void MakeWay(int priority)
    {
        _hasPriorities |= priority != 0;
        if (!_hasPriorities) return;
        foreach (PoolMember member in core.Members)
        {
            if (member.HasMore && member.Assignments().Any(assignment => assignment.Range.Work.Options.Priority < priority)) Requeue(member);
        }
    }

    /// <summary>A worker has died: the item that it was running is lost or run again, what it had not begun goes to others.</summary>
    /// <returns>Whether it was running something.</returns>
    public bool Recover(PoolMember member, WorkerEnd end, List<(PoolWork Work, int Index, Exception Error)> losses)
    {
        bool wasAtWork = false;
        foreach (Assignment assignment in member.Assignments())
        {
            int count = assignment.Range.Count;
            int begun = Math.Clamp(member.Board.CountBegun(assignment.Batch), Math.Min(assignment.Done, count), count); // A target may have written over it.
            PoolWork work = assignment.Range.Work;
            if (work.IsInternal)
            {
                if (assignment.Done == 0) losses.Add((work, 0, end.ToException(work.Target.Name)));
                continue;
            }

            if (!core.Life.IsTerminated && !assignment.IsTakenBack && begun < count)
                core.Queue.Add(begun == 0 ? assignment.Range : assignment.Range.Without(begun));

            foreach (int index in LostOf(assignment, begun))
            {
                wasAtWork = true;
                WorkRange again = assignment.Range.Again(index);
                if (index > 0) again = again with { Attempts = 1 };
                if (!core.Life.IsTerminated && work.IsWanted && work.CanRunAgain && again.Attempts <= work.Options.Retries)
                {
                    core.Totals.Of(work.Target).Retried++;
                    if (work.HasReported) member.RunAgainLater(again);
                    else core.Queue.Add(again);
                    continue;
                }

                bool ranOut = member.TimedOut == (assignment.Batch, index);
                losses.Add((work, again.First, ranOut
                    ? member.ToTimeout(work)
                    : end.ToException(work.Target.Name)));
            }
        }

        foreach (PoolWork chore in member.TakeUnsentChores()) losses.Add((chore, 0, end.ToException(chore.Target.Name)));
        return wasAtWork;
    }

    /// <summary>The items that have begun and not ended: the last to begin. Only where results could not be read are there others.</summary>
    private static IEnumerable<int> LostOf(Assignment assignment, int begun)
    {
        int lost = begun - assignment.Done;
        if (lost <= 1) return lost == 1 ? [begun - 1] : [];
        return Enumerable.Range(0, begun).OrderByDescending(index => assignment.Range.Work.HasEnded(assignment.Range.First + index)).TakeLast(lost);
    }

    /// <summary>Kills a worker for the item that it is running, so that no other suffers. Takes the lock itself.</summary>
    public void KillIfRunning(PoolMember member, uint batch)
    {
        var flush = default(FlushList);
        lock (core.Gate)
        {
            if (member.WasKilled || member.Find(batch) is not { } assignment || assignment.Done >= member.Board.CountBegun(batch)) return;
            Requeue(member); // No call begins there any more; whether it is past the item is certain only after that.
            if (!member.IsPast(batch)) Kill(member);
            Dispatch(ref flush, Stopwatch.GetTimestamp());
            core.Clock.Arm();
        }

        flush.Flush();
    }

    /// <summary>Takes back all that has not begun, and kills.</summary>
    public void Kill(PoolMember member)
    {
        Requeue(member);
        member.WasKilled = true;
        member.IsStuck = true;
        member.Process.Abandon();
    }

    private void Divide(WorkRange range, int parts)
    {
        int size = Math.Max(1, (range.Count + parts - 1) / parts);
        while (range.Count > size)
        {
            core.Queue.Add(range.Take(size));
            range = range.Without(size);
        }

        core.Queue.Add(range);
    }

    /// <summary>Who has room for so many items, or nothing to do: who has least.</summary>
    private PoolMember? Choose(int count)
    {
        PoolMember? best = null;
        long least = long.MaxValue;
        foreach (PoolMember member in core.Members)
        {
            long room = member.Room;
            if (room <= 0) continue;
            long outstanding = member.Outstanding + member.Chores;
            if (outstanding == 0) return member;
            if (outstanding >= least || count > room) continue;
            best = member;
            least = outstanding;
        }

        return best;
    }
}
