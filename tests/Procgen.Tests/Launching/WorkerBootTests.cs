using System.Runtime.CompilerServices;
using NUnit.Framework;
using Procgen.Tests.Processes;

namespace Procgen.Tests.Launching;

/// <summary>Every process of an app runs its module initializers: one that starts another would do so without end.</summary>
public sealed class WorkerBootTests
{
    [TestCase(Initializer.StartsChild)]
    [TestCase(Initializer.MakesPool)]
    public void A_module_initializer_that_starts_processes_is_an_error_in_a_worker(string what)
    {
        using ChildProcess<int> child = ChildProcess.Start(
            JobsTargets.Square(4), new ProcessOptions { Environment = { [Initializer.Variable] = what }, StandardError = OutputMode.Capture });

        Assert.That(
            async () => await child.Completion,
            Throws.TypeOf<WorkerCrashedException>().With.Property(nameof(WorkerCrashedException.StandardErrorTail)).Contains("while it runs the app's module initializers"));
    }

    [Test]
    public async Task The_shared_pool_can_be_used_after_an_initializer_has_tried_to()
    {
        using ChildProcess<string> child = ChildProcess.Start(
            SharedPoolJobsTargets.Describe(), new ProcessOptions { Environment = { [Initializer.Variable] = Initializer.TriesSharedPool } });

        Assert.That(await child.Completion, Does.StartWith("ProcessPool(SharedPool"));
    }

    [Test]
    public async Task One_that_starts_them_where_it_runs_in_no_worker_does_not_hurt()
    {
        using ChildProcess<int> child = ChildProcess.Start(
            JobsTargets.Square(4), new ProcessOptions { Environment = { [Initializer.Variable] = Initializer.StartsChildInNoWorker } });

        Assert.That(await child.Completion, Is.EqualTo(16));
    }
}

/// <summary>Does what the environment says.</summary>
internal static class Initializer
{
    public const string Variable = "PROCGEN_TESTS_INITIALIZER";
    public const string StartsChild = "child";
    public const string MakesPool = "pool";
    public const string TriesSharedPool = "shared pool";
    public const string StartsChildInNoWorker = "child unless worker";

    [ModuleInitializer]
    internal static void Run()
    {
        string? what = Environment.GetEnvironmentVariable(Variable);
        if (what == StartsChild || (what == StartsChildInNoWorker && !CurrentProcess.IsWorker)) ChildProcess.Start(JobsTargets.Square(4)).Dispose();
        else if (what == MakesPool) new ProcessPool(1).Dispose();
        else if (what == TriesSharedPool) TrySharedPool();
    }

    private static void TrySharedPool()
    {
        try
        {
            GC.KeepAlive(ProcessPool.Shared);
        }
        catch (InvalidOperationException)
        {
            // Not here.
        }
    }
}

internal static class SharedPoolJobs
{
    [ProcessTarget]
    public static string Describe() => ProcessPool.Shared.ToString();
}
