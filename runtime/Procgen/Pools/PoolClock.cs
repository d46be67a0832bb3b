using System.Diagnostics;
using Procgen.Calls;

namespace Procgen.Pools;

/// <summary>
/// Looks at the workers every few milliseconds while there is something to see: an item out of time, a worker that does
/// not begin what it was sent, one that is idle while others have too much. Stops when nothing is out.
/// </summary>
internal sealed class PoolClock(PoolCore core)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);
    private static readonly long Patience = Stopwatch.Frequency / 20;
    private bool _isArmed;

    /// <summary>Under the pool's lock.</summary>
    public void Arm()
    {
        if (_isArmed || !IsNeeded()) return;
        _isArmed = true;
        Deadlines.Schedule(Tick, Look);
    }

    private void Look()
    {
        var flush = default(FlushList);
        lock (core.Gate)
        {
            _isArmed = false;
            long now = Stopwatch.GetTimestamp();
            foreach (PoolMember member in core.Members)
            {
                if (member.WasKilled || member.Outstanding == 0) continue;
                if (IsOutOfTime(member, now)) core.Dispatcher.Kill(member);
                else if (DoesNotBegin(member, now)) member.IsStuck = core.Dispatcher.Requeue(member);
            }

            core.Dispatcher.Balance(now);
            core.Dispatcher.Dispatch(ref flush, now);
            Arm();
        }

        flush.Flush();
    }

    private bool IsNeeded()
    {
        bool isIdle = false;
        bool isBehind = false;
        foreach (PoolMember member in core.Members)
        {
            if (member.WasKilled) continue;
            long outstanding = member.Outstanding;
            isIdle |= outstanding == 0 && member.Room > 0;
            isBehind |= outstanding > 1;
            if (outstanding > 0 && (Volatile.Read(ref member.Board.Running) == 0 || member.HasTimed())) return true;
        }

        return isIdle && isBehind;
    }

    /// <summary>The item that runs has had its time. Nothing else begins there any more; that the item still runs is looked at again after that.</summary>
    private bool IsOutOfTime(PoolMember member, long now)
    {
        long begunAt = Volatile.Read(ref member.Board.BegunAt);
        if (begunAt == 0 || member.Find((uint)(Volatile.Read(ref member.Board.Running) - 1)) is not { } assignment) return false;
        TimeSpan timeout = assignment.Range.Work.Options.Timeout;
        if (timeout == Timeout.InfiniteTimeSpan || Stopwatch.GetElapsedTime(begunAt, now) < timeout) return false;
        core.Dispatcher.Requeue(member);
        int index = member.Board.CountBegun(assignment.Batch) - 1;
        if (Volatile.Read(ref member.Board.BegunAt) != begunAt) return false;
        member.TimedOut = (assignment.Batch, index);
        return true;
    }

    private static bool DoesNotBegin(PoolMember member, long now) =>
        !member.IsStuck && Volatile.Read(ref member.Board.Running) == 0 && now - member.MovedAt > Patience && !member.IsWarmingUp(now) && member.Chores == 0;
}
