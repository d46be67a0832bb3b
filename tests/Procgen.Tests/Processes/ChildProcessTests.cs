using System.Collections.Concurrent;
using System.Diagnostics;
using NUnit.Framework;
using Procgen.Calls;
using Procgen.Processes;

namespace Procgen.Tests.Processes;

public class ChildProcessTests
{
    [Test]
    public async Task A_result_comes_back()
    {
        using ChildProcess<int> child = ChildProcess.Start(JobsTargets.Square(4));
        Assert.That(await child.Completion, Is.EqualTo(16));
    }

    [Test]
    public async Task Default_values_and_names_are_kept()
    {
        using ChildProcess<double> cube = ChildProcess.Start(JobsTargets.Pow(2, y: 3));
        using ChildProcess<double> square = ChildProcess.Start(JobsTargets.Pow(3));
        Assert.That(await cube.Completion, Is.EqualTo(8));
        Assert.That(await square.Completion, Is.EqualTo(9));
    }

    [Test]
    public async Task Strings_and_nulls_cross()
    {
        using ChildProcess<string> child = ChildProcess.Start(JobsTargets.Concat(null, "日本 \0 é"));
        Assert.That(await child.Completion, Is.EqualTo("null+日本 \0 é"));
    }

    [Test]
    public async Task It_runs_in_another_process()
    {
        using ChildProcess<int> child = ChildProcess.Start(JobsTargets.IdHere());
        int id = await child.Completion;
        Assert.That(id, Is.Not.EqualTo(Environment.ProcessId));
        Assert.That(child.Id, Is.EqualTo(id));
    }

    [Test]
    public void A_prepared_process_has_no_id_and_no_exit_code()
    {
        using var child = new ChildProcess(JobsTargets.Nothing());
        Assert.That(child.Id, Is.Null);
        Assert.That(child.ExitCode, Is.Null);
        Assert.That(child.IsAlive, Is.False);
    }

    [Test]
    public void A_joined_process_has_ended_with_code_0()
    {
        using var child = new ChildProcess(JobsTargets.Nothing());
        child.Start();
        Assert.That(child.Join(TimeSpan.FromMinutes(1)), Is.True);
        Assert.That(child.ExitCode, Is.Zero);
        Assert.That(child.IsAlive, Is.False);
        Assert.That(child.Completion.IsCompletedSuccessfully, Is.True);
    }

    [Test]
    public void Join_gives_up_after_its_timeout()
    {
        using ChildProcess child = ChildProcess.Start(JobsTargets.Spin());
        Assert.That(child.Join(TimeSpan.FromMilliseconds(50)), Is.False);
        Assert.That(child.IsAlive, Is.True);
    }

    [TestCase(0)]
    [TestCase(7)]
    [TestCase(143)]
    [TestCase(255)]
    public async Task Environment_exit_ends_the_call_as_a_crash_with_that_code(int code)
    {
        using ChildProcess child = ChildProcess.Start(JobsTargets.Exit(code));
        WorkerCrashedException? crash = Assert.ThrowsAsync<WorkerCrashedException>(() => child.Completion);
        Assert.That(crash!.ExitCode, Is.EqualTo(code));
        Assert.That(crash.Signal, Is.Null);
        Assert.That(crash.TargetName, Is.EqualTo("Jobs.Exit"));
        Assert.That(await child.WaitForExitAsync(), Is.EqualTo(code));
        Assert.That(child.ExitCode, Is.EqualTo(code));
    }

    [Test]
    public async Task Terminate_reports_minus_15()
    {
        using ChildProcess child = ChildProcess.Start(JobsTargets.Spin());
        child.Terminate();
        Assert.That(await child.WaitForExitAsync(), Is.EqualTo(-15));
        Assert.That(Assert.ThrowsAsync<WorkerCrashedException>(() => child.Completion)!.Signal, Is.EqualTo(15));
    }

    [Test]
    public async Task Terminate_reports_minus_15_while_the_target_runs()
    {
        var started = new TaskCompletionSource();
        using ChildProcess child = ChildProcess.Start(JobsTargets.Report(int.MaxValue, new Callback<int>(_ => started.TrySetResult())));
        await started.Task;
        child.Terminate();
        Assert.That(await child.WaitForExitAsync(), Is.EqualTo(-15));
    }

