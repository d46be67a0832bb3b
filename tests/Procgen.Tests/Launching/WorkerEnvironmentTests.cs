using System.Globalization;
using NUnit.Framework;
using Procgen.Launching;
using Procgen.Processes;
using Procgen.Transport;

namespace Procgen.Tests.Launching;

public class WorkerEnvironmentTests
{
    private static readonly WorkerTicket Ticket = new("/tmp/a:b c/ü", new Secret(0x0123456789abcdef, 1), new Secret(ulong.MaxValue, 0), 4711);

    [Test]
    public void A_ticket_survives_being_text()
        => Assert.That(WorkerTicket.Parse(Ticket.ToString()), Is.EqualTo(Ticket));

    [TestCase("")]
    [TestCase("1")]
    [TestCase("2:1:00000000000000000000000000000000:00000000000000000000000000000000:/x")]
    [TestCase("1:-1:00000000000000000000000000000000:00000000000000000000000000000000:/x")]
    [TestCase("1:1:0000000000000000000000000000000:00000000000000000000000000000000:/x")]
    [TestCase("1:1:00000000000000000000000000000000:g0000000000000000000000000000000:/x")]
    public void What_is_no_ticket_is_none(string text) => Assert.That(WorkerTicket.Parse(text), Is.Null);

    [TestCase("DOTNET_LTTng", "1", true)]
    [TestCase("DOTNET_LTTng", "0", false)]
    [TestCase("COMPlus_LTTng", "1", true)]
    [TestCase("DOTNET_EnableUserEvents", "1", true)]
    [TestCase("DOTNET_EnableUserEvents", null, false)]
    [NonParallelizable]
    public void A_runtime_that_writes_a_trace_is_known_by_its_environment(string name, string? value, bool hasTrace)
    {
        string? before = Environment.GetEnvironmentVariable(name);
        Environment.SetEnvironmentVariable(name, value);
        Assert.That(WorkerEnvironment.HasTrace, Is.EqualTo(hasTrace));
        Environment.SetEnvironmentVariable(name, before);
    }

    [Test]
    public void The_user_s_hooks_come_before_ours()
    {
        string separator = Path.PathSeparator.ToString();
        Dictionary<string, string?> environment = WorkerEnvironment.Compose(Ticket, [new(WorkerEnvironment.HooksVariable, "First" + separator + "Second")], heapHardLimit: 0x1000);
        Assert.That(environment[WorkerEnvironment.HooksVariable], Is.EqualTo($"First{separator}Second{separator}Procgen"));
        Assert.That(environment[WorkerEnvironment.HeapLimitVariable], Is.EqualTo("1000"));
        Assert.That(environment[WorkerEnvironment.TicketVariable], Is.EqualTo(Ticket.ToString()));
    }

    [Test]
    public void Where_no_hook_is_needed_the_user_s_are_left_alone()
    {
        Dictionary<string, string?> environment = WorkerEnvironment.Compose(Ticket, [], heapHardLimit: null, needsHook: false);
        Assert.That(environment.Keys, Has.None.EqualTo(WorkerEnvironment.HooksVariable));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public void Only_a_worker_that_waits_for_a_debugger_has_ports_for_one([Values("patient-1", "other")] string name)
    {
        var options = new LaunchOptions(new ProcessOptions { Environment = { [WorkerEnvironment.WaitForDebuggerVariable] = "patient*" } });
        IReadOnlyDictionary<string, string?> environment = options.ToRequest(name, Ticket).Environment;
        Assert.That(environment.GetValueOrDefault(WorkerEnvironment.DiagnosticsVariable), Is.EqualTo(name == "other" ? "0" : null));
    }

    [TestCase(null, "-")]
    [TestCase("Procgen.Tests", "Procgen.Tests")]
    [Platform("Linux,MacOsX")]
    public void A_worker_takes_its_ticket_and_leaves_the_user_s_environment(string? hooks, string restored)
    {
        List<string> lines = [];
        Dictionary<string, string?> changes = WorkerEnvironment.Compose(Ticket, [new(WorkerEnvironment.HooksVariable, hooks)], heapHardLimit: 0x10000000);
        changes.Remove(WorkerEnvironment.TicketVariable, out string? text);
        changes[HookedProcess.TicketVariable] = text;

        // The hook that plays the scene stands in for the product's own.
        LaunchRequest request = HookedProcess.Request("environment", (_, _, line) => lines.Add(line), environment: changes);
        using NativeProcess process = NativeProcess.Start(request);
        Shell.StatusOf(process);
        string left = string.Create(CultureInfo.InvariantCulture, $"-|{restored}|-|-|-");
        Assert.That(lines, Is.EqualTo(new[] { Ticket.ToString(), "taken", left, left }));
    }

    [TestCase(true, null, "0")]
    [TestCase(true, "1", "1")]
    [TestCase(false, null, null)]
    public void Code_may_lie_where_it_was_written_only_where_that_is_asked_for_and_the_user_has_not_decided(bool isAsked, string? given, string? expected)
    {
        List<KeyValuePair<string, string?>> changes = [];
        if (given is not null) changes.Add(new(WorkerEnvironment.WriteXorExecuteVariable, given));
        Dictionary<string, string?> environment = WorkerEnvironment.Compose(Ticket, changes, heapHardLimit: null, writesAndExecutes: isAsked);
        Assert.That(environment.GetValueOrDefault(WorkerEnvironment.WriteXorExecuteVariable), Is.EqualTo(expected));
    }

    [Test]
    public void A_process_without_a_ticket_is_no_worker()
    {
        Assert.That(WorkerEnvironment.HasTicket, Is.False);
        Assert.That(WorkerEnvironment.Take(), Is.Null);
    }
}
