using System.Diagnostics;
using NUnit.Framework;
using Procgen.Launching;

namespace Procgen.Tests.Launching;

[Platform("Linux,MacOsX")]
public class UnixProcessTests
{
    [TestCase(0)]
    [TestCase(7)]
    [TestCase(143)]
    [TestCase(255)]
    public void An_exit_code_is_reported_exactly(int code)
    {
        using NativeProcess process = Shell.Start($"exit {code}");
        Assert.That(Shell.StatusOf(process), Is.EqualTo(new ExitStatus(code, null)));
    }

    [Test]
    public void Terminate_is_minus_15_and_Kill_is_minus_9_a_hundred_times_beside_other_processes()
    {
        using var stop = new CancellationTokenSource();
        var others = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                using Process other = Process.Start("/bin/sh", ["-c", "exit 5"]);
                other.WaitForExit();
            }
        });
        others.Start();
        try
        {
            for (int i = 0; i < 100; i++)
            {
                using NativeProcess process = NativeProcess.Start(new LaunchRequest { Command = new HostCommand("/bin/sleep", ["1000"]) });
                Assert.That(process.IsAlive);
                if (i % 2 == 0) process.Terminate();
                else process.Kill();
                int signal = i % 2 == 0 ? 15 : 9;
                Assert.That(Shell.StatusOf(process), Is.EqualTo(new ExitStatus(-signal, signal)));
                Assert.That(process.IsAlive, Is.False);
            }
        }
        finally
        {
            stop.Cancel();
            others.Join();
        }
    }

    [Test]
    public void Ending_what_has_ended_does_nothing()
    {
        using NativeProcess process = Shell.Start("exit 3");
        Shell.StatusOf(process);
        process.Kill();
        process.Terminate(entireTree: true);
        Assert.That(process.Status, Is.EqualTo(new ExitStatus(3, null)));
    }

    [Test]
    public void The_status_is_known_without_waiting_once_it_has_ended()
    {
        using NativeProcess process = Shell.Start("exit 4");
        Assert.That(SpinWait.SpinUntil(() => !process.IsAlive, Shell.Patience));
        Assert.That(process.Status?.ExitCode, Is.EqualTo(4));
    }

    [Test]
    public async Task Completion_never_continues_on_the_waiting_thread()
    {
        using NativeProcess process = Shell.Start("sleep 0.1; exit 0");
        string? thread = await process.Completion.ContinueWith(
            _ => Thread.CurrentThread.Name, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        Assert.That(thread ?? "", Does.Not.StartWith("procgen"));
    }

    [Test]
    public void Sixty_four_at_once_all_report_their_own_code()
    {
        NativeProcess[] processes = [.. Enumerable.Range(0, 64).AsParallel().Select(i => Shell.Start($"sleep 0.2; exit {i}"))];
        try
        {
            Assert.That(processes.Select(process => Shell.StatusOf(process).ExitCode), Is.EquivalentTo(Enumerable.Range(0, 64)));
            Assert.That(processes.Select(process => process.Id), Is.Unique);
        }
        finally
        {
            foreach (NativeProcess process in processes) process.Dispose();
        }
    }

    [Test]
    public void Standard_input_is_empty()
        => Assert.That(Shell.Output("read x; echo status $?; readlink /proc/self/fd/0 || echo /dev/null"), Is.EqualTo(new[] { "status 1", "/dev/null" }));

    [Test]
    public void It_starts_in_the_working_directory()
        => Assert.That(
            Shell.Output("pwd -P", (command, received) => new() { Command = command, WorkingDirectory = "/usr/../usr/lib", StandardOutput = OutputMode.Capture, OutputReceived = received }),
            Is.EqualTo(new[] { "/usr/lib" }));

    [Test]
    public void Its_environment_is_this_ones_with_the_changes()
    {
        Environment.SetEnvironmentVariable("PROCGEN_TEST_KEPT", "kept");
        Environment.SetEnvironmentVariable("PROCGEN_TEST_REMOVED", "still there");
        List<string> seen = Shell.Output(
            "echo \"$PROCGEN_TEST_KEPT|${PROCGEN_TEST_REMOVED-gone}|$PROCGEN_TEST_SET|${PROCGEN_TEST_EMPTY-gone}\"",
            (command, received) => new()
            {
                Command = command,
                Environment = new Dictionary<string, string?> { ["PROCGEN_TEST_REMOVED"] = null, ["PROCGEN_TEST_SET"] = "ü=\"1\"", ["PROCGEN_TEST_EMPTY"] = "" },
                StandardOutput = OutputMode.Capture,
                OutputReceived = received,
            });
        Environment.SetEnvironmentVariable("PROCGEN_TEST_KEPT", null);
        Environment.SetEnvironmentVariable("PROCGEN_TEST_REMOVED", null);
        Assert.That(seen, Is.EqualTo(new[] { "kept|gone|ü=\"1\"|" }));
    }

    [TestCase("A=B", "x")]
    [TestCase("", "x")]
    [TestCase("A", "x\0y")]
    public void An_impossible_variable_is_refused(string name, string value)
        => Assert.That(
            () => NativeProcess.Start(new LaunchRequest { Command = Shell.Run("exit 0"), Environment = new Dictionary<string, string?> { [name] = value } }),
            Throws.ArgumentException);

    [Test]
    public void A_missing_executable_or_assembly_is_named()
    {
        Assert.That(
            () => NativeProcess.Start(new LaunchRequest { Command = Shell.Run("exit 0") with { Assembly = "/nowhere/app.dll" } }),
            Throws.TypeOf<FileNotFoundException>().With.Message.Contains("/nowhere/app.dll"));
        Assert.That(
            () => NativeProcess.Start(new LaunchRequest { Command = new HostCommand("/nowhere/at/all", []) }),
            Throws.TypeOf<FileNotFoundException>().With.Message.Contains("/nowhere/at/all"));
    }

    [Test]
    public void A_missing_directory_is_named()
        => Assert.That(
            () => NativeProcess.Start(new LaunchRequest { Command = Shell.Run("exit 0"), WorkingDirectory = "/nowhere/at/all" }),
            Throws.TypeOf<DirectoryNotFoundException>().With.Message.Contains("/nowhere/at/all"));

    [Test]
    public void A_file_that_is_no_program_is_refused()
    {
        string path = Path.GetTempFileName();
        try
        {
            Assert.That(
                () => NativeProcess.Start(new LaunchRequest { Command = new HostCommand(path, []) }),
                Throws.TypeOf<UnauthorizedAccessException>().With.Message.Contains(path));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
