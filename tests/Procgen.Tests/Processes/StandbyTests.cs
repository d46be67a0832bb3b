using System.Diagnostics;
using NUnit.Framework;
using Procgen.Launching;
using Procgen.Tests.Calls;
using Procgen.Tests.Launching;

namespace Procgen.Tests.Processes;

/// <summary>Workers that boot before they are asked for, and become what is asked for when they are taken.</summary>
[NonParallelizable]
public class StandbyTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static int s_limit;

    /// <summary>One at a time: while it waits, none boots, so that none can be taken of which a test does not know.</summary>
    [OneTimeSetUp]
    public static void KeepOne()
    {
        s_limit = ProcessDefaults.StandbyReserve;
        EmptyReserve();
        ProcessDefaults.StandbyReserve = 1;
    }

    [OneTimeTearDown]
    public static void KeepAsManyAsBefore()
    {
        EmptyReserve();
        ProcessDefaults.StandbyReserve = s_limit;
    }

    [SetUp]
    public void FillReserve()
    {
        using ChildProcess first = ChildProcess.Start(JobsTargets.Nothing(), Standby());
        first.Join();
        AwaitReserve();
    }

    [Test]
    [Platform("Linux")]
    public async Task A_worker_that_waits_is_taken()
    {
        using ChildProcess<int> child = Take(JobsTargets.Square(4));
        Assert.That(await child.Completion, Is.EqualTo(16));
        Assert.That(await child.WaitForExitAsync(), Is.Zero);
    }

    [Test]
    [Platform("Linux")]
    public async Task A_taken_worker_has_code_under_one_address_and_leaves_the_user_s_environment()
    {
        using ChildProcess<bool> mapped = Take(JobsTargets.Maps("doublemapper"));
        Assert.That(await mapped.Completion, Is.False);
        AwaitReserve();
        using ChildProcess<string?> variable = Take(JobsTargets.Variable("DOTNET_EnableWriteXorExecute"));
        Assert.That(await variable.Completion, Is.Null);
    }

    [Test]
    public async Task Those_that_follow_get_ready_for_what_a_pool_calls_where_it_uses_the_reserve()
    {
        await using (var pool = new ProcessPool(1, new ProcessPoolOptions { Worker = { StartMethod = StartMethod.Standby } })) await pool.RunAsync(PreparationJobsTargets.Unprepared(1));
        await using (var pool = new ProcessPool(1)) await pool.RunAsync(PreparationJobsTargets.Common(1));
        Assert.That(RecentTargets.ToArray(), Does.Contain(PreparationJobsTargets.Unprepared(1).Target).And.Not.Contain(PreparationJobsTargets.Common(1).Target));
    }

    [Test]
    [Platform("Linux")]
    public async Task A_pool_takes_its_worker_where_it_is_asked_to_and_only_there()
    {
        int[] waiting = [.. WaitingWorkers.Ids()];
        await using (var pool = new ProcessPool(1)) Assert.That(waiting, Is.Not.Empty.And.Not.Contain(await pool.RunAsync(JobsTargets.IdHere())));
        await using (var pool = new ProcessPool(1, new ProcessPoolOptions { Worker = Standby() })) Assert.That(waiting, Does.Contain(await pool.RunAsync(JobsTargets.IdHere())));
    }

    [Test]
    public async Task A_taken_worker_gets_its_name_environment_and_folder()
    {
        ProcessOptions options = Standby();
        options.Name = "taken";
        options.Environment["GIVEN"] = "value";
        options.Environment["PATH"] = null;
        options.WorkingDirectory = Path.GetTempPath();
        using ChildProcess<string> child = Take(JobsTargets.Circumstances("GIVEN", "PATH"), options);
        Assert.That(await child.Completion, Is.EqualTo($"taken value - {Path.TrimEndingDirectorySeparator(Path.GetTempPath())}"));
    }

    [Test]
    public async Task What_this_process_has_changed_since_reaches_it_too()
    {
        Environment.SetEnvironmentVariable("CHANGED_SINCE", "yes");
        using ChildProcess<string?> child = Take(JobsTargets.Variable("CHANGED_SINCE"));
        Environment.SetEnvironmentVariable("CHANGED_SINCE", null);
        Assert.That(await child.Completion, Is.EqualTo("yes"));
    }

    [Test]
    public async Task A_call_of_any_size_reaches_a_taken_worker([Values(1_000, 33_000, 10_000_000)] int length)
    {
        byte[] sent = new byte[length];
        Random.Shared.NextBytes(sent);
        using ChildProcess<byte[]> child = Take(JobsTargets.Echo(sent));
        Assert.That(await child.Completion, Is.EqualTo(sent));
        Assert.That(await child.WaitForExitAsync(), Is.Zero);
    }

    [Test]
    [Platform("Linux")]
    public async Task A_taken_worker_gets_its_priority_processors_and_memory_limit()
    {
        ProcessOptions options = Standby();
        options.Priority = ProcessPriorityClass.BelowNormal;
        options.ProcessorAffinity = [0];
        using ChildProcess<string> child = Take(JobsTargets.ChildStatus(), options);
        Assert.That(await child.Completion, Does.Match(@"Cpus_allowed_list:\s*0\s*\n\s*10"));

        AwaitReserve();
        options = Standby();
        options.MemoryLimit = 1 << 30;
        using ChildProcess<string> limited = Take(JobsTargets.Limits(), options);
        Assert.That(await limited.Completion, Does.Match(@"Max data size +1073741824 +1073741824 "));
    }

    [Test]
    public async Task A_taken_worker_gets_its_stack()
    {
        ProcessOptions options = Standby();
        options.MaxStackSize = 512 << 20;
        using ChildProcess<int> child = Take(JobsTargets.Recurse(1_000_000), options);
        Assert.That(await child.Completion, Is.EqualTo(1_000_000));
    }

    [TestCaseSource(nameof(Unsuitable))]
    [Platform("Linux")]
    public async Task What_a_booted_process_cannot_be_given_is_spawned_instead(Action<ProcessOptions> ask)
    {
        int[] waiting = [.. WaitingWorkers.Ids()];
        ProcessOptions options = Standby();
        ask(options);
        using ChildProcess<int> child = ChildProcess.Start(JobsTargets.Square(3), options);
        Assert.That(waiting, Is.Not.Empty.And.Not.Contain(child.Id));
        Assert.That(await child.Completion, Is.EqualTo(9));
    }

    [Test]
    [Platform("Linux")]
    public async Task Another_executable_is_no_process_of_the_reserve()
    {
        int[] waiting = [.. WaitingWorkers.Ids()];
        ProcessOptions options = Standby();
        options.ExecutablePath = "/bin/true";
        using ChildProcess child = ChildProcess.Start(JobsTargets.Nothing(), options);
        Assert.That(waiting, Is.Not.Empty.And.Not.Contain(child.Id));
        Assert.That(async () => await child.Completion, Throws.TypeOf<WorkerCrashedException>());
    }

    private static IEnumerable<TestCaseData> Unsuitable()
    {
        yield return Case("a captured output", static options => options.StandardOutput = OutputMode.Capture);
        yield return Case("a discarded output", static options => options.StandardOutput = OutputMode.Discard);
        yield return Case("captured errors", static options => options.StandardError = OutputMode.Tee);
        yield return Case("a heap limit", static options => options.GCHeapHardLimit = 200 << 20);
        yield return Case("a setting of the runtime", static options => options.Environment["DOTNET_gcConcurrent"] = "0");
        yield return Case("a wait for a debugger, whose port is made at the start", static options => options.Environment["PROCGEN_WAIT_FOR_DEBUGGER"] = "nobody");

        static TestCaseData Case(string what, Action<ProcessOptions> ask) => new TestCaseData(ask).SetArgDisplayNames(what);
    }

    [Test]
    [Platform("Linux")]
    public async Task Those_that_have_booted_in_another_environment_make_way_for_others()
    {
        int[] outdated = [.. WaitingWorkers.Ids()];
        Environment.SetEnvironmentVariable("LC_OF_TESTS", "C");
        try
        {
            using ChildProcess<int> spawned = ChildProcess.Start(JobsTargets.Square(3), Standby());
            Assert.That(outdated, Is.Not.Empty.And.Not.Contain(spawned.Id));
            Assert.That(await spawned.Completion, Is.EqualTo(9));
            AwaitReserve();
            Assert.That(SpinWait.SpinUntil(() => !WaitingWorkers.Ids().Intersect(outdated).Any(), Patience), "they still wait");
            using ChildProcess<string?> taken = Take(JobsTargets.Variable("LC_OF_TESTS"));
            Assert.That(await taken.Completion, Is.EqualTo("C"));
        }
        finally
        {
            Environment.SetEnvironmentVariable("LC_OF_TESTS", null);
        }
    }

    /// <summary>Also where the reserve has booted under the same variable: it does not know then by which names its workers will go.</summary>
    [Test]
    [Platform("Linux")]
    public async Task Who_waits_for_a_debugger_is_none_of_the_reserve()
    {
        int[] before = [.. WaitingWorkers.Ids()];
        Environment.SetEnvironmentVariable("PROCGEN_WAIT_FOR_DEBUGGER", "patient*");
        try
        {
            using (ChildProcess spawned = ChildProcess.Start(JobsTargets.Nothing(), Standby())) spawned.Join();
            Assert.That(SpinWait.SpinUntil(() => !WaitingWorkers.Ids().Intersect(before).Any(), Patience), "they still wait");
            AwaitReserve();
            int[] waiting = [.. WaitingWorkers.Ids()];
            ProcessOptions options = Standby();
            options.Name = "patient";
            using ChildProcess<int> patient = ChildProcess.Start(JobsTargets.Square(3), options);
            Assert.That(waiting, Is.Not.Empty.And.Not.Contain(patient.Id));
            using ChildProcess<int> other = Take(JobsTargets.Square(4));
            Assert.That(await other.Completion, Is.EqualTo(16));
        }
        finally
        {
            Environment.SetEnvironmentVariable("PROCGEN_WAIT_FOR_DEBUGGER", null);
        }
    }

    [Test]
    [Platform("Linux")]
    public async Task One_that_dies_while_it_waits_is_replaced_when_somebody_asks()
    {
        foreach (int id in WaitingWorkers.Ids().ToArray()) Signals.Send(id, Signals.Kill);
        Assert.That(SpinWait.SpinUntil(static () => WorkerReserve.Count == 0, Patience));
        using ChildProcess<int> spawned = ChildProcess.Start(JobsTargets.Square(3), Standby());
        Assert.That(await spawned.Completion, Is.EqualTo(9));
        AwaitReserve();
        using ChildProcess<int> taken = Take(JobsTargets.Square(4));
        Assert.That(await taken.Completion, Is.EqualTo(16));
    }

    [Test]
    public async Task The_reserve_fills_again_and_grows_no_further_than_its_limit()
    {
        ProcessDefaults.StandbyReserve = 3;
        try
        {
            for (int round = 0; round < 3; round++)
            {
                ChildProcess<int>[] children = [.. Enumerable.Range(0, 5).Select(static x => ChildProcess.Start(JobsTargets.Square(x), Standby()))];
                for (int x = 0; x < children.Length; x++) Assert.That(await children[x].Completion, Is.EqualTo(x * x));
                foreach (ChildProcess<int> child in children) await child.DisposeAsync();
                AwaitReserve();
                Assert.That(WorkerReserve.Count, Is.LessThanOrEqualTo(3));
            }
        }
        finally
        {
            Limit(1);
        }
    }

    [Test]
    [Platform("Linux")]
    public async Task Cancelling_ends_a_child_that_takes_nothing_in()
    {
        int[] waiting = [.. WaitingWorkers.Ids()];
        foreach (int id in waiting) Signals.Send(id, 19);
        try
        {
            using var cancellation = new CancellationTokenSource();
            using ChildProcess<int> child = ChildProcess.Start(LifeJobsTargets.Length(new byte[8 << 20]), Standby(), cancellation.Token);
            cancellation.CancelAfter(TimeSpan.FromMilliseconds(100)); // Not before: a start that is cancelled already starts nothing.
            Assert.That(waiting, Does.Contain(child.Id));
            Assert.That(async () => await child.Completion.WaitAsync(Patience), Throws.InstanceOf<OperationCanceledException>());
            Assert.That(await child.WaitForExitAsync().WaitAsync(Patience), Is.EqualTo(-Signals.Kill));
        }
        finally
        {
            foreach (int id in waiting) Signals.Send(id, 18);
        }
    }

    /// <summary>Starts it on a worker that has waited, as Linux can tell.</summary>
    private static ChildProcess<T> Take<T>(ProcessCall<T> call, ProcessOptions? options = null)
    {
        int[] waiting = OperatingSystem.IsLinux() ? [.. WaitingWorkers.Ids()] : [];
        ChildProcess<T> child = ChildProcess.Start(call, options ?? Standby());
        if (OperatingSystem.IsLinux()) Assert.That(waiting, Does.Contain(child.Id), "it was spawned");
        return child;
    }

    internal static void EmptyReserve()
    {
        int limit = ProcessDefaults.StandbyReserve;
        Limit(0);
        ProcessDefaults.StandbyReserve = limit;
    }

    private static void Limit(int count)
    {
        ProcessDefaults.StandbyReserve = count;
        Assert.That(SpinWait.SpinUntil(() => WorkerReserve.Count <= count, Patience));
    }

    private static ProcessOptions Standby() => new() { StartMethod = StartMethod.Standby };

    internal static void AwaitReserve() => Assert.That(SpinWait.SpinUntil(static () => WorkerReserve.Count > 0, Patience), "nothing is in reserve");
}
