using System.Globalization;
using NUnit.Framework;
using Procgen.Launching;
using Procgen.Tests.Processes;

namespace Procgen.Tests.Launching;

/// <summary>What the reserve costs while nobody takes from it, and that it goes when nobody does.</summary>
[NonParallelizable]
[Platform("Linux")]
public class WorkerReserveTests
{
    private const int Size = 8;
    private const double MemoryLimit = 12;

    /// <summary>A worker of which nobody wants anything: what its runtime's own threads take when they look around every few seconds.</summary>
    private const double MostOfAProcessor = 0.001;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [OneTimeTearDown]
    public void EmptyReserve()
    {
        int limit = ProcessDefaults.StandbyReserve;
        ProcessDefaults.StandbyReserve = 0;
        Assert.That(SpinWait.SpinUntil(static () => WorkerReserve.Count == 0, Patience));
        ProcessDefaults.StandbyReserve = limit;
    }

    [Test]
    public async Task A_waiting_worker_costs_less_than_12_MiB_and_no_processor_time()
    {
        // None may leave while they are watched.
        using var idleTime = new TemporarySetting<TimeSpan>(WorkerReserve.IdleTime, Timeout.InfiniteTimeSpan, static value => WorkerReserve.IdleTime = value);
        await FillAsync();
        int[] workers = [.. WaitingWorkers.Ids()];
        Assert.That(workers, Has.Length.GreaterThanOrEqualTo(Size));

        // What booting has left to do, such as code to compile again, comes to an end by itself.
        Assert.That(await ProcessorTime.RestsAsync(() => workers.Sum(ProcessorTime.OfProcess), TimeSpan.FromSeconds(1), Patience), "they never rest for a second");
        TimeSpan watched = TimeSpan.FromSeconds(4);
        Dictionary<string, long> before = ProcessorTime.OfThreads(workers);
        await Task.Delay(watched);
        double share = ProcessorTime.OfThreads(workers).Sum(now => now.Value - before.GetValueOrDefault(now.Key)) / (watched.TotalNanoseconds * workers.Length);
        Assert.That(share, Is.LessThan(MostOfAProcessor));
        double[] memory = [.. workers.Select(Mebibytes)];
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{workers.Length} workers wait with {memory.Average():f1} MiB each (at most {memory.Max():f1}) and {share:p4} of a processor."));
        Assert.That(memory, Has.All.LessThan(MemoryLimit));
    }

    [Test]
    public async Task Those_whom_nobody_takes_leave_after_a_while()
    {
        await FillAsync();
        int[] workers = [.. WaitingWorkers.Ids()];
        using var idleTime = new TemporarySetting<TimeSpan>(WorkerReserve.IdleTime, TimeSpan.FromMilliseconds(50), static value => WorkerReserve.IdleTime = value);
        Assert.That(SpinWait.SpinUntil(static () => WorkerReserve.Count == 0, Patience));
        Assert.That(SpinWait.SpinUntil(() => !WaitingWorkers.Ids().Intersect(workers).Any(), Patience), "some did not end");
    }

    /// <summary>What is asked for and not there makes the reserve grow.</summary>
    private static async Task FillAsync()
    {
        var options = new ProcessOptions { StartMethod = StartMethod.Standby };
        while (WorkerReserve.Count < Size)
        {
            ChildProcess[] children = [.. Enumerable.Range(0, Size).Select(_ => ChildProcess.Start(JobsTargets.Nothing(), options))];
            foreach (ChildProcess child in children)
            {
                await child.WaitForExitAsync();
                child.Dispose();
            }

            SpinWait.SpinUntil(static () => WorkerReserve.Count >= Size, TimeSpan.FromSeconds(5));
        }
    }

    /// <summary>Of memory, where each page counts as a share of those who have it.</summary>
    private static double Mebibytes(int process)
    {
        string line = File.ReadLines($"/proc/{process}/smaps_rollup").First(static line => line.StartsWith("Pss:", StringComparison.Ordinal));
        return double.Parse(line["Pss:".Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
    }
}
