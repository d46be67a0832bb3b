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

    [SetUp]
    public void FillReserve()
    {
        using ChildProcess first = ChildProcess.Start(JobsTargets.Nothing(), Standby());
        first.Join();
        AwaitReserve();
    }

    [OneTimeTearDown]
    public static void EmptyReserve()
    {
        int limit = ProcessDefaults.StandbyReserve;
        ProcessDefaults.StandbyReserve = 0;
        Assert.That(SpinWait.SpinUntil(static () => WorkerReserve.Count == 0, Patience));
        ProcessDefaults.StandbyReserve = limit;
    }

    [Test]
    public async Task A_taken_worker_has_booted_before_it_was_asked_for()
    {
        DateTime asked = DateTime.Now;
        using ChildProcess<DateTime> child = ChildProcess.Start(JobsTargets.BootTime(), Standby());
        Assert.That(await child.Completion, Is.LessThan(asked));
        Assert.That(await child.WaitForExitAsync(), Is.Zero);
    }

    [Test]
    [Platform("Linux")]
    public async Task A_taken_worker_has_code_under_one_address_and_leaves_the_user_s_environment()
    {
        using ChildProcess<bool> mapped = ChildProcess.Start(JobsTargets.Maps("doublemapper"), Standby());
        Assert.That(await mapped.Completion, Is.False);
        using ChildProcess<string?> variable = ChildProcess.Start(JobsTargets.Variable("DOTNET_EnableWriteXorExecute"), Standby());
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
    public async Task A_taken_worker_gets_its_name_environment_and_folder()
    {
        ProcessOptions options = Standby();
        options.Name = "taken";
        options.Environment["GIVEN"] = "value";
        options.Environment["PATH"] = null;
        options.WorkingDirectory = Path.GetTempPath();
        using ChildProcess<string> child = ChildProcess.Start(JobsTargets.Circumstances("GIVEN", "PATH"), options);
        Assert.That(await child.Completion, Is.EqualTo($"taken value - {Path.TrimEndingDirectorySeparator(Path.GetTempPath())}"));
    }

    [Test]
    public async Task What_this_process_has_changed_since_reaches_it_too()
    {
        Environment.SetEnvironmentVariable("CHANGED_SINCE", "yes");
        using ChildProcess<string?> child = ChildProcess.Start(JobsTargets.Variable("CHANGED_SINCE"), Standby());
        Environment.SetEnvironmentVariable("CHANGED_SINCE", null);
        Assert.That(await child.Completion, Is.EqualTo("yes"));
    }

    [Test]
    public async Task A_call_of_any_size_reaches_a_taken_worker([Values(1_000, 33_000, 10_000_000)] int length)
    {
        byte[] sent = new byte[length];
        Random.Shared.NextBytes(sent);
        using ChildProcess<byte[]> child = ChildProcess.Start(JobsTargets.Echo(sent), Standby());
        Assert.That(await child.Completion, Is.EqualTo(sent));
        Assert.That(await child.WaitForExitAsync(), Is.Zero);
    }

    [Test]
    [Platform("Linux")]
    public async Task A_taken_worker_gets_its_priority_and_processors()
    {
        ProcessOptions options = Standby();
        options.Priority = ProcessPriorityClass.BelowNormal;
        options.ProcessorAffinity = [0];
        using ChildProcess<string> child = ChildProcess.Start(JobsTargets.ChildStatus(), options);
        Assert.That(await child.Completion, Does.Match(@"Cpus_allowed_list:\s*0\s*\n\s*10"));
    }

    [Test]
    public async Task What_a_booted_process_cannot_be_given_is_spawned_instead()
    {
        List<string> lines = [];
        ProcessOptions options = Standby();
        options.StandardOutput = OutputMode.Capture;
        options.OutputReceived = output => lines.Add(output.Line);
        options.GCHeapHardLimit = 200 << 20;
        using ChildProcess child = ChildProcess.Start(JobsTargets.Print("captured", false), options);
        await child.WaitForExitAsync();
        Assert.That(lines, Is.EqualTo(new[] { "captured" }));
    }

    [Test]
    public async Task The_reserve_fills_again_and_grows_no_further_than_its_limit()
    {
        int limit = ProcessDefaults.StandbyReserve;
        ProcessDefaults.StandbyReserve = 3;
        for (int round = 0; round < 3; round++)
        {
            ChildProcess<int>[] children = [.. Enumerable.Range(0, 5).Select(static x => ChildProcess.Start(JobsTargets.Square(x), Standby()))];
            for (int x = 0; x < children.Length; x++) Assert.That(await children[x].Completion, Is.EqualTo(x * x));
            foreach (ChildProcess<int> child in children) await child.DisposeAsync();
            AwaitReserve();
            Assert.That(WorkerReserve.Count, Is.LessThanOrEqualTo(3));
        }

        ProcessDefaults.StandbyReserve = limit;
    }

    [Test]
    [Platform("Linux")]
    public async Task Cancelling_ends_a_child_that_takes_nothing_in()
    {
        int limit = ProcessDefaults.StandbyReserve;
        int[] waiting = [];
        try
        {
            // When those that waited have left, none boots; the next to wait is the only one, and none boots after it. So
            // none that could be taken is overlooked.
            ProcessDefaults.StandbyReserve = 0;
            Assert.That(SpinWait.SpinUntil(static () => WorkerReserve.Count == 0, Patience));
            ProcessDefaults.StandbyReserve = 1;
            FillReserve();
            waiting = [.. WaitingWorkers.Ids()];
            foreach (int id in waiting) Signals.Send(id, 19);

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
            ProcessDefaults.StandbyReserve = limit;
        }
    }

    private static ProcessOptions Standby() => new() { StartMethod = StartMethod.Standby };

    internal static void AwaitReserve() => Assert.That(SpinWait.SpinUntil(static () => WorkerReserve.Count > 0, Patience), "nothing is in reserve");
}
