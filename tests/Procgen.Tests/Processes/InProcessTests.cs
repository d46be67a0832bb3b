using System.Diagnostics;
using NUnit.Framework;

namespace Procgen.Tests.Processes;

/// <summary>Workers that are threads: the same calls, errors and names, without a process.</summary>
public class InProcessTests
{
    private static readonly ProcessOptions OnAThread = new() { StartMethod = StartMethod.InProcess };

    [Test]
    public async Task A_result_comes_back_from_a_thread_of_this_process()
    {
        using ChildProcess<int> child = ChildProcess.Start(JobsTargets.IdHere(), OnAThread);
        Assert.That(await child.Completion, Is.EqualTo(Environment.ProcessId));
        Assert.That(await child.WaitForExitAsync(), Is.Zero);
    }

    [Test]
    public async Task The_target_sees_itself_as_the_worker_that_it_would_be()
    {
        using ChildProcess<string> child = ChildProcess.Start(JobsTargets.Family(), new ProcessOptions { StartMethod = StartMethod.InProcess, Name = "thready", Daemon = true });
        Assert.That(await child.Completion, Is.EqualTo($"MainProcess>thready daemon=True worker=True parent={Environment.ProcessId} alive=True"));
        Assert.That(CurrentProcess.Name, Is.EqualTo("MainProcess"));
        Assert.That(CurrentProcess.IsWorker, Is.False);
        Assert.That(WorkerContext.Current, Is.Null);
    }

    [Test]
    public async Task Nested_names_and_the_context_are_the_workers_own_after_an_await_too()
    {
        using ChildProcess<string> child = ChildProcess.Start(JobsTargets.NamesAroundAnAwait(), new ProcessOptions { StartMethod = StartMethod.InProcess, Name = "awaiter" });
        Assert.That(await child.Completion, Is.EqualTo("awaiter awaiter"));
    }

    [Test]
    public async Task Errors_are_what_a_process_would_send()
    {
        using ChildProcess known = ChildProcess.Start(JobsTargets.ThrowArgument("x"), OnAThread);
        Assert.That(async () => await known.Completion, Throws.ArgumentException);
        Assert.That(await known.WaitForExitAsync(), Is.EqualTo(1));
        using ChildProcess unknown = ChildProcess.Start(JobsTargets.ThrowUndeclared("lost"), OnAThread);
        Assert.That(async () => await unknown.Completion, Throws.TypeOf<RemoteException>());
    }

    [Test]
    public async Task Progress_and_streams_work()
    {
        List<int> reported = [];
        using ChildProcess child = ChildProcess.Start(JobsTargets.Report(50, new Progress(reported.Add)), OnAThread);
        await child.Completion;
        Assert.That(reported, Is.EqualTo(Enumerable.Range(0, 50)));

        List<int> items = [];
        await foreach (int item in ChildProcess.StreamAsync(JobsTargets.Count(1000), OnAThread)) items.Add(item);
        Assert.That(items, Is.EqualTo(Enumerable.Range(0, 1000)));
    }

    [Test]
    public async Task Cancelling_reaches_the_target()
    {
        using var cancellation = new CancellationTokenSource();
        using ChildProcess child = ChildProcess.Start(JobsTargets.WaitForCancellation(), OnAThread, cancellation.Token);
        await cancellation.CancelAsync();
        Assert.That(async () => await child.Completion, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await child.WaitForExitAsync(), Is.EqualTo(1));
    }

    [Test]
    public void What_only_a_process_can_do_says_so()
    {
        using ChildProcess child = ChildProcess.Start(JobsTargets.WaitForCancellation(), OnAThread);
        Assert.That(() => child.Kill(), Throws.TypeOf<PlatformNotSupportedException>().With.Message.Contains("thread"));
        Assert.That(() => child.Terminate(), Throws.TypeOf<PlatformNotSupportedException>());
        Assert.That(child.IsAlive, Is.True);
        Assert.That(
            () => ChildProcess.Start(JobsTargets.Nothing(), new ProcessOptions { StartMethod = StartMethod.InProcess, ProcessorAffinity = [0] }),
            Throws.TypeOf<PlatformNotSupportedException>().With.Message.Contains(nameof(ProcessOptions.ProcessorAffinity)));
        Assert.That(
            () => ChildProcess.Start(JobsTargets.Nothing(), new ProcessOptions { StartMethod = StartMethod.InProcess, Priority = ProcessPriorityClass.Idle }),
            Throws.TypeOf<PlatformNotSupportedException>());
    }

    [Test]
    public async Task Arguments_are_copies()
    {
        int[] numbers = [1, 2, 3];
        using ChildProcess<int[]> child = ChildProcess.Start(JobsTargets.Doubled(numbers), OnAThread);
        Assert.That(await child.Completion, Is.EqualTo(new[] { 2, 4, 6 }));
        Assert.That(numbers, Is.EqualTo(new[] { 1, 2, 3 }));
    }

    private sealed class Progress(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}
