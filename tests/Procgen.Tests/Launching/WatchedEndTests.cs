using NUnit.Framework;
using Procgen.Interop;
using Procgen.Launching;

namespace Procgen.Tests.Launching;

/// <summary>Whoever waits for a child may take its end over from the thread that waits for all of them.</summary>
[Platform("Linux")]
public class WatchedEndTests
{
    [OneTimeSetUp]
    public void RequireDescriptors()
    {
        int id = EndWatcherTests.Start("exit 0");
        using var ended = new ManualResetEventSlim();
        WatchedEnd? watched = EndWatcher.Watch(id, () => ChildWait.UntilEnded(id), ended.Set);
        Assert.That(ended.Wait(Shell.Patience));
        Assert.That(EndWatcherTests.Reap(id), Is.Zero);
        if (watched is null) Assert.Ignore("This system has no descriptors of processes.");
    }

    [Test]
    public void One_that_is_taken_over_is_told_by_whoever_has_taken_it_and_by_nobody_else()
    {
        int id = EndWatcherTests.Start("exec sleep 60");
        int told = 0;
        WatchedEnd watched = EndWatcher.Watch(id, () => ChildWait.UntilEnded(id), () => Interlocked.Increment(ref told))!;
        Assert.That(EndWatcher.TryTakeOver(watched));
        Assert.That(EndWatcher.TryTakeOver(watched), Is.False, "a second time");
        Assert.That(watched.Wait(TimeSpan.Zero), Is.False, "it runs");

        ProcessSignals.Send(id, LibC.Killed);
        Assert.That(watched.Wait(Timeout.InfiniteTimeSpan));
        LetWatcherTellAnother(); // It would have told of the first one too.
        Assert.That(told, Is.Zero);
        watched.Tell();
        Assert.That(told, Is.EqualTo(1));
        Assert.That(EndWatcherTests.Reap(id), Is.EqualTo(-9));
    }

    [Test]
    public void Ends_and_takings_over_at_the_same_time_are_told_once_each()
    {
        const int Count = 400;
        using var all = new CountdownEvent(Count);
        int[] told = new int[Count];
        int taken = 0;
        for (int i = 0; i < Count; i++)
        {
            int index = i;
            int id = EndWatcherTests.Start("exit 0");
            WatchedEnd watched = EndWatcher.Watch(id, () => ChildWait.UntilEnded(id), () =>
            {
                bool reaped = ChildWait.TryReap(id, out int? status) && status == 0;
                Interlocked.Add(ref told[index], reaped ? 1 : Count);
                all.Signal();
            })!;
            if (i % 2 == 0) ChildWait.UntilEnded(id); // The other thread is about to tell it.
            if (!EndWatcher.TryTakeOver(watched)) continue;
            taken++;
            watched.Wait(Timeout.InfiniteTimeSpan);
            watched.Tell();
        }

        Assert.That(all.Wait(Shell.Patience));
        Assert.That(told, Is.All.EqualTo(1));
        Assert.That(taken, Is.GreaterThan(0));
    }

    private static void LetWatcherTellAnother()
    {
        int id = EndWatcherTests.Start("exit 6");
        using var ended = new ManualResetEventSlim();
        EndWatcher.Watch(id, () => ChildWait.UntilEnded(id), ended.Set);
        Assert.That(ended.Wait(Shell.Patience));
        Assert.That(EndWatcherTests.Reap(id), Is.EqualTo(6));
    }
}