    [Test]
    [Platform("Linux,MacOSX")]
    public async Task Terminate_reports_minus_15_of_one_that_is_stopped_too([Values] bool entireTree)
    {
        using ChildProcess child = ChildProcess.Start(JobsTargets.Spin());
        Signals.Send(child.Id!.Value, Signals.Stop);
        child.Terminate(entireTree);
        Assert.That(await child.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1)), Is.EqualTo(-15));
    }

    [Test]
    public async Task Kill_reports_minus_9()
    {
        using ChildProcess child = ChildProcess.Start(JobsTargets.Spin());
        child.Kill();
        Assert.That(await child.WaitForExitAsync(), Is.EqualTo(-9));
    }

    [Test]
    public async Task A_process_that_ended_takes_no_notice_of_terminate()
    {
        using ChildProcess child = ChildProcess.Start(JobsTargets.Nothing());
        child.Join();
        child.Terminate();
        child.Kill();
        Assert.That(await child.WaitForExitAsync(), Is.Zero);
    }

    [Test]
    public void An_unhandled_exception_is_exit_code_1_with_the_stack_on_standard_error()
    {
        var lines = new ConcurrentQueue<string>();
        using ChildProcess child = ChildProcess.Start(
            JobsTargets.ThrowNested(),
            new ProcessOptions { Name = "raises", StandardError = OutputMode.Capture, OutputReceived = output => lines.Enqueue(output.Line) });
        child.Join();
        Assert.That(child.ExitCode, Is.EqualTo(1));
        Assert.That(lines, Has.Some.EqualTo("Process raises:"));
        Assert.That(lines, Has.Some.Contains("System.InvalidOperationException: outer"));
        Assert.That(lines, Has.Some.Contains(nameof(Jobs.ThrowNested)));
    }

    [Test]
    public async Task A_cancellation_that_the_caller_asked_for_is_nothing_to_write_of()
    {
        var lines = new ConcurrentQueue<string>();
        using var runs = new ProcessEvent();
        using var cancellation = new CancellationTokenSource();
        using ChildProcess child = ChildProcess.Start(
            JobsTargets.SignalAndWaitForCancellation(runs),
            new ProcessOptions { StandardError = OutputMode.Capture, OutputReceived = output => lines.Enqueue(output.Line) },
            cancellation.Token);
        runs.Wait();
        await cancellation.CancelAsync();
        Assert.That(async () => await child.Completion, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await child.WaitForExitAsync(), Is.EqualTo(1), "it was killed before it noticed");
        Assert.That(lines, Is.Empty);
    }

    [Test]
    public async Task A_cancellation_that_nobody_asked_for_is_written()
    {
        var lines = new ConcurrentQueue<string>();
        using ChildProcess child = ChildProcess.Start(
            JobsTargets.CancelByItself(), new ProcessOptions { StandardError = OutputMode.Capture, OutputReceived = output => lines.Enqueue(output.Line) });
        Assert.That(async () => await child.Completion, Throws.InstanceOf<OperationCanceledException>());
        await child.WaitForExitAsync();
        Assert.That(lines, Has.Some.Contains(nameof(OperationCanceledException)));
    }

    [Test]
    public async Task A_stream_that_was_left_is_nothing_to_write_of()
    {
        var lines = new ConcurrentQueue<string>();
        var options = new ProcessOptions { StandardError = OutputMode.Capture, OutputReceived = output => lines.Enqueue(output.Line) };
        await foreach (string item in ChildProcess.StreamAsync(JobsTargets.Spell(int.MaxValue), options))
        {
            if (item.Length == 3) break;
        }

        Assert.That(lines, Is.Empty);
    }

    [Test]
    public void A_well_known_exception_arrives_as_itself()
    {
        using ChildProcess child = ChildProcess.Start(JobsTargets.ThrowArgument("size"), Quiet());
        ArgumentException? error = Assert.ThrowsAsync<ArgumentException>(() => child.Completion);
        Assert.That(error!.ParamName, Is.EqualTo("size"));
        Assert.That(error.Message, Is.EqualTo("no good (Parameter 'size')"));
        Assert.That(error.StackTrace, Does.Contain(nameof(Jobs.ThrowArgument)));
        Assert.That(error.StackTrace, Does.Contain(child.Name));
    }

    [Test]
    public void A_declared_exception_arrives_as_itself()
    {
        using ChildProcess child = ChildProcess.Start(JobsTargets.ThrowDeclared("no red left"), Quiet());
        OutOfPaintException? error = Assert.ThrowsAsync<OutOfPaintException>(() => child.Completion);
        Assert.That(error!.Message, Is.EqualTo("no red left"));
        Assert.That(error.StackTrace, Does.Contain(nameof(Jobs.ThrowDeclared)));
    }

    [TestCase(0, "SpilledPaintException: spilled")]
    [TestCase(1, "SpilledPaintException: spilled <- FormatException: inner")]
    [TestCase(2, "PaintJobException: failed <- SpilledPaintException: spilled <- FormatException: inner")]
    public void A_declared_exception_keeps_its_inner_one_where_a_constructor_takes_it(int kind, string chain)
    {
        using ChildProcess child = ChildProcess.Start(JobsTargets.ThrowDeclaredWithInner(kind));
        List<string> errors = [];
        for (Exception? error = Assert.CatchAsync(() => child.Completion); error is not null; error = error.InnerException) errors.Add($"{error.GetType().Name}: {error.Message}");
        Assert.That(string.Join(" <- ", errors), Is.EqualTo(chain));
    }

    [Test]
    public void Any_other_exception_arrives_as_text()
    {
        using ChildProcess child = ChildProcess.Start(JobsTargets.ThrowUndeclared("odd"), Quiet());
        RemoteException? error = Assert.ThrowsAsync<RemoteException>(() => child.Completion);
        Assert.That(error!.RemoteTypeName, Is.EqualTo(typeof(UndeclaredException).FullName));
        Assert.That(error.RemoteMessage, Is.EqualTo("odd"));
        Assert.That(error.RemoteStackTrace, Does.Contain(nameof(Jobs.ThrowUndeclared)));
        Assert.That(error.ToString(), Does.Contain(nameof(Jobs.ThrowUndeclared)));
    }

    [Test]
    public void Inner_exceptions_come_along()
    {
        using ChildProcess child = ChildProcess.Start(JobsTargets.ThrowNested(), Quiet());
        InvalidOperationException? error = Assert.ThrowsAsync<InvalidOperationException>(() => child.Completion);
        Assert.That(error!.InnerException, Is.TypeOf<FormatException>());
        Assert.That(error.InnerException!.Message, Is.EqualTo("inner"));
    }

    [Test]
    public async Task An_asynchronous_target_returns_its_tasks_result()
    {
        using ChildProcess<int> child = ChildProcess.Start(JobsTargets.AddLater(3, 4));
        Assert.That(await child.Completion, Is.EqualTo(7));
    }

    [Test]
    public async Task Cancelling_ends_the_callers_task_with_its_token_and_then_the_process()
    {
        // However slow the machine is: it is not to be killed.
        using var grace = new TemporarySetting<TimeSpan>(ChildLife.CancellationGrace, TimeSpan.FromMinutes(1), static value => ChildLife.CancellationGrace = value);
        using var cancellation = new CancellationTokenSource();
        using ChildProcess child = ChildProcess.Start(JobsTargets.WaitForCancellation(), cancellationToken: cancellation.Token);
        cancellation.Cancel();
        Exception error = Assert.CatchAsync<OperationCanceledException>(() => child.Completion)!;
        Assert.That(((OperationCanceledException)error).CancellationToken, Is.EqualTo(cancellation.Token));
        Assert.That(await child.WaitForExitAsync(), Is.EqualTo(1), "the target's own OperationCanceledException");
    }

    [Test]
    public async Task A_target_that_ignores_its_cancellation_is_killed()
    {
        using var cancellation = new CancellationTokenSource();
        using ChildProcess child = ChildProcess.Start(JobsTargets.Spin(), cancellationToken: cancellation.Token);
        cancellation.Cancel();
        Assert.That(await child.WaitForExitAsync(), Is.EqualTo(-9));
    }

    [Test]
    public async Task A_token_that_is_cancelled_after_the_answer_does_not_kill_a_process_that_waits_for_its_own_child()
    {
        using var grace = new TemporarySetting<TimeSpan>(ChildLife.CancellationGrace, TimeSpan.Zero, static value => ChildLife.CancellationGrace = value);
        using var gate = new ProcessEvent();
        using var cancellation = new CancellationTokenSource();
        using ChildProcess child = ChildProcess.Start(LifeJobsTargets.LeaveWaiterBehind(gate), cancellationToken: cancellation.Token);
        await child.Completion;
        await cancellation.CancelAsync();
        var due = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Deadlines.Schedule(TimeSpan.FromMilliseconds(1), due.SetResult);
        await due.Task; // A kill would have come before.
        gate.Set();
        Assert.That(await child.WaitForExitAsync(), Is.Zero);
    }

    [Test]
    public async Task Progress_arrives_in_order_and_before_the_end()
    {
        var values = new List<int>();
        using ChildProcess child = ChildProcess.Start(JobsTargets.Report(1000, new Callback<int>(values.Add)));
        await child.Completion;
        Assert.That(values, Is.EqualTo(Enumerable.Range(0, 1000)));
    }

    [Test]
    public async Task What_a_progress_callback_throws_ends_the_call()
    {
        using ChildProcess child = ChildProcess.Start(JobsTargets.Report(3, new Callback<int>(_ => throw new FormatException("mine"))));
        Assert.ThrowsAsync<FormatException>(() => child.Completion);
        Assert.That(await child.WaitForExitAsync(), Is.Zero);
    }

    [Test]
    public async Task A_call_runs_here_too() => Assert.That(await JobsTargets.Square(5).InvokeAsync(), Is.EqualTo(25));

    [Test]
    public async Task Threads_and_parallel_loops_work_in_a_worker()
    {
        using ChildProcess<int> child = ChildProcess.Start(JobsTargets.Threads(1000));
        Assert.That(await child.Completion, Is.EqualTo(499_500));
    }

    [Test]
    public async Task A_large_stack_may_be_asked_for()
    {
        using ChildProcess<int> child = ChildProcess.Start(JobsTargets.Recurse(1_000_000), new ProcessOptions { MaxStackSize = 512 << 20 });
        Assert.That(await child.Completion, Is.EqualTo(1_000_000));
    }

    [Test]
    public async Task The_context_names_the_worker()
    {
        using ChildProcess<string> child = ChildProcess.Start(JobsTargets.ContextHere(), new ProcessOptions { Name = "painter" });
        Assert.That(await child.Completion, Is.EqualTo("painter 0 1"));
    }

    [Test]
    public async Task The_sentinel_is_signalled_at_the_end()
    {
        using ChildProcess child = ChildProcess.Start(JobsTargets.Sleep(50));
        Assert.That(WaitHandle.WaitAny([child.Sentinel], TimeSpan.FromMinutes(1)), Is.Zero);
        Assert.That(child.ExitCode, Is.Zero);
        await child.Completion;
    }

    [Test]
    public void Disposing_a_running_child_kills_it_and_waits()
    {
        ChildProcess child = ChildProcess.Start(JobsTargets.Spin());
        int id = child.Id!.Value;
        child.Dispose();
        Assert.That(() => Process.GetProcessById(id), Throws.ArgumentException);
        child.Dispose();
    }

    [Test]
    public void Close_is_for_ended_processes_only()
    {
        ChildProcess child = ChildProcess.Start(JobsTargets.Spin());
        Assert.That(child.Close, Throws.InvalidOperationException);
        child.Kill();
        child.Join();
        child.Close();
        Assert.That(() => child.ExitCode, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => child.Join(), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(child.Start, Throws.TypeOf<ObjectDisposedException>());
        child.Close();
    }

    [Test]
    public void Bad_use_is_a_clear_error()
    {
        using var child = new ChildProcess(JobsTargets.Spin());
        Assert.That(() => child.Join(), Throws.InvalidOperationException.With.Message.Contains("has not been started"));
        Assert.That(() => child.Sentinel, Throws.InvalidOperationException);
        Assert.That(() => child.Terminate(), Throws.InvalidOperationException);
        child.Start();
        Assert.That(child.Start, Throws.InvalidOperationException.With.Message.Contains("started before"));
        Assert.That(() => child.Daemon = true, Throws.InvalidOperationException);
        Assert.That(() => child.AuthKey = new byte[1], Throws.InvalidOperationException);
        Assert.That(() => new ChildProcess((ProcessCall)null!), Throws.ArgumentNullException);
        Assert.That(() => ProcessDefaults.StartTimeout = TimeSpan.Zero, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => new ChildProcess(JobsTargets.Nothing(), new ProcessOptions { MaxStackSize = 1 }),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void A_missing_executable_is_named()
    {
        Assert.That(
            () => ChildProcess.Start(JobsTargets.Nothing(), new ProcessOptions { ExecutablePath = "/no/such/program" }),
            Throws.TypeOf<FileNotFoundException>().With.Message.Contains("/no/such/program"));
    }

    [Test]
    public void A_child_that_dies_before_it_connects_is_reported_with_its_last_words()
    {
        using ChildProcess child = ChildProcess.Start(
            JobsTargets.Nothing(),
            new ProcessOptions { ExecutablePath = "/bin/false", StandardError = OutputMode.Capture });
        WorkerCrashedException? crash = Assert.ThrowsAsync<WorkerCrashedException>(() => child.Completion);
        Assert.That(crash!.ExitCode, Is.EqualTo(1));
        Assert.That(crash.Message, Does.Contain("before it connected"));
    }

    private static ProcessOptions Quiet() => new() { StandardError = OutputMode.Discard };
}

/// <summary>Progress on the thread that brings it.</summary>
internal sealed class Callback<T>(Action<T> action) : IProgress<T>
{
    public void Report(T value) => action(value);
}
