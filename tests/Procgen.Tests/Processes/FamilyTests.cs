using NUnit.Framework;

namespace Procgen.Tests.Processes;

/// <summary>Names, daemons, what children inherit, and what happens to them when their parent exits.</summary>
public class FamilyTests
{
    [Test]
    public async Task A_childs_child_is_named_after_it()
    {
        using ChildProcess<string> child = ChildProcess.Start(JobsTargets.GrandchildName());
        Assert.That(await child.Completion, Is.EqualTo($"{child.Name}:1"));
    }

    [Test]
    public async Task A_child_knows_its_parent()
    {
        using ChildProcess<string> child = ChildProcess.Start(JobsTargets.Family(), new ProcessOptions { Name = "kid", Daemon = true });
        Assert.That(await child.Completion, Is.EqualTo($"MainProcess>kid daemon=True worker=True parent={Environment.ProcessId} alive=True"));
    }

    [Test]
    public void A_daemon_may_not_start_children()
    {
        using ChildProcess child = ChildProcess.Start(JobsTargets.StartFromDaemon(), new ProcessOptions { Daemon = true });
        Assert.That(async () => await child.Completion, Throws.InvalidOperationException.With.Message.Contains("daemon"));
    }

    [Test]
    public async Task The_key_is_inherited_and_may_be_another()
    {
        using ChildProcess<byte[]> heir = ChildProcess.Start(JobsTargets.KeyHere());
        Assert.That(await heir.Completion, Is.EqualTo(CurrentProcess.AuthKey.ToArray()));
        using var other = new ChildProcess<byte[]>(JobsTargets.KeyHere()) { AuthKey = new byte[] { 1, 2, 3 } };
        other.Start();
        Assert.That(await other.Completion, Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public async Task A_process_that_exits_joins_its_children_and_ends_its_daemons()
    {
        string file = Path.GetTempFileName();
        string daemonFile = file + ".daemon";
        using ChildProcess<int> parent = ChildProcess.Start(JobsTargets.LeaveDaemonAndChildBehind(300, file, daemonFile));
        int daemon = await parent.Completion;
        Assert.That(await parent.WaitForExitAsync(), Is.Zero);
        Assert.That(await File.ReadAllTextAsync(file), Is.EqualTo("done"));
        Assert.That(File.Exists(daemonFile), Is.False);
        if (OperatingSystem.IsLinux()) Assert.That(Directory.Exists($"/proc/{daemon}"), Is.False);
        File.Delete(file);
    }

    [Test]
    [Platform("Linux,MacOSX")]
    public async Task A_daemon_that_is_stopped_does_not_hold_up_the_end_of_its_parent()
    {
        using ChildProcess<int> parent = ChildProcess.Start(LifeJobsTargets.LeaveStoppedDaemonBehind());
        int daemon = await parent.Completion;
        Assert.That(await parent.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1)), Is.Zero);
        if (OperatingSystem.IsLinux()) Assert.That(Directory.Exists($"/proc/{daemon}"), Is.False);
    }

    [Test]
    public async Task Nothing_of_ours_reaches_what_a_target_starts_and_the_users_own_does([Values(StartMethod.Spawn, StartMethod.Standby)] StartMethod method)
    {
        using ChildProcess<string> child = ChildProcess.Start(JobsTargets.ChildEnvironment(), new ProcessOptions { StartMethod = method, Environment = { ["USERS_OWN"] = "kept" } });
        string[] environment = (await child.Completion).Split('\n');
        Assert.That(environment, Does.Contain("USERS_OWN=kept"));
        Assert.That(
            environment.Where(static line => new[] { "PROCGEN_", "DOTNET_", "COMPlus_" }.Any(line.StartsWith)),
            Is.SubsetOf(Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>().Select(static variable => $"{variable.Key}={variable.Value}")));
    }

    [Test]
    [Platform("Linux,MacOSX")]
    public async Task Control_C_is_the_parents_business()
    {
        string gate = Path.Combine(Path.GetTempPath(), $"gate-{Environment.ProcessId}");
        using var up = new CountdownEvent(1);
        using ChildProcess<int> child = ChildProcess.Start(JobsTargets.AnswerBehindGate(7, gate, new Up(up)));
        up.Wait(TimeSpan.FromMinutes(1));
        Signals.Send(child.Id!.Value, 2);
        await File.WriteAllTextAsync(gate, "");
        Assert.That(await child.Completion, Is.EqualTo(49));
        Assert.That(await child.WaitForExitAsync(), Is.Zero);
        File.Delete(gate);
    }

    private sealed class Up(CountdownEvent up) : IProgress<int>
    {
        public void Report(int value) => up.Signal();
    }
}
