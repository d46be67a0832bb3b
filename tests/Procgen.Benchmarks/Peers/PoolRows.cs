using System.Diagnostics;
using Procgen.Launching;

namespace Procgen.Benchmarks.Peers;

/// <summary>Calls and maps on pools.</summary>
internal static class PoolRows
{
    private const int ManyItems = 200_000;
    private const int ManyCalls = 20_000;
    private const int PayloadBytes = 8 << 20;

    /// <summary>Until a process has mapped for about three seconds the runtime is still compiling the loops.</summary>
    private const int WarmMaps = 150;

    public static IReadOnlyList<PeerRow> All { get; } =
    [
        new("pool: one call at a time", "µs", Bound.AtMost(0.3), ApplyAsync, Peer.Python("pool_apply.py")),
        new("pool: map of 200,000 small items", "items/s", Bound.AtLeast(4), static samples => MapAsync(samples, WarmMaps, ManyItems, null), Peer.Python("pool_map.py", "200000", "0")),
        new("pool: the first map of 200,000 small items", "items/s", Bound.None, static samples => MapAsync(samples, 0, ManyItems, null, count: 1), Peer.Python("pool_map.py", "200000", "0", "first")),
        new("pool: map with chunk size 1", "items/s", Bound.AtLeast(8), static samples => MapAsync(samples, 60, ManyCalls, 1), Peer.Python("pool_map.py", "20000", "1")),
        new("pool: 20,000 calls at once", "items/s", Bound.AtLeast(8), ApplyManyAsync, Peer.Python("pool_apply_async.py", "20000")),
        new("pool: stream of 20,000 results", "items/s", Bound.AtLeast(8), StreamAsync, Peer.Python("pool_imap.py", "20000")),
        new("pool: 8 MiB there and back", "ms", Bound.AtMost(0.125), PayloadAsync, Peer.Python("pool_payload.py")),
        new("pool: started, first result, against spawn", "ms", Bound.AtMost(0.9), StartAsync, Peer.Python("pool_start.py", "spawn")),
        new("pool: started from the reserve, first result, against spawn", "ms", Bound.AtMost(0.2), StartFromReserveAsync, Peer.Python("pool_start.py", "spawn")),
        new("pool: speed-up of a CPU-bound map by a second worker", "×", Bound.AtLeast(1.0), SpeedUpAsync, Peer.Python("pool_speedup.py")),
    ];

    private static async Task ApplyAsync(Samples samples)
    {
        await using var pool = new ProcessPool(2);
        await pool.StartAsync();
        await samples.AddMicrosecondsEachAsync(4, 9, 500, async () =>
        {
            for (int x = 0; x < 500; x++) Check(await pool.RunAsync(PoolJobsTargets.Square(x)), x * x);
        });
    }

    private static async Task MapAsync(Samples samples, int warmups, int items, int? chunkSize, int count = 5)
    {
        await using var pool = new ProcessPool(2);
        await pool.StartAsync();
        var options = new PoolMapOptions { ChunkSize = chunkSize };
        await samples.AddRateAsync(warmups, count, items, async () =>
        {
            int[] squares = await pool.MapAsync(Enumerable.Range(0, items), PoolJobsTargets.Square, options);
            Check(squares[^1], unchecked((items - 1) * (items - 1)));
        });
    }

    private static async Task ApplyManyAsync(Samples samples)
    {
        await using var pool = new ProcessPool(2);
        await pool.StartAsync();
        var calls = new Task<int>[ManyCalls];
        await samples.AddRateAsync(8, 5, ManyCalls, async () =>
        {
            for (int x = 0; x < calls.Length; x++) calls[x] = pool.RunAsync(PoolJobsTargets.Square(x));
            Check((await Task.WhenAll(calls))[^1], (ManyCalls - 1) * (ManyCalls - 1));
        });
    }

    private static async Task StreamAsync(Samples samples)
    {
        await using var pool = new ProcessPool(2);
        await pool.StartAsync();
        await samples.AddRateAsync(8, 5, ManyCalls, async () =>
        {
            int last = 0;
            await foreach (int square in pool.MapStreamAsync(Enumerable.Range(0, ManyCalls), PoolJobsTargets.Square)) last = square;
            Check(last, (ManyCalls - 1) * (ManyCalls - 1));
        });
    }

    private static async Task PayloadAsync(Samples samples)
    {
        await using var pool = new ProcessPool(1);
        byte[] data = new byte[PayloadBytes];
        await samples.AddMillisecondsAsync(4, 8, async () => Check((await pool.RunAsync(PoolJobsTargets.Echo(data))).Length, PayloadBytes));
    }

    private static async Task StartAsync(Samples samples)
    {
        for (int i = -1; i < 7; i++) await AddStartAsync(samples, StartMethod.Spawn, isCounted: i >= 0);
    }

    /// <summary>Each time from a reserve that has been filled again.</summary>
    private static async Task StartFromReserveAsync(Samples samples)
    {
        for (int i = -2; i < 7; i++)
        {
            await AddStartAsync(samples, StartMethod.Standby, isCounted: i >= 0);
            while (WorkerReserve.Count < 2) await Task.Delay(20);
        }
    }

    private static async Task AddStartAsync(Samples samples, StartMethod method, bool isCounted)
    {
        long started = Stopwatch.GetTimestamp();
        var pool = new ProcessPool(2, new ProcessPoolOptions { Worker = { StartMethod = method } });
        Check(await pool.RunAsync(PoolJobsTargets.Square(3)), 9);
        double elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        await pool.CloseAsync();
        if (isCounted) samples.Add(elapsed);
    }

    private static async Task SpeedUpAsync(Samples samples)
    {
        for (int i = 0; i < 5; i++) samples.Add(await SecondsAsync(1) / await SecondsAsync(2));
    }

    private static async Task<double> SecondsAsync(int processes)
    {
        await using var pool = new ProcessPool(processes);
        await pool.StartAsync();
        var options = new PoolMapOptions { ChunkSize = 1 };

        // Each worker's code is compiled for good after some tens of calls: the row is about processors, not about that.
        await pool.MapAsync(Enumerable.Repeat(200_000, 64 * processes), PoolJobsTargets.Burn, options);
        long started = Stopwatch.GetTimestamp();
        await pool.MapAsync(Enumerable.Repeat(3_000_000, 64), PoolJobsTargets.Burn, options);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static void Check(int actual, int expected)
    {
        if (actual != expected) throw new InvalidOperationException($"wrong result: {actual} instead of {expected}");
    }
}

/// <summary>What the pools run.</summary>
internal static class PoolJobs
{
    [ProcessTarget]
    public static int Square(int x) => x * x;

    [ProcessTarget]
    public static byte[] Echo(byte[] data) => data;

    [ProcessTarget]
    public static int Burn(int count)
    {
        int x = 1;
        for (int i = 0; i < count; i++) x = unchecked((x * 1103515245) + 12345) & 0x7FFFFFFF;
        return x;
    }
}
