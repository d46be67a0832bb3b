using System.Diagnostics.Tracing;
using NUnit.Framework;

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
        StandbyTests.AwaitReserve();
    }

    [OneTimeTearDown]
    public void EmptyReserve() => StandbyTests.EmptyReserve();

    [Test]
    public async Task Handlers_run_once_each_in_order_and_see_the_exit_code([Values(0, 1)] int code, [Values] bool isTraced)
    {
        using var seen = new SharedArray<int>(4);
        using ChildProcess child = ChildProcess.Start(ExitHandlerJobsTargets.Handle(seen, fail: code == 1, isTraced), _options);
        Assert.That(await child.WaitForExitAsync(), Is.EqualTo(code));
        Assert.That(seen.Span.ToArray(), Is.EqualTo(new[] { 2, 1, 2, code }));
    }

    [Test]
    [Platform("Linux")]
    public async Task Handlers_run_on_the_main_thread_of_a_worker_from_the_reserve_and_on_the_runtime_s_of_another()
    {
        using var seen = new SharedArray<int>(2);
        using ChildProcess child = ChildProcess.Start(ExitHandlerJobsTargets.NoteThreads(seen), _options);
        Assert.That(await child.WaitForExitAsync(), Is.Zero);
        Assert.That(seen[0], Is.GreaterThan(0));
        Assert.That(seen[1], method == StartMethod.Standby ? Is.EqualTo(seen[0]) : Is.GreaterThan(0).And.Not.EqualTo(seen[0]));
    }

    [Test]
    public async Task Handlers_run_once_where_another_thread_exits_while_they_run()
    {
        using var seen = new SharedArray<int>(1);
        using ChildProcess child = ChildProcess.Start(ExitHandlerJobsTargets.ExitByOtherMeanwhile(seen, 5), _options);
        Assert.That(await child.WaitForExitAsync(), Is.Zero, "the first to exit");
        Assert.That(seen[0], Is.EqualTo(1));
    }

    [Test]
    public async Task Handlers_run_once_where_another_thread_has_exited_before([Values] bool targetReturns)
    {
        using var seen = new SharedArray<int>(1);
        using ChildProcess child = ChildProcess.Start(ExitHandlerJobsTargets.ExitByOtherBefore(seen, 5, targetReturns), _options);
        Assert.That(await child.WaitForExitAsync(), targetReturns ? Is.AnyOf(0, 5) : Is.EqualTo(5), "of two that ask at the same time the last has its code");
        Assert.That(seen[0], Is.EqualTo(1));
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

    /// <summary>Which thread runs this, and which the handlers.</summary>
    [ProcessTarget]
    public static void NoteThreads(SharedArray<int> seen)
    {
        seen[0] = Environment.CurrentManagedThreadId;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => seen[1] = Environment.CurrentManagedThreadId;
    }

    /// <summary>Another thread exits as soon as a handler runs, which gives it time.</summary>
    [ProcessTarget]
    public static void ExitByOtherMeanwhile(SharedArray<int> seen, int code) => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        if (Interlocked.Increment(ref seen[0]) > 1) return;
        new Thread(() => Environment.Exit(code)) { IsBackground = true }.Start();
        Thread.Sleep(200);
    };

    /// <summary>Another thread exits, and the target ends, or does not, while the handlers run.</summary>
    [ProcessTarget]
    public static void ExitByOtherBefore(SharedArray<int> seen, int code, bool returns)
    {
        var handling = new ManualResetEventSlim();
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            Interlocked.Increment(ref seen[0]);
            handling.Set();
            Thread.Sleep(200);
        };
        new Thread(() => Environment.Exit(code)) { IsBackground = true }.Start();
        handling.Wait();
        if (!returns) Thread.Sleep(Timeout.Infinite);
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
