using System.Diagnostics;
using NUnit.Framework;
using Procgen.Tests.SharedMemory;
using Procgen.Worker;

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
    [NonParallelizable]
    public async Task A_target_that_a_disposal_cancels_writes_nothing_of_it()
    {
        TextWriter before = Console.Error;
        var errors = new StringWriter();
        Console.SetError(TextWriter.Synchronized(errors));
        try
        {
            using var runs = new ProcessEvent();
            ChildProcess child = ChildProcess.Start(JobsTargets.SignalAndWaitForCancellation(runs), OnAThread);
            runs.Wait();
            Task<int> exit = child.WaitForExitAsync();
            child.Dispose();
            await exit;
        }
        finally
        {
            Console.SetError(before);
        }

        Assert.That(errors.ToString(), Is.Empty);
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
    }

    [TestCaseSource(nameof(OptionsOfProcesses))]
    public void What_only_a_process_can_have_is_refused_by_name(string name, Action<ProcessOptions> ask)
    {
        var options = new ProcessOptions { StartMethod = StartMethod.InProcess };
        ask(options);
        Assert.That(() => ChildProcess.Start(JobsTargets.Nothing(), options), Throws.TypeOf<PlatformNotSupportedException>().With.Message.Contains(name));
        Assert.That(() => new ProcessPool(1, new ProcessPoolOptions { Worker = options }), Throws.TypeOf<PlatformNotSupportedException>().With.Message.Contains(name));
    }

    [Test]
    public void The_size_of_a_worker_is_that_of_its_process()
        => Assert.That(
            () => new ProcessPool(1, new ProcessPoolOptions { MaxWorkerMemory = 1 << 30, Worker = OnAThread }),
            Throws.TypeOf<PlatformNotSupportedException>().With.Message.Contains(nameof(ProcessPoolOptions.MaxWorkerMemory)));

    private static IEnumerable<TestCaseData> OptionsOfProcesses()
    {
        yield return Case(nameof(ProcessOptions.Environment), static options => options.Environment["A"] = "b");
        yield return Case(nameof(ProcessOptions.WorkingDirectory), static options => options.WorkingDirectory = Path.GetTempPath());
        yield return Case(nameof(ProcessOptions.ExecutablePath), static options => options.ExecutablePath = Environment.ProcessPath);
        yield return Case(nameof(ProcessOptions.StandardOutput), static options => options.StandardOutput = OutputMode.Capture);
        yield return Case(nameof(ProcessOptions.StandardError), static options => options.StandardError = OutputMode.Discard);
        yield return Case(nameof(ProcessOptions.MemoryLimit), static options => options.MemoryLimit = 1 << 30);
        yield return Case(nameof(ProcessOptions.GCHeapHardLimit), static options => options.GCHeapHardLimit = 200 << 20);
        yield return Case(nameof(ProcessOptions.Priority), static options => options.Priority = ProcessPriorityClass.Idle);
        yield return Case(nameof(ProcessOptions.ProcessorAffinity), static options => options.ProcessorAffinity = [0]);

        static TestCaseData Case(string name, Action<ProcessOptions> ask) => new TestCaseData(name, ask).SetArgDisplayNames(name);
    }

    [Test]
    public async Task A_pool_works_on_threads_and_with_queues()
    {
        await using var pool = new ProcessPool(2, new ProcessPoolOptions { Worker = OnAThread });
        Assert.That(await pool.MapAsync(Enumerable.Range(0, 1000), JobsTargets.Square), Is.EqualTo(Enumerable.Range(0, 1000).Select(static x => x * x)));
        Assert.That(await pool.RunAsync(JobsTargets.IdHere()), Is.EqualTo(Environment.ProcessId));
        Assert.That(async () => await pool.RunAsync(JobsTargets.ThrowArgument("x")), Throws.ArgumentException);

        using var numbers = new ProcessQueue<int>();
        using var squares = new ProcessQueue<int>();
        Task squaring = pool.RunAsync(InProcessJobsTargets.SquareAll(numbers, squares));
        for (int x = 0; x < 100; x++) numbers.Put(x);
        numbers.CompleteAdding();
        await squaring;
        Assert.That(squares.ReadAll(), Is.EqualTo(Enumerable.Range(0, 100).Select(static x => x * x)));
    }

    [Test]
    [Platform("Linux")]
    public async Task Pools_on_threads_leave_nothing_of_what_they_shared_with_them()
    {
        int mappings = Footprint.Take().Mappings;
        for (int i = 0; i < 3; i++)
        {
            await using var pool = new ProcessPool(2, new ProcessPoolOptions { Worker = OnAThread });
            await pool.RunAsync(JobsTargets.Square(3));
            await pool.CloseAsync();
        }

        Assert.That(static () => Footprint.Take().Mappings, Is.AtMost(mappings).After(5000, 50));
    }

    [TestCase(1, TestName = "A call that outlasts its time in a pool, and stops at its token, is given up and its worker replaced")]
    [TestCase(0, TestName = "A call that outlasts its time in a pool, and returns at its token, is given up and its worker replaced")]
    [TestCase(-1, TestName = "A call that outlasts its time in a pool, and does not look, is given up and its worker replaced")]
    public async Task A_call_that_outlasts_its_time_in_a_pool_is_given_up(int kind)
    {
        // Nobody waits for what the thread does.
        using var grace = new TemporarySetting<TimeSpan>(InProcessWorker.Grace, TimeSpan.FromHours(1), static value => InProcessWorker.Grace = value);
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { Worker = OnAThread });
        ProcessCall call = kind == 1 ? JobsTargets.WaitForCancellation() : kind == 0 ? InProcessJobsTargets.ReturnAtCancellation() : JobsTargets.Sleep(5000);
        Assert.That(
            async () => await pool.RunAsync(call, new PoolRunOptions { Timeout = TimeSpan.FromMilliseconds(100) }),
            Throws.TypeOf<CallTimeoutException>().With.Message.Contains("on a thread of this process").And.Message.Not.Contain("killed"));
        Assert.That(await pool.RunAsync(JobsTargets.Square(3)), Is.EqualTo(9));
    }

    [Test]
    public async Task A_call_that_outlasts_its_time_in_a_pool_is_run_again_where_that_is_asked_for()
    {
        await using var pool = new ProcessPool(1, new ProcessPoolOptions { Worker = OnAThread });
        using var runs = new SharedValue<int>();
        Assert.That(
            async () => await pool.RunAsync(InProcessJobsTargets.CountAndWait(runs), new PoolRunOptions { Timeout = TimeSpan.FromSeconds(1), Retries = 1 }),
            Throws.TypeOf<CallTimeoutException>());
        Assert.That(runs.Value, Is.EqualTo(2));
    }

    [Test]
    public void What_could_not_be_sent_to_a_process_is_refused_here_too() => Assert.That(
        () => ChildProcess.Start(JobsTargets.Variable("\ud800"), OnAThread), Throws.TypeOf<ProcessSerializationException>());

    [Test]
    public async Task Arguments_are_copies()
    {
        int[] numbers = [1, 2, 3];
        using ChildProcess<int[]> child = ChildProcess.Start(JobsTargets.Doubled(numbers), OnAThread);
        Assert.That(await child.Completion, Is.EqualTo(new[] { 2, 4, 6 }));
        Assert.That(numbers, Is.EqualTo(new[] { 1, 2, 3 }));
    }

    [Test]
    public async Task What_a_type_does_not_bring_along_is_missing_here_too()
    {
        using ChildProcess<Draft> child = ChildProcess.Start(InProcessJobsTargets.Read(new Draft { Text = "kept", Editor = new object() }), OnAThread);
        Draft read = await child.Completion;
        Assert.That(read, Is.EqualTo(new Draft { Text = "kept, without its editor" }));
    }

    private sealed class Progress(Action<int> report) : IProgress<int>
    {
        public void Report(int value) => report(value);
    }
}

/// <summary>What these tests run beside the common jobs.</summary>
internal static class InProcessJobs
{
    [ProcessTarget]
    public static Draft Read(Draft draft) => draft with { Text = draft.Text + (draft.Editor is null ? ", without its editor" : ", with its editor") };

    [ProcessTarget]
    public static void ReturnAtCancellation(CancellationToken cancellationToken) => cancellationToken.WaitHandle.WaitOne();

    [ProcessTarget]
    public static async Task CountAndWait(SharedValue<int> runs, CancellationToken cancellationToken)
    {
        runs.Value++;
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    [ProcessTarget]
    public static void SquareAll(ProcessQueue<int> numbers, ProcessQueue<int> squares)
    {
        foreach (int x in numbers.ReadAll()) squares.Put(x * x);
        squares.CompleteAdding();
    }
}

/// <summary>Leaves a part of it behind wherever it goes.</summary>
internal sealed record Draft
{
    public required string Text { get; init; }

    [ProcessIgnore]
    public object? Editor { get; init; }
}
