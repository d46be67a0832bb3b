using NUnit.Framework;
using Procgen.Launching;

namespace Procgen.Tests.Launching;

[Platform("Linux,MacOsX")]
public class OutputCaptureTests
{
    private static LaunchRequest CaptureBoth(HostCommand command, Action<int, bool, string> received)
        => new() { Command = command, StandardOutput = OutputMode.Capture, StandardError = OutputMode.Capture, OutputReceived = received };

    [Test]
    public void Lines_of_both_streams_arrive_in_their_order()
    {
        List<string> lines = Shell.Output("for i in 1 2 3; do echo out $i; echo err $i >&2; done", CaptureBoth);
        Assert.That(lines.Where(line => !line.StartsWith("error:", StringComparison.Ordinal)), Is.EqualTo(new[] { "out 1", "out 2", "out 3" }));
        Assert.That(lines.Where(line => line.StartsWith("error:", StringComparison.Ordinal)), Is.EqualTo(new[] { "error: err 1", "error: err 2", "error: err 3" }));
    }

    [Test]
    public void All_lines_are_delivered_before_the_process_counts_as_ended()
        => Assert.That(Shell.Output("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); echo line $i; done"), Is.EqualTo(Enumerable.Range(1, 20000).Select(i => $"line {i}")));

    [Test]
    public void Empty_lines_carriage_returns_and_a_last_line_without_end_are_kept()
        => Assert.That(Shell.Output("printf 'a\\n\\nb\\r\\nlast'"), Is.EqualTo(new[] { "a", "", "b", "last" }));

    [Test]
    public void Lines_are_utf_8_and_broken_ones_arrive_with_replacement_characters()
        => Assert.That(Shell.Output("printf 'h\\303\\251\\n\\377x\\n'"), Is.EqualTo(new[] { "hé", "\ufffdx" }));

    [Test]
    public void A_line_without_end_comes_in_pieces()
    {
        List<string> lines = Shell.Output("head -c 2500000 /dev/zero | tr '\\0' x");
        Assert.That(lines.Select(line => line.Length), Is.EqualTo(new[] { LineSplitter.MaxLineBytes, LineSplitter.MaxLineBytes, 2500000 - (2 * LineSplitter.MaxLineBytes) }));
    }

    [Test]
    public void The_tail_is_the_last_64_lines_of_standard_error()
    {
        using NativeProcess process = NativeProcess.Start(CaptureBoth(Shell.Run("i=0; while [ $i -lt 100 ]; do i=$((i+1)); echo $i >&2; done; echo out"), static (_, _, _) => { }));
        Shell.StatusOf(process);
        Assert.That(process.StandardErrorTail.Split('\n'), Is.EqualTo(Enumerable.Range(37, 64).Select(i => $"{i}")));
    }

    [Test]
    public void One_stream_can_be_dropped_and_the_other_captured()
        => Assert.That(
            Shell.Output("echo out; echo err >&2", static (command, received) => new()
            {
                Command = command,
                StandardOutput = OutputMode.Discard,
                StandardError = OutputMode.Capture,
                OutputReceived = received,
            }),
            Is.EqualTo(new[] { "error: err" }));

    [Test]
    public void A_grandchild_that_holds_the_pipe_does_not_hold_up_the_end()
    {
        List<string> lines = [];
        using NativeProcess process = NativeProcess.Start(CaptureBoth(Shell.Run("sleep 1000 & echo $!; exit 3"), (_, _, line) => lines.Add(line)));
        Assert.That(Shell.StatusOf(process).ExitCode, Is.EqualTo(3));
        Assert.That(lines, Has.Count.EqualTo(1));
        System.Diagnostics.Process.GetProcessById(int.Parse(lines[0], System.Globalization.CultureInfo.InvariantCulture)).Kill();
    }

    [Test]
    public void A_grandchild_that_never_stops_writing_does_not_hold_up_the_end()
    {
        string first = "";
        long count = 0;
        using NativeProcess process = NativeProcess.Start(CaptureBoth(Shell.Run("yes & exit 0"), (_, _, line) =>
        {
            first = line;
            count++;
        }));
        Shell.StatusOf(process);
        Assert.That(first is "y" or "", "what was there has been read, and then no more");
    }

    [Test]
    public void Tee_also_writes_to_this_process_s_own_streams()
    {
        List<string> lines = [];
        using NativeProcess process = NativeProcess.Start(HookedProcess.Request("tee", (_, isError, line) =>
        {
            lock (lines) lines.Add($"{isError} {line}");
        }));
        Shell.StatusOf(process);
        Assert.That(lines, Is.EquivalentTo(new[] { "False one", "True two", "False tail two" }));
    }
}
