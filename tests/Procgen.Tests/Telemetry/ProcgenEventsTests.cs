using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using NUnit.Framework;
using Procgen.Tests.Processes;

namespace Procgen.Tests.Telemetry;

[NonParallelizable]
public class ProcgenEventsTests
{
    [Test]
    public async Task A_listener_hears_of_start_connection_call_and_end()
    {
        using var listener = new Listener();
        using (ChildProcess child = ChildProcess.Start(JobsTargets.Nothing(), new ProcessOptions { Name = "heard" }))
        {
            await child.Completion;
            await child.WaitForExitAsync();
        }

        string[] about = [.. listener.Events.Where(static line => line.Contains("heard", StringComparison.Ordinal) || line.Contains("Jobs.Nothing", StringComparison.Ordinal)).Select(static line => line.Split(' ')[0])];
        Assert.That(about, Is.EquivalentTo(new[] { "ProcessStarted", "CallStarted", "ProcessConnected", "CallEnded", "ProcessExited" }));
    }

    [Test]
    public async Task A_start_is_told_by_the_method_that_it_took()
    {
        using var listener = new Listener();
        bool isTaken = false;
        for (int i = 0; i < 60 && !isTaken; i++)
        {
            using ChildProcess child = ChildProcess.Start(JobsTargets.Nothing(), new ProcessOptions { Name = "waiter", StartMethod = StartMethod.Standby });
            await child.WaitForExitAsync();
            isTaken = listener.Events.Contains($"ProcessStarted waiter {child.Id} Standby");
            StandbyTests.AwaitReserve();
        }

        Assert.That(isTaken, Is.True);
        using ChildProcess limited = ChildProcess.Start(JobsTargets.Nothing(), new ProcessOptions { Name = "limited", StartMethod = StartMethod.Standby, GCHeapHardLimit = 200 << 20 });
        await limited.WaitForExitAsync();
        StandbyTests.EmptyReserve();
        Assert.That(listener.Events, Has.Some.Matches("^ProcessStarted limited [0-9]+ Spawn$"));
        Assert.That(listener.Events, Has.Some.Matches("^ProcessConnected waiter [0-9]+ [0-9]+$"));
        Assert.That(listener.Events, Has.None.Contains("standby"), "the reserve is nobody's process yet");
    }

    [Test]
    public async Task A_listener_hears_of_a_call_of_a_pool_by_target_and_pool()
    {
        using var listener = new Listener();
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { Name = "overheard" });
        await pool.RunAsync(JobsTargets.Square(3));
        Assert.That(listener.Events, Has.Some.Matches("^CallStarted .*Jobs.Square overheard$"));
        Assert.That(listener.Events, Has.Some.Matches("^CallEnded .*Jobs.Square result$"));
    }

    [Test]
    public async Task The_log_writes_lines_to_standard_error()
    {
        List<string> lines = [];
        using ChildProcess child = ChildProcess.Start(JobsTargets.LogAndStart(), new ProcessOptions { StandardError = OutputMode.Capture, OutputReceived = output => lines.Add(output.Line) });
        await child.WaitForExitAsync();
        Assert.That(lines, Has.Some.Contains("was started by Spawn"));
        Assert.That(lines, Has.Some.Contains("ended with exit code 0"));
    }

    private sealed class Listener : EventListener
    {
        public ConcurrentQueue<string> Events { get; } = new();

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Procgen") EnableEvents(eventSource, EventLevel.Verbose);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData) =>
            Events?.Enqueue($"{eventData.EventName} {string.Join(' ', eventData.Payload ?? (IReadOnlyList<object?>)[])}");
    }
}
