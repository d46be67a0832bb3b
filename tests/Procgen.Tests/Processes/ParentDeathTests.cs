using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;

namespace Procgen.Tests.Processes;

/// <summary>A parent that is killed leaves nothing: no process, whatever it was doing, and no file.</summary>
[Platform("Linux")]
public class ParentDeathTests
{
    /// <summary>The promise is one second; the rest is for machines that run other things too.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [TestCase(8, false, TestName = "Eight busy children are gone soon after SIGKILL, stopped ones too")]
    [TestCase(16, true, TestName = "Sixteen busy children with grandchildren are gone soon after SIGKILL")]
    public void A_kill_of_the_parent_is_felt_at_once(int count, bool grandchildren)
        => KillAfter(grandchildren ? 2 * count : count, born => JobsTargets.Keep(count, grandchildren, born));

    [Test]
    public void A_kill_of_the_parent_leaves_no_reserve() => KillAfter(2, born => JobsTargets.KeepReserve(2, born));

    /// <summary>Kills a parent once it has told of so many, the first and the last of which are stopped.</summary>
    private static void KillAfter(int count, Func<IProgress<int>, ProcessCall> keep)
    {
        DirectoryInfo temporary = Directory.CreateTempSubdirectory("t");
        List<int> brood = [];
        using var complete = new ManualResetEventSlim();
        var options = new ProcessOptions { Environment = { ["TMPDIR"] = temporary.FullName } };
        using ChildProcess parent = ChildProcess.Start(keep(new Report(id =>
        {
            brood.Add(id);
            if (brood.Count == count) complete.Set();
        })), options);
        Assert.That(complete.Wait(TimeSpan.FromMinutes(2)), "the children did not come up");

        // A stopped process runs no code of its own: only the kernel can end it.
        Signals.Send(brood[0], 19);
        Signals.Send(brood[^1], 19);
        long killed = Stopwatch.GetTimestamp();
        Signals.Send(parent.Id!.Value, Signals.Kill);
        Assert.That(SpinWait.SpinUntil(() => brood.TrueForAll(IsGone), Patience), () => $"still there: {string.Join(' ', brood.Where(id => !IsGone(id)))}");
        TestContext.Out.WriteLine($"{brood.Count} processes were gone {Stopwatch.GetElapsedTime(killed).TotalMilliseconds.ToString("f0", CultureInfo.InvariantCulture)} ms after their parent.");
        Assert.That(temporary.EnumerateFileSystemInfos().Select(static file => file.Name), Is.Empty);
        Assert.That(Directory.EnumerateFileSystemEntries("/dev/shm").Where(path => brood.Exists(id => path.Contains($"-{id}-", StringComparison.Ordinal))), Is.Empty);
        temporary.Delete();
    }

    /// <summary>A dead process that nobody has reaped yet is gone too.</summary>
    private static bool IsGone(int id)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[stat.LastIndexOf(')') + 2] is 'Z' or 'X';
        }
        catch (IOException)
        {
            return true;
        }
    }

    private sealed class Report(Action<int> report) : IProgress<int>
    {
        void IProgress<int>.Report(int value) => report(value);
    }
}
