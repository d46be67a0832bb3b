using System.Globalization;
using NUnit.Framework;
using Procgen.Launching;

namespace Procgen.Tests.Launching;

[Platform("Linux")]
public class ProcessTreeTests
{
    // Three generations; each process prints its id. The last line comes when all of them run.
    private const string Family = "sleep 1000 & echo $!; sh -c 'sleep 1000 & echo $!; sh -c \"echo \\$\\$; sleep 1000 & echo \\$!; echo all; wait\"; wait' & echo $!; wait";

    [TestCase(true, -9)]
    [TestCase(false, -15)]
    public void All_descendants_end_with_it(bool forcibly, int exitCode)
    {
        List<int> family = [];
        using var complete = new ManualResetEventSlim();
        using NativeProcess process = NativeProcess.Start(new LaunchRequest
        {
            Command = Shell.Run(Family),
            StandardOutput = OutputMode.Capture,
            OutputReceived = (_, _, line) =>
            {
                lock (family)
                {
                    if (int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int id)) family.Add(id);
                    if (family.Count == 5) complete.Set();
                }
            },
        });
        Assert.That(complete.Wait(Shell.Patience));
        if (forcibly) process.Kill(entireTree: true);
        else process.Terminate(entireTree: true);
        Assert.That(Shell.StatusOf(process).ExitCode, Is.EqualTo(exitCode));
        Assert.That(SpinWait.SpinUntil(() => family.TrueForAll(IsDead), Shell.Patience), "a descendant is still there");
    }

    [Test]
    public void Descendants_live_on_where_only_the_process_is_ended()
    {
        List<string> lines = [];
        using var started = new ManualResetEventSlim();
        using NativeProcess process = NativeProcess.Start(new LaunchRequest
        {
            Command = Shell.Run("sleep 1000 & echo $!; wait"),
            StandardOutput = OutputMode.Capture,
            OutputReceived = (_, _, line) =>
            {
                lines.Add(line);
                started.Set();
            },
        });
        Assert.That(started.Wait(Shell.Patience));
        process.Kill();
        Shell.StatusOf(process);
        int id = int.Parse(lines[0], CultureInfo.InvariantCulture);
        Assert.That(IsDead(id), Is.False);
        System.Diagnostics.Process.GetProcessById(id).Kill();
    }

    /// <summary>Gone, or waiting for whoever inherits orphans here to take note of it.</summary>
    private static bool IsDead(int id)
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
}
