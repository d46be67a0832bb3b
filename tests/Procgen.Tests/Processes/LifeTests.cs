using System.Collections.Concurrent;
using NUnit.Framework;
using Procgen.Calls;
using Procgen.CompilerServices;

namespace Procgen.Tests.Processes;

/// <summary>What would end a worker, or the process that is its parent, before its time.</summary>
public class LifeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [TestCase(StartMethod.Spawn)]
    [TestCase(StartMethod.InProcess)]
    public async Task An_exception_that_cannot_be_described_is_an_exception_all_the_same(StartMethod method)
    {
        using ChildProcess child = ChildProcess.Start(LifeJobsTargets.ThrowSpeechless(), new ProcessOptions { StartMethod = method });
        Assert.That(async () => await child.Completion, Throws.TypeOf<RemoteException>().With.Message.Contains(nameof(SpeechlessException)));
        Assert.That(await child.WaitForExitAsync(), Is.EqualTo(1));
    }

    [TestCase(StartMethod.Spawn)]
    [TestCase(StartMethod.InProcess)]
    public async Task An_object_of_the_workers_that_cannot_be_disposed_is_exit_code_1(StartMethod method)
    {
        using ChildProcess<int> child = ChildProcess.Start(LifeJobsTargets.UseWhatCannotBeDisposed(), new ProcessOptions { StartMethod = method });
        Assert.That(await child.Completion, Is.EqualTo(5));
        Assert.That(await child.WaitForExitAsync(), Is.EqualTo(1));
    }

    [Test]
    [Platform("Linux,MacOSX")]
    public void A_child_that_does_not_connect_in_time_is_given_up()
    {
        string program = Path.GetTempFileName();
        File.WriteAllText(program, "#!/bin/sh\nexec sleep 1000\n");
        Shell.Run($"chmod u+x '{program}'");
        using ChildProcess child = ChildProcess.Start(LifeJobsTargets.WaitForSleeper(program));
        Assert.That(async () => await child.Completion.WaitAsync(Patience), Throws.TypeOf<TimeoutException>().With.Message.Contains("did not connect within"));
        File.Delete(program);
    }

    [TestCase(StartMethod.Spawn)]
    [TestCase(StartMethod.InProcess)]
    public async Task A_codec_may_send_something_itself_while_it_writes(StartMethod method)
    {
        var heard = new ConcurrentQueue<int>();
        using ChildProcess<Talkative> child = ChildProcess.Start(LifeJobsTargets.Talk(new Listed(heard)), new ProcessOptions { StartMethod = method });
        Assert.That((await child.Completion.WaitAsync(Patience)).Number, Is.EqualTo(56));
        Assert.That(heard, Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public async Task A_foreground_thread_of_a_target_does_not_hold_up_the_end_of_its_process()
    {
        using ChildProcess<int> child = ChildProcess.Start(LifeJobsTargets.LeaveForegroundThread());
        Assert.That(await child.Completion, Is.EqualTo(5));
        Assert.That(await child.WaitForExitAsync().WaitAsync(Patience), Is.Zero);
    }

    [Test]
    public void A_target_that_the_child_does_not_know_is_named()
    {
        using ChildProcess child = ChildProcess.Start(new CallOfNothing());
        Assert.That(
            async () => await child.Completion,
            Throws.TypeOf<RemoteException>().With.Message.Contains("Nothing.Here cannot be called there").And.Message.Contains("is registered in this process").And.Message.Contains(nameof(UnknownTargetException)));
    }

    [Test]
    public async Task The_environment_may_say_how_all_processes_are_started()
    {
        using ChildProcess<int> child = ChildProcess.Start(LifeJobsTargets.IdOfChild(), Asking("PROCGEN_START_METHOD", "inprocess"));
        Assert.That(await child.Completion, Is.EqualTo(child.Id));
        using ChildProcess<int> confused = ChildProcess.Start(LifeJobsTargets.IdOfChild(), Asking("PROCGEN_START_METHOD", "fork"));
        Assert.That(async () => await confused.Completion, Throws.InvalidOperationException.With.Message.Contains("PROCGEN_START_METHOD is 'fork'"));
    }

    [TestCase("patient*")]
    [TestCase("1")]
    public async Task A_worker_waits_for_a_debugger_where_the_environment_asks_for_it(string whom)
    {
        var said = new TaskCompletionSource<ProcessOutput>(TaskCreationOptions.RunContinuationsAsynchronously);
        ProcessOptions options = Asking("PROCGEN_WAIT_FOR_DEBUGGER", whom);
        if (whom != "1")
        {
            using ChildProcess<int> other = ChildProcess.Start(JobsTargets.Square(3), options);
            Assert.That(await other.Completion, Is.EqualTo(9));
        }

        options.Name = "patient-1";
        options.StandardError = OutputMode.Capture;
        options.OutputReceived = said.SetResult;
        using ChildProcess<int> child = ChildProcess.Start(JobsTargets.Square(3), options);
        ProcessOutput output = await said.Task.WaitAsync(Patience);
        Assert.That(output.Line, Is.EqualTo($"Procgen: process patient-1 (pid {child.Id}) waits for a debugger."));
        Assert.That(child.Completion.IsCompleted, Is.False);
    }

    [Test]
    public async Task A_parent_says_for_a_worker_whose_errors_are_not_shown_that_it_waits_for_a_debugger()
    {
        List<string> lines = [];
        using ChildProcess<int> child = ChildProcess.Start(JobsTargets.StartPatient(), new ProcessOptions { StandardError = OutputMode.Capture, OutputReceived = output => lines.Add(output.Line) });
        int patient = await child.Completion;
        await child.WaitForExitAsync();
        Assert.That(lines, Is.EqualTo(new[] { $"Procgen: process patient (pid {patient}) waits for a debugger." }));
    }

    [Test]
    public async Task A_child_that_is_a_thread_may_end_this_process()
    {
        using ChildProcess child = ChildProcess.Start(JobsTargets.ExitOnThread(3));
        Assert.That(await child.WaitForExitAsync().WaitAsync(Patience), Is.EqualTo(3));
    }

    [Test]
    public async Task A_child_that_is_a_thread_is_joined_at_the_end_of_a_worker()
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using ChildProcess child = ChildProcess.Start(JobsTargets.LeaveThreadBehind(300, file));
        Assert.That(await child.WaitForExitAsync().WaitAsync(Patience), Is.Zero);
        Assert.That(File.Exists(file));
        File.Delete(file);
    }

    [Test]
    public async Task Who_takes_in_a_line_may_end_this_process()
    {
        using ChildProcess child = ChildProcess.Start(JobsTargets.ExitOverLine(5));
        Assert.That(await child.WaitForExitAsync().WaitAsync(Patience), Is.EqualTo(5));
    }

    [Test]
    public async Task Who_takes_in_a_line_may_dispose_the_process_that_said_it()
    {
        var disposed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ChildProcess? child = null;
        using var started = new ManualResetEventSlim();
        child = ChildProcess.Start(JobsTargets.PrintThenSpin(), new ProcessOptions
        {
            StandardOutput = OutputMode.Capture,
            OutputReceived = _ =>
            {
                started.Wait();
                child!.Dispose();
                disposed.SetResult();
            },
        });
        started.Set();
        await disposed.Task.WaitAsync(Patience);
        Assert.That(async () => await child.Completion.WaitAsync(Patience), Throws.TypeOf<WorkerCrashedException>());
    }

    [Test]
    public async Task A_target_has_the_stack_that_was_asked_for_and_no_less([Values] StartMethod method)
    {
        using ChildProcess<int> child = ChildProcess.Start(JobsTargets.Square(3), new ProcessOptions { StartMethod = method, MaxStackSize = 16 * 1024 });
        Assert.That(await child.Completion, Is.EqualTo(9));
    }

    private sealed class Listed(ConcurrentQueue<int> heard) : IProgress<int>
    {
        public void Report(int value) => heard.Enqueue(value);
    }

    private static ProcessOptions Asking(string variable, string value) => new() { Environment = { [variable] = value } };

    /// <summary>As from an assembly that the child does not load: nothing registers it.</summary>
    private sealed class CallOfNothing() : SyncCall(new CallTarget(42, "Nothing.Here", typeof(CallOfNothing), static (ref PayloadReader _) => new CallOfNothing()))
    {
        protected internal override void Invoke(Invocation invocation)
        {
        }

        protected internal override void WriteArguments(ref PayloadWriter writer)
        {
        }
    }
}
