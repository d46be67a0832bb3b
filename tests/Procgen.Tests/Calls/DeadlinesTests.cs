using NUnit.Framework;
using Procgen.Calls;

namespace Procgen.Tests.Calls;

[CancelAfter(60_000)]
public sealed class DeadlinesTests
{
    [Test]
    public void Everything_runs_once_and_never_before_its_time()
    {
        const int Count = 200;
        int[] early = new int[Count];
        int[] runs = new int[Count];
        using var all = new CountdownEvent(Count);
        for (int i = 0; i < Count; i++)
        {
            int place = i;
            int delay = i * 7 % Count;
            long scheduled = Environment.TickCount64;
            Deadlines.Schedule(TimeSpan.FromMilliseconds(delay), () =>
            {
                runs[place]++;
                early[place] = (int)Math.Max(0, scheduled + delay - Environment.TickCount64);
                all.Signal();
            });
        }

        Assert.That(all.Wait(TimeSpan.FromSeconds(30)), Is.True);
        Assert.That(runs, Is.All.EqualTo(1));
        Assert.That(early, Is.All.Zero);
    }

    [Test]
    public void A_long_time_is_not_cut_short()
    {
        foreach (TimeSpan delay in (TimeSpan[])[TimeSpan.FromTicks(1), TimeSpan.FromDays(24), TimeSpan.FromDays(25), TimeSpan.FromDays(10_000), TimeSpan.MaxValue])
            Assert.That(Deadlines.DueAt(1000, delay) - 1000, Is.AtLeast(delay.TotalMilliseconds));
        Assert.That(Deadlines.DueAt(1000, TimeSpan.FromDays(25)), Is.EqualTo(1000 + (25L * 24 * 60 * 60 * 1000)));
        Assert.That(Deadlines.DueAt(1000, TimeSpan.FromDays(-1)), Is.EqualTo(1000));
    }

    [Test]
    public void What_was_cancelled_never_runs()
    {
        bool hasRun = false;
        using var later = new ManualResetEventSlim();
        IDisposable cancelled = Deadlines.Schedule(TimeSpan.FromMilliseconds(1000), () => hasRun = true);
        cancelled.Dispose();
        using IDisposable never = Deadlines.Schedule(Timeout.InfiniteTimeSpan, () => hasRun = true);
        Deadlines.Schedule(TimeSpan.FromMilliseconds(1100), later.Set);
        Assert.That(later.Wait(TimeSpan.FromSeconds(30)), Is.True);
        Assert.That(hasRun, Is.False);
    }
}
