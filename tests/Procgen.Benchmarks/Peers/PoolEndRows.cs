using System.Diagnostics;

namespace Procgen.Benchmarks.Peers;

/// <summary>How soon a pool sees that a worker is dead, and how soon it is gone when nobody wants the rest.</summary>
internal static class PoolEndRows
{
    private const int Kills = 20;
    private const int Breaks = 10;
    private const int ManyItems = 50_000_000;

    public static IReadOnlyList<PeerRow> All { get; } =
    [
        new("pool: a killed worker is noticed, both being busy", "ms", Bound.AtMost(100), NoticeAsync, Peer.None),
        new("pool: break on the first hit until everything is stopped", "ms", Bound.AtMost(200), BreakAsync, Peer.None),
    ];

    /// <summary>From the signal to the end of the one call that it costs.</summary>
    private static async Task NoticeAsync(Samples samples)
    {
        await using var pool = new ProcessPool(2);
        await pool.StartAsync();
        List<Task> calls = [pool.RunAsync(PoolEndJobsTargets.Spin()), pool.RunAsync(PoolEndJobsTargets.Spin())];
        for (int i = 0; i < Kills; i++)
        {
            PoolWorker[] busy;
            while ((busy = [.. pool.Workers.Where(static worker => worker.RunningTarget is not null)]).Length < 2) await Task.Delay(5);
            using Process victim = Process.GetProcessById(busy[i % 2].Id);
            long killed = Stopwatch.GetTimestamp();
            victim.Kill();
            Task ended = await Task.WhenAny(calls);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(killed);
            calls.Remove(ended);
            if (ended.Exception?.InnerException is not WorkerCrashedException { Signal: 9 }) throw new InvalidOperationException("the call of a killed worker has not failed for that", ended.Exception);
            samples.Add(elapsed.TotalMilliseconds);
            calls.Add(pool.RunAsync(PoolEndJobsTargets.Spin()));
        }
    }

    /// <summary>From the hit to the end of the last worker, with most of the items to come.</summary>
    private static async Task BreakAsync(Samples samples)
    {
        for (int i = 0; i < Breaks; i++)
        {
            var pool = new ProcessPool(2);
            await pool.StartAsync();
            int[] workers = [.. pool.Workers.Select(static worker => worker.Id)];
            long hit = 0;
            await foreach (bool isHit in pool.MapStreamAsync(Enumerable.Range(0, ManyItems), PoolEndJobsTargets.IsHit))
            {
                if (!isHit) continue;
                hit = Stopwatch.GetTimestamp();
                break;
            }

            await pool.DisposeAsync();
            TimeSpan elapsed = Stopwatch.GetElapsedTime(hit);
            if (Array.Exists(workers, IsAlive)) throw new InvalidOperationException("a worker has outlived its pool");
            samples.Add(elapsed.TotalMilliseconds);
        }
    }

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

/// <summary>What ends early.</summary>
internal static class PoolEndJobs
{
    [ProcessTarget]
    public static void Spin()
    {
        while (true) Thread.SpinWait(100);
    }

    [ProcessTarget]
    public static bool IsHit(int x) => x == 100_000;
}
