using NUnit.Framework;
using Procgen.Interop;
using Procgen.Launching;

namespace Procgen.Tests.Launching;

[Platform("Linux")]
public class ProcessSetupTests
{
    private const ulong Interrupt = 1UL << (2 - 1);

    [Test]
    public void Interrupts_have_no_effect_on_a_worker_from_its_first_instruction_and_their_usual_one_on_what_it_starts()
    {
        List<string> lines = [];
        using var ready = new ManualResetEventSlim();
        using NativeProcess process = NativeProcess.Start(HookedProcess.Request("signals", (_, _, line) =>
        {
            lines.Add(line);
            if (line == "ready") ready.Set();
        }));
        Assert.That(ProcessSignals.Send(process.Id, LibC.Interrupt));
        Assert.That(ready.Wait(Shell.Patience), string.Join('\n', lines));
        for (int i = 0; i < 10; i++) ProcessSignals.Send(process.Id, LibC.Interrupt);

        // SigBlk:	0000000000000000|SigIgn:	0000000000000000|
        ulong[] sets = [.. lines[0].Split('|', StringSplitOptions.RemoveEmptyEntries).Select(static line => Convert.ToUInt64(line.Split('\t')[1], 16))];
        Assert.That(sets, Has.Length.EqualTo(2));
        Assert.That(sets.Select(static set => set & Interrupt), Is.All.Zero);

        Assert.That(process.IsAlive);
        process.Terminate();
        Assert.That(Shell.StatusOf(process), Is.EqualTo(new ExitStatus(-15, 15)));
    }

    [Test]
    public void A_program_that_was_started_with_SIGCHLD_ignored_still_learns_how_its_children_end()
    {
        List<string> lines = [];
        LaunchRequest request = HookedProcess.Request("ignored", (_, _, line) => lines.Add(line), own => Shell.Run($"trap '' CHLD; exec '{own.FileName}' {string.Join(' ', own.Arguments)}"));
        using NativeProcess process = NativeProcess.Start(request);
        Shell.StatusOf(process);
        Assert.That(lines, Is.EqualTo(new[] { new ExitStatus(7, null).ToString() }));
    }

    [Test]
    public void ExitImmediately_waits_for_nobody()
    {
        using NativeProcess process = NativeProcess.Start(HookedProcess.Request("exit", static (_, _, _) => { }));
        Assert.That(Shell.StatusOf(process), Is.EqualTo(new ExitStatus(42, null)));
    }
}
