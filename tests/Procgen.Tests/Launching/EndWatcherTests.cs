using NUnit.Framework;
using Procgen.Interop;
using Procgen.Launching;

namespace Procgen.Tests.Launching;

/// <summary>Both ways to learn of an end: many by one thread, and each by its own, as where the system knows no better.</summary>
[Platform("Linux,MacOsX")]
[TestFixture(true)]
[TestFixture(false)]
public class EndWatcherTests(bool oneThread)
{
    [Test]
    public void Each_end_is_told_once_and_the_process_is_still_to_be_reaped()
    {
        const int Count = 40;
        using var all = new CountdownEvent(Count);
        List<int> told = [];
        List<int> started = [];
        for (int i = 0; i < Count; i++)
        {
            int id = Start($"sleep 0.0{i % 10}; exit {i}");
            started.Add(id);
            Watch(id, () =>
            {
                lock (told) told.Add(id);
                all.Signal();
            });
        }

        Assert.That(all.Wait(Shell.Patience));
        Assert.That(told, Is.EquivalentTo(started));
        Assert.That(started.Select(Reap), Is.EqualTo(Enumerable.Range(0, Count)));
    }

    [Test]
    public void What_has_ended_before_it_is_watched_is_told_too()
    {
        int id = Start("exit 6");
        ChildWait.UntilEnded(id);
        using var ended = new ManualResetEventSlim();
        Watch(id, ended.Set);
        Assert.That(ended.Wait(Shell.Patience));
        Assert.That(Reap(id), Is.EqualTo(6));
    }

    internal static int Start(string script)
    {
        int error = PosixSpawn.Start("/bin/sh", ["sh", "-c", script], [], null, PosixSpawn.InheritOutput, PosixSpawn.InheritOutput, out int id);
        Assert.That(error, Is.Zero);
        return id;
    }

    internal static int Reap(int id)
    {
        Assert.That(ChildWait.TryReap(id, out int? status));
        return ExitStatus.FromWaitStatus(status!.Value).ExitCode;
    }

    private void Watch(int id, Action ended)
    {
        if (oneThread) EndWatcher.Watch(id, () => ChildWait.UntilEnded(id), ended);
        else EndWatcher.WatchByThread(id, () => ChildWait.UntilEnded(id), ended);
    }
}
