using System.Diagnostics;
using Procgen.Calls;

namespace Procgen.Pools;

/// <summary>
/// Looks at the workers every few milliseconds while there is something to see: an item out of time, a worker that does
/// not begin what it was sent or is long at one item, one that is idle while others have too much. Stops when nothing waits
/// at a worker, and nothing with a time limit for one that does nothing.
/// </summary>
internal sealed class PoolClock(PoolCore core)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);
    private static readonly long Patience = Stopwatch.Frequency / 20;
    private static readonly long MostPatience = Stopwatch.Frequency;
    private static readonly long LastPatience = 2 * Stopwatch.Frequency;
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
                bool isLate = IsLate(member, now);
                if (IsOutOfTime(member, now)) core.Dispatcher.Kill(member);
                else if (isLate || DoesNotBegin(member, now)) member.IsStuck = core.Dispatcher.Requeue(member);
            }

            core.Dispatcher.Balance(now);
            core.Dispatcher.Dispatch(ref flush, now);
            if (core.Queue.TimedItems > 0) KillWhoNeverBegin(now);
            Arm();
        }

        flush.Flush();
    }

    private bool IsNeeded()
    {
        foreach (PoolMember member in core.Members)
        {
            if (member.WasKilled) continue;
            if (core.Queue.TimedItems > 0 && DoesNothing(member)) return true;
            long outstanding = member.Outstanding;
            if (outstanding > 1 && !member.IsStuck && core.Members.Count > 1) return true;
            if (outstanding > 0 && (Volatile.Read(ref member.Board.Running) == 0 || member.HasTimed())) return true;
        }

        return false;
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

    /// <summary>What waits behind an item that takes unexpectedly long would be overtaken by all that comes later and goes to others.</summary>
    private bool IsLate(PoolMember member, long now) =>
        member.Item.Look(now) > Math.Clamp(4 * member.Estimate, Patience, MostPatience) &&
        !member.IsStuck && member.Outstanding > 1 && core.Members.Count > 1 && !member.IsWarmingUp(now);

    /// <summary>
    /// A time limit begins with the item. One that still waits when it has been offered to all who have room may have nobody
    /// but workers that do not move, who may be stopped for good, and would wait without a limit: others take their places.
    /// </summary>
    private void KillWhoNeverBegin(long now)
    {
        foreach (PoolMember member in core.Members)
        {
            if (member.WasKilled || !DoesNothing(member)) continue;
            if (member.StillSince == 0) member.StillSince = now;
            else if (now - member.StillSince > LastPatience) core.Dispatcher.Kill(member);
        }
    }

    /// <summary>
    /// It has not begun what it was sent, all of which has been taken back. One that has answered no call yet may still be loading
    /// the app, or wait for a debugger: its successor would come no further.
    /// </summary>
    private static bool DoesNothing(PoolMember member) =>
        member.State == MemberState.Ready && member.IsStuck && member.Done > 0 && member.Outstanding == 0 && member.Chores == 0 && Volatile.Read(ref member.Board.Running) == 0;

    private static bool DoesNotBegin(PoolMember member, long now) =>
        !member.IsStuck && Volatile.Read(ref member.Board.Running) == 0 && now - member.MovedAt > Patience && !member.IsWarmingUp(now) && member.Chores == 0;
}
