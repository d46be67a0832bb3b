using System.Globalization;
using NUnit.Framework;
using Procgen.Launching;

namespace Procgen.Tests.Launching;

[Platform("Win")]
public class WindowsProcessTests
{
    private static readonly string System32 = Environment.SystemDirectory;

    private static HostCommand Command(string script) => new(Path.Combine(System32, "cmd.exe"), ["/c", script]);

    // Waits for longer than any test.
    private static HostCommand Waiting() => new(Path.Combine(System32, "ping.exe"), ["-n", "1000", "127.0.0.1"]);

    private static ExitStatus Run(LaunchRequest request)
    {
        using NativeProcess process = NativeProcess.Start(request);
        return Shell.StatusOf(process);
    }

    [TestCase(0)]
    [TestCase(7)]
    [TestCase(300)]
    public void An_exit_code_is_reported_exactly(int code)
        => Assert.That(Run(new LaunchRequest { Command = Command($"exit {code}") }), Is.EqualTo(new ExitStatus(code, null)));

    [Test]
    public void Terminate_is_minus_15_and_Kill_is_minus_9()
    {
        using NativeProcess terminated = NativeProcess.Start(new LaunchRequest { Command = Waiting(), StandardOutput = OutputMode.Discard });
        using NativeProcess killed = NativeProcess.Start(new LaunchRequest { Command = Waiting(), StandardOutput = OutputMode.Discard });
        Assert.That(terminated.IsAlive && killed.IsAlive);
        terminated.Terminate();
        killed.Kill();
        Assert.That(Shell.StatusOf(terminated), Is.EqualTo(new ExitStatus(-15, null)));
        Assert.That(Shell.StatusOf(killed), Is.EqualTo(new ExitStatus(-9, null)));
    }

    [Test]
    public void Both_streams_are_captured_in_its_directory_with_its_environment()
    {
        List<string> lines = [];
        Run(new LaunchRequest
        {
            Command = Command("cd & echo %PROCGEN_TEST_SET% & echo problem 1>&2"),
            WorkingDirectory = System32,
            Environment = new Dictionary<string, string?> { ["PROCGEN_TEST_SET"] = "a value" },
            StandardOutput = OutputMode.Capture,
            StandardError = OutputMode.Capture,
            OutputReceived = (_, isError, line) =>
            {
                lock (lines) lines.Add($"{isError} {line.TrimEnd()}");
            },
        });
        Assert.That(lines, Is.EquivalentTo(new[] { $"False {System32}", "False a value", "True problem" }).IgnoreCase);
    }

    [Test]
    public void A_process_that_it_left_behind_with_the_pipe_does_not_hold_up_the_end()
    {
        Assert.That(Run(new LaunchRequest { Command = Command("start /b ping -n 1000 127.0.0.1 & exit 3"), StandardOutput = OutputMode.Capture }).ExitCode, Is.EqualTo(3));
        foreach (System.Diagnostics.Process left in System.Diagnostics.Process.GetProcessesByName("ping")) left.Kill();
    }

    [Test]
    public void All_descendants_end_with_it()
    {
        List<int> ids = [];
        using var started = new ManualResetEventSlim();
        LaunchRequest request = HookedProcess.Request("family", (_, _, line) =>
        {
            ids.Add(int.Parse(line, CultureInfo.InvariantCulture));
            started.Set();
        });
        using NativeProcess process = NativeProcess.Start(request);
        Assert.That(started.Wait(Shell.Patience));
        using System.Diagnostics.Process grandchild = System.Diagnostics.Process.GetProcessById(ids[0]);
        process.Terminate(entireTree: true);
        Assert.That(Shell.StatusOf(process).ExitCode, Is.EqualTo(-15));
        Assert.That(grandchild.WaitForExit(Shell.Patience));
    }

    [Test]
    public void A_child_ends_with_a_parent_that_ends_in_whatever_way()
    {
        List<int> ids = [];
        using var started = new ManualResetEventSlim();
        LaunchRequest request = HookedProcess.Request("parent", (_, _, line) =>
        {
            ids.Add(int.Parse(line, CultureInfo.InvariantCulture));
            started.Set();
        });
        using NativeProcess process = NativeProcess.Start(request);
        Assert.That(started.Wait(Shell.Patience));
        using System.Diagnostics.Process child = System.Diagnostics.Process.GetProcessById(ids[0]);
        process.Kill();
        Assert.That(child.WaitForExit(Shell.Patience));
    }
}
