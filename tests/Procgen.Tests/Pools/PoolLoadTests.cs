using System.Diagnostics;
using System.Globalization;
using NUnit.Framework;

namespace Procgen.Tests.Pools;

/// <summary>Many callers, many workers, many items.</summary>
public sealed class PoolLoadTests
{
    [Test]
    [CancelAfter(120_000)]
    public void Two_thousand_blocking_callers_are_answered_without_a_thread_of_the_pool()
    {
        using var pool = new ProcessPool(2);
        pool.Run(PoolJobsTargets.Square(1));
        using var starved = new StarvedThreadPool();
        int[] results = new int[2000];
        Thread[] callers = [.. Enumerable.Range(0, results.Length).Select(i => new Thread(() => results[i] = pool.Run(PoolJobsTargets.Square(i)), 128 * 1024))];
        foreach (Thread caller in callers) caller.Start();
        foreach (Thread caller in callers) Assert.That(caller.Join(TimeSpan.FromMinutes(1)), Is.True);
        Assert.That(results, Is.EqualTo(Enumerable.Range(0, 2000).Select(static x => x * x)));
        Assert.That(pool.Map(Enumerable.Range(0, 1000), PoolJobsTargets.Square), Has.Length.EqualTo(1000));
        Assert.That(pool.MapStream(Enumerable.Range(0, 1000), PoolJobsTargets.Square).Count(), Is.EqualTo(1000));
        Assert.That(pool.Stream(PoolJobsTargets.Count(1000)).Count(), Is.EqualTo(1000));
        byte[] large = new byte[8 << 20];
        Assert.That(pool.Run(PoolJobsTargets.Echo(large)), Has.Length.EqualTo(large.Length));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(64)]
    [TestCase(256)]
    [CancelAfter(300_000)]
    public async Task A_pool_of_any_size_starts_works_and_ends_with_nothing_left_over(int processes)
    {
        int[] ids;
        int threads = Process.GetCurrentProcess().Threads.Count;
        long memory = Environment.WorkingSet;
        long started = Stopwatch.GetTimestamp();
        await using (var pool = new ProcessPool(processes))
        {
            await pool.StartAsync().WaitAsync(TimeSpan.FromMinutes(4));
            double milliseconds = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            ids = [.. pool.Workers.Select(static worker => worker.Id)];
            Assert.That(ids, Has.Length.EqualTo(processes));
            Assert.That(await pool.MapAsync(Enumerable.Range(0, 5000), PoolJobsTargets.Square), Is.EqualTo(Enumerable.Range(0, 5000).Select(static x => x * x)));
            await TestContext.Out.WriteLineAsync(
                $"| {processes} | {milliseconds / processes:0} | {(Process.GetCurrentProcess().Threads.Count - threads) / (double)processes:0.0} | {(Environment.WorkingSet - memory) / processes >> 10} | {ids.Sum(ProportionalKilobytes) / processes} |");
            await pool.CloseAsync().WaitAsync(TimeSpan.FromMinutes(2));
        }

        Assert.That(ids.Where(static id => Directory.Exists($"/proc/{id}")), Is.Empty);
    }

    /// <summary>A process's share of the memory that it and others use; 0 where the system does not say.</summary>
    private static long ProportionalKilobytes(int id)
    {
        string file = $"/proc/{id}/smaps_rollup";
        if (!File.Exists(file)) return 0;
        string line = File.ReadLines(file).First(static line => line.StartsWith("Pss:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    [Test]
    [CancelAfter(600_000)]
    public async Task A_long_stream_takes_constant_memory()
    {
        const int Million = 1_000_000;
        const int Millions = 50;
        await using var pool = new ProcessPool(2);
        long before = 0;
        long most = 0;
        int seen = 0;
        await foreach (bool _ in pool.MapStreamAsync(Enumerable.Range(10, Millions * Million), PoolJobsTargets.IsHit))
        {
            if (++seen % Million != 0) continue;
            long now = Environment.WorkingSet;
            if (seen == Million) before = now;
            else most = Math.Max(most, now);
        }

        Assert.That(seen, Is.EqualTo(Millions * Million));
        Assert.That(most - before, Is.LessThan(64L << 20));
    }

    [Test]
    [CancelAfter(120_000)]
    public async Task The_death_of_a_worker_is_noticed_while_it_is_busy()
    {
        await using var pool = new ProcessPool(2);
        Task[] calls = [pool.RunAsync(PoolJobsTargets.Spin()), pool.RunAsync(PoolJobsTargets.Spin())];
        await TestWait.UntilAsync(() => pool.Workers.Count(static worker => worker.RunningTarget is not null) == 2);
        long killed = Stopwatch.GetTimestamp();
        Process.GetProcessById(pool.Workers[0].Id).Kill();
        Task first = await Task.WhenAny(calls).WaitAsync(TimeSpan.FromMinutes(1));
        TestContext.Out.WriteLine($"noticed after {Stopwatch.GetElapsedTime(killed).TotalMilliseconds:0.0} ms");
        Assert.That(Assert.ThrowsAsync<WorkerCrashedException>(() => first)!.Signal, Is.EqualTo(9));
        Assert.That(calls.Count(static call => call.IsCompleted), Is.EqualTo(1));
    }
}
