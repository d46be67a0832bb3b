using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using NUnit.Framework;

namespace Procgen.Tests.Processes;

/// <summary>Options that make no sense are refused at once, and callbacks that fail cost nobody more than themselves.</summary>
public sealed class ProcessOptionsTests
{
    [Test]
    public async Task A_callback_that_throws_costs_its_line_only_and_is_told_to_those_who_listen()
    {
        using var listener = new Listener();
        var lines = new ConcurrentQueue<string>();
        using ChildProcess child = ChildProcess.Start(JobsTargets.PrintMany(3), new ProcessOptions
        {
            Name = "unheard",
            StandardOutput = OutputMode.Capture,
            OutputReceived = output =>
            {
                if (output.Line == "line 1") throw new InvalidOperationException("no ear for this");
                lines.Enqueue(output.Line);
            },
        });
        await child.Completion;
        Assert.That(await child.WaitForExitAsync(), Is.Zero);
        Assert.That(lines, Is.EqualTo(new[] { "line 0", "line 2" }));
        Assert.That(listener.Events, Has.One.Contains("CallbackFailed OutputReceived unheard").And.Contains("no ear for this"));
    }

    [Test]
    public void An_output_mode_that_there_is_not_is_refused()
    {
        Assert.That(() => Prepare(new ProcessOptions { StandardOutput = (OutputMode)4 }), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("StandardOutput"));
        Assert.That(() => Prepare(new ProcessOptions { StandardError = (OutputMode)(-1) }), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("StandardError"));
    }

    [Test]
    public void A_process_has_a_name()
    {
        using ChildProcess child = new(JobsTargets.Nothing());
        Assert.That(() => child.Name = "", Throws.ArgumentException);
        Assert.That(() => child.Name = null!, Throws.ArgumentNullException);
        Assert.That(() => CurrentProcess.Name = "", Throws.ArgumentException);
        Assert.That(() => Prepare(new ProcessOptions { Name = "" }), Throws.ArgumentException);
        Assert.That(child.Name, Does.StartWith("Process-"));
    }

    [Test]
    public void What_a_start_or_a_join_throws_is_what_their_documentation_says()
    {
        Assert.That(() => Start(new ProcessOptions { ExecutablePath = "/no/such/program" }), Throws.TypeOf<FileNotFoundException>());
        Assert.That(() => Start(new ProcessOptions { WorkingDirectory = "/no/such/directory" }), Throws.TypeOf<DirectoryNotFoundException>());
        Assert.That(() => Start(new ProcessOptions { WorkingDirectory = "" }), Throws.TypeOf<ArgumentException>());
        Assert.That(() => Start(new ProcessOptions { ProcessorAffinity = [] }), Throws.TypeOf<ArgumentException>().With.Property("ParamName").EqualTo("options"));
        Assert.That(() => Prepare(new ProcessOptions { ProcessorAffinity = [0, -1] }), Throws.TypeOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("options"));
        Assert.That(() => Start(new ProcessOptions { Environment = { ["a=b"] = "c" } }), Throws.ArgumentException);
        Assert.That(() => Start(new ProcessOptions { StartMethod = StartMethod.Standby, Environment = { ["a=b"] = "c" } }), Throws.ArgumentException);
        Assert.That(() => Start(new ProcessOptions { StartMethod = (StartMethod)7 }), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Start(new ProcessOptions { StartMethod = StartMethod.InProcess, WorkingDirectory = "/" }), Throws.TypeOf<PlatformNotSupportedException>());
        Assert.That(() => ChildProcess.Start(JobsTargets.Nothing(), cancellationToken: new CancellationToken(true)), Throws.InstanceOf<OperationCanceledException>());

        using ChildProcess failed = new(JobsTargets.Nothing(), new ProcessOptions { ExecutablePath = "/no/such/program" });
        Assert.That(failed.Start, Throws.TypeOf<FileNotFoundException>());
        Assert.That(failed.Start, Throws.InvalidOperationException.With.Message.Contains("could not be started"));

        using ChildProcess child = ChildProcess.Start(JobsTargets.Nothing());
        Assert.That(() => child.Join(TimeSpan.FromSeconds(-5)), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(child.Join(TimeSpan.MaxValue), Is.True);
        child.Close();
        Assert.That(() => child.Join(), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public async Task The_executable_of_this_process_starts_workers_where_it_is_the_dotnet_command_too()
    {
        Assume.That(Path.GetFileNameWithoutExtension(Environment.ProcessPath), Is.EqualTo("dotnet"));
        using ChildProcess<int> child = ChildProcess.Start(JobsTargets.Square(3), new ProcessOptions { ExecutablePath = Environment.ProcessPath });
        Assert.That(await child.Completion, Is.EqualTo(9));
    }

    private static void Prepare(ProcessOptions options) => new ChildProcess(JobsTargets.Nothing(), options).Dispose();

    private static void Start(ProcessOptions options)
    {
        using ChildProcess child = ChildProcess.Start(JobsTargets.Nothing(), options);
    }

    private sealed class Listener : EventListener
    {
        public ConcurrentQueue<string> Events { get; } = new();

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Procgen") EnableEvents(eventSource, EventLevel.Error);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData) =>
            Events?.Enqueue($"{eventData.EventName} {string.Join(' ', eventData.Payload ?? (IReadOnlyList<object?>)[])}");
    }
}
