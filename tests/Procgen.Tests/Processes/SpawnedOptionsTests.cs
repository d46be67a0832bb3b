using System.Diagnostics;
using NUnit.Framework;
using Procgen.Shared;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Processes;

/// <summary>What <see cref="ProcessOptions"/> ask for has effect in a process that is spawned; <see cref="StandbyTests"/> asks the same of the reserve's.</summary>
public sealed class SpawnedOptionsTests
{
    [Test]
    [Platform("Linux,MacOSX")]
    public async Task Its_name_environment_and_folder()
    {
        ProcessOptions options = new() { Name = "spawned", WorkingDirectory = Path.GetTempPath(), Environment = { ["GIVEN"] = "value", ["HOME"] = null } };
        using ChildProcess<string> child = ChildProcess.Start(JobsTargets.Circumstances("GIVEN", "HOME"), options);
        Assert.That(await child.Completion, Is.EqualTo($"spawned value - {Path.TrimEndingDirectorySeparator(Path.GetTempPath())}"));
    }

    [Test]
    [Platform("Linux")]
    public async Task Its_priority_processors_and_memory_limit()
    {
        using ChildProcess<string> status = ChildProcess.Start(JobsTargets.ChildStatus(), new ProcessOptions { Priority = ProcessPriorityClass.BelowNormal, ProcessorAffinity = [0] });
        Assert.That(await status.Completion, Does.Match(@"Cpus_allowed_list:\s*0\s*\n\s*10"));

        using ChildProcess<string> limits = ChildProcess.Start(JobsTargets.Limits(), new ProcessOptions { MemoryLimit = 1 << 30 });
        Assert.That(await limits.Completion, Does.Match(@"Max data size +1073741824 +1073741824 "));
    }

    [TestCase(StartMethod.Spawn)]
    [TestCase(StartMethod.Standby)] // For which one is spawned instead: the limit counts at the start.
    public async Task The_limit_of_its_heap(StartMethod method)
    {
        using ChildProcess<long> child = ChildProcess.Start(SpawnedOptionsJobsTargets.HeapLimit(), new ProcessOptions { GCHeapHardLimit = 200_000_000, StartMethod = method });
        Assert.That(await child.Completion, Is.EqualTo(200_000_000).Within(1_000_000));
    }

    [Test]
    [Platform("Linux,MacOSX")]
    public void The_last_64_lines_of_its_standard_error_are_on_the_exception()
    {
        using ChildProcess child = ChildProcess.Start(SpawnedOptionsJobsTargets.WriteAndDie(100), new ProcessOptions { StandardError = OutputMode.Capture });
        WorkerCrashedException? crash = Assert.ThrowsAsync<WorkerCrashedException>(() => child.Completion);
        Assert.That(crash!.Signal, Is.EqualTo(Signals.Kill));
        Assert.That(crash.StandardErrorTail.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'), Is.EqualTo(Enumerable.Range(36, 64).Select(static line => $"line {line}")));
    }

    [TestCase(true)]
    [TestCase(false)]
    [Platform("Linux,MacOSX")]
    public async Task With_the_entire_tree_ends_what_its_target_has_started(bool isKilled)
    {
        var started = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        using ChildProcess child = ChildProcess.Start(SpawnedOptionsJobsTargets.StartSleeper(new Callback<int>(started.SetResult)));
        ProcessIdentity sleeper = ProcessIdentity.Of(await started.Task);
        Assert.That(sleeper.IsAlive, Is.True);

        if (isKilled) child.Kill(entireTree: true);
        else child.Terminate(entireTree: true);

        Assert.That(await child.WaitForExitAsync(), Is.EqualTo(isKilled ? -9 : -15));
        Await(() => !sleeper.IsAlive, "the end of what it started");
    }
}

/// <summary>What these tests run beside the common jobs.</summary>
internal static class SpawnedOptionsJobs
{
    [ProcessTarget]
    public static long HeapLimit() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    [ProcessTarget]
    public static void WriteAndDie(int lines)
    {
        for (int line = 0; line < lines; line++) Console.Error.WriteLine($"line {line}");
        Signals.Send(Environment.ProcessId, Signals.Kill);
        Thread.Sleep(Timeout.Infinite);
    }

    [ProcessTarget]
    public static void StartSleeper(IProgress<int> started)
    {
        started.Report(Process.Start("sleep", "1000").Id);
        Thread.Sleep(Timeout.Infinite);
    }
}
