using System.Diagnostics;
using Procgen.Calls;

namespace Procgen.Pools;

/// <summary>
/// Lets the workers of an elastic pool end that have had nothing to do for the time that the options say. One look at a time
/// is due for each worker, however often it becomes idle meanwhile: thousands of times a second.
/// </summary>
internal sealed class PoolIdleness(PoolCore core)
{
    /// <summary>A worker has become idle. Under the pool's lock.</summary>
    public void Watch(PoolMember member)
    {
        if (core.Settings.IdleTimeout is not { } timeout || member.IsIdleWatched) return;
        member.IsIdleWatched = true;
        LookAfter(timeout, member, timeout);
    }

    private void LookAfter(TimeSpan delay, PoolMember member, TimeSpan timeout)
    {
        long done = member.Done;
        Deadlines.Schedule(delay, () =>
        {
            lock (core.Gate) Look(member, done, timeout);
        });
    }

    private void Look(PoolMember member, long doneBefore, TimeSpan timeout)
    {
        // Where it is busy, its next answer has it watched again.
        member.IsIdleWatched = member.State == MemberState.Ready && member.Outstanding == 0;
        if (!member.IsIdleWatched) return;
        TimeSpan rest = timeout - Stopwatch.GetElapsedTime(member.MovedAt);
        if (rest > TimeSpan.Zero)
        {
            LookAfter(rest, member, timeout);
        }
        else if (member.Done != doneBefore)
        {
            // It has just answered, which is not accounted for yet.
            LookAfter(timeout, member, timeout);
        }
        else
        {
            member.IsIdleWatched = false;
            if (core.Staff.Active() > core.Settings.MinProcesses) core.Staff.Retire(member);
        }
    }
}
