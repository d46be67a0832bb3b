using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;
using Procgen.Launching;

namespace Procgen.Tests.Launching;

[Platform("Linux")]
public class LaunchLimitTests
{
    [Test]
    public void It_runs_on_the_processors_asked_for_from_its_start()
    {
        int last = Environment.ProcessorCount - 1;
        Assert.That(
            Shell.Output("grep Cpus_allowed_list /proc/self/status | cut -f2", (command, received) => Capture(command, received, affinity: [last])),
            Is.EqualTo(new[] { last.ToString(CultureInfo.InvariantCulture) }));
    }

    [Test]
    public void A_processor_that_this_machine_does_not_have_is_refused() =>
        Assert.That(() => Start(affinity: [4095]), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("4095").And.Property("ParamName").EqualTo(nameof(ProcessOptions.ProcessorAffinity)));

    [Test]
    public void It_has_the_priority_asked_for_and_this_process_keeps_its_own()
    {
        Assert.That(
            Shell.Output("cut -d' ' -f19 /proc/self/stat", (command, received) => Capture(command, received, priority: ProcessPriorityClass.BelowNormal)),
            Is.EqualTo(new[] { "10" }));
        Assert.That(Shell.Output("cut -d' ' -f19 /proc/self/stat"), Is.EqualTo(new[] { "0" }));
    }

    [Test]
    public void Its_memory_limit_is_set_before_Start_returns()
    {
        using NativeProcess process = Start(memoryLimit: 123_456_768);
        string limits = File.ReadAllText($"/proc/{process.Id}/limits");
        process.Kill();
        Shell.StatusOf(process);
        Assert.That(limits, Does.Match(@"Max data size +123456768 +123456768 "));
    }

    [Test]
    public void A_program_that_takes_more_memory_than_its_limit_gets_an_OutOfMemoryException()
    {
        Assert.That(Play(memoryLimit: 512 << 20), Does.StartWith("out of memory after"));
        Assert.That(Play(memoryLimit: null, new() { [WorkerEnvironment.HeapLimitVariable] = "10000000" }), Does.StartWith("out of memory after"));

        static string Play(long? memoryLimit, Dictionary<string, string?>? environment = null)
        {
            List<string> lines = [];
            using NativeProcess process = NativeProcess.Start(HookedProcess.Request("memory", (_, _, line) =>
            {
                lock (lines) lines.Add(line);
            }, null, environment, memoryLimit));
            Shell.StatusOf(process);
            return string.Join('\n', lines);
        }
    }

    private static NativeProcess Start(IReadOnlyList<int>? affinity = null, long? memoryLimit = null)
        => NativeProcess.Start(new LaunchRequest { Command = new HostCommand("/bin/sleep", ["1000"]), Limits = new ProcessLimits(memoryLimit, null, affinity) });

    private static LaunchRequest Capture(HostCommand command, Action<int, bool, string> received, IReadOnlyList<int>? affinity = null, ProcessPriorityClass? priority = null)
        => new() { Command = command, StandardOutput = OutputMode.Capture, OutputReceived = received, Limits = new ProcessLimits(null, priority, affinity) };
}
