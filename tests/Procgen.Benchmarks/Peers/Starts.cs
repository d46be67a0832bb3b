using System.Diagnostics;
using Procgen.Launching;

namespace Procgen.Benchmarks.Peers;

/// <summary>Starting, joining and calling one child; compiled into the native executable too.</summary>
internal static class Starts
{
    private const int Warmups = 3;
    private const int Count = 15;

    public static Task StartAndJoinAsync(Samples samples) => samples.AddMillisecondsAsync(Warmups, Count, static () =>
    {
        using ChildProcess child = ChildProcess.Start(ProcessWorkTargets.Nothing());
        child.Join();
        return Task.CompletedTask;
    });

    /// <summary>In batches of at most eight, with the reserve filled again between them; once this process has compiled its own code for good.</summary>
    public static Task StartAndJoinFromReserveAsync(Samples samples) => TakeFromReserveAsync(samples, isJoinMeasured: true);

    /// <summary>The same, but for what a caller has to wait for until its child is its own.</summary>
    public static Task StartFromReserveAsync(Samples samples) => TakeFromReserveAsync(samples, isJoinMeasured: false);

    private static async Task TakeFromReserveAsync(Samples samples, bool isJoinMeasured)
    {
        var options = new ProcessOptions { StartMethod = StartMethod.Standby };
        for (int batch = -5; batch < 2; batch++)
        {
            int size = Math.Min(8, WorkerReserve.Limit);
            for (int i = 0; i < size; i++)
            {
                bool isReady = WorkerReserve.Count > 0;
                long started = Stopwatch.GetTimestamp();
                ChildProcess child = ChildProcess.Start(ProcessWorkTargets.Nothing(), options);
                TimeSpan own = Stopwatch.GetElapsedTime(started);
                using (child) child.Join();
                if (batch >= 0 && isReady) samples.Add((isJoinMeasured ? Stopwatch.GetElapsedTime(started) : own).TotalMilliseconds);
            }

            await Task.Delay(1500).ConfigureAwait(false);
        }
    }

    public static Task CallAsync(Samples samples)
    {
        int next = 0;
        return samples.AddMillisecondsAsync(Warmups, Count, async () =>
        {
            int x = next++;
            using ChildProcess<int> child = ChildProcess.Start(ProcessWorkTargets.Square(x));
            if (await child.Completion.ConfigureAwait(false) != x * x) throw new InvalidOperationException("wrong result");
            child.Join();
        });
    }
}

/// <summary>What the children run.</summary>
internal static class ProcessWork
{
    [ProcessTarget]
    public static void Nothing()
    {
    }

    [ProcessTarget]
    public static int Square(int x) => x * x;
}
