using System.Diagnostics.Tracing;
using NUnit.Framework;
using Procgen.Launching;

namespace Procgen.Tests.Processes;

/// <summary>A worker ends as any program does: its <c>ProcessExit</c> handlers run, however the worker has come to be.</summary>
[NonParallelizable]
[TestFixture(StartMethod.Spawn)]
[TestFixture(StartMethod.Standby)]
public class ExitHandlerTests(StartMethod method)
{
    private readonly ProcessOptions _options = new() { StartMethod = method };

    [SetUp]
    public void FillReserve()
    {
        if (method != StartMethod.Standby) return;
        using ChildProcess first = ChildProcess.Start(JobsTargets.Nothing(), _options);
        first.Join();
        Assert.That(SpinWait.SpinUntil(static () => WorkerReserve.Count > 0, TimeSpan.FromMinutes(1)), "nothing is in reserve");
    }

    [Test]
    public async Task Handlers_run_once_each_in_order_and_see_the_exit_code([Values(0, 1)] int code, [Values] bool isTraced)
    {
        using var seen = new SharedArray<int>(4);
        using ChildProcess child = ChildProcess.Start(ExitHandlerJobsTargets.Handle(seen, fail: code == 1, isTraced), _options);
        Assert.That(await child.WaitForExitAsync(), Is.EqualTo(code));
        Assert.That(seen.Span.ToArray(), Is.EqualTo(new[] { 2, 1, 2, code }));
    }

    [Test]
    public async Task A_handler_may_wait_for_another_thread()
    {
        using var seen = new SharedArray<int>(1);
        using ChildProcess child = ChildProcess.Start(ExitHandlerJobsTargets.HandleByOther(seen), _options);
        Assert.That(await child.WaitForExitAsync(), Is.Zero);
        Assert.That(seen[0], Is.EqualTo(1));
    }

    [Test]
    public async Task A_handler_that_throws_is_an_unhandled_exception_of_the_process()
    {
        using ChildProcess<int> child = ChildProcess.Start(ExitHandlerJobsTargets.ThrowAtExit(), _options);
        Assert.That(await child.Completion, Is.EqualTo(5), "the result was sent before");
        Assert.That(await child.WaitForExitAsync(), OperatingSystem.IsWindows() ? Is.Not.Zero : Is.EqualTo(-6));
    }
}

/// <summary>Targets that have something to do when their process ends.</summary>
internal static class ExitHandlerJobs
{
    /// <param name="seen">How many handlers have run, which as first and second, and what exit code they saw.</param>
    /// <param name="fail">Whether this throws.</param>
    /// <param name="isTraced">Whether somebody listens to the runtime's events.</param>
    [ProcessTarget]
    public static void Handle(SharedArray<int> seen, bool fail, bool isTraced)
    {
        if (isTraced) GC.KeepAlive(new Listener());
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Note(seen, 1);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Note(seen, 2);
        if (fail) throw new InvalidOperationException("as asked for");
    }

    [ProcessTarget]
    public static void HandleByOther(SharedArray<int> seen) => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        var other = new Thread(() => seen[0] = 1);
        other.Start();
        other.Join();
    };

    [ProcessTarget]
    public static int ThrowAtExit()
    {
        AppDomain.CurrentDomain.ProcessExit += static (_, _) => throw new InvalidOperationException("too late");
        return 5;
    }

    private static void Note(SharedArray<int> seen, int handler)
    {
        seen[++seen[0]] = handler;
        seen[3] = Environment.ExitCode;
    }

    private sealed class Listener : EventListener
    {
        protected override void OnEventSourceCreated(EventSource source)
        {
            if (source.Name == "System.Runtime") EnableEvents(source, EventLevel.Informational);
        }
    }
}
