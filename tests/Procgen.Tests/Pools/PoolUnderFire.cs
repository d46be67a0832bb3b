using System.Diagnostics;
using Procgen.Tests.Processes;

namespace Procgen.Tests.Pools;

/// <summary>
/// A pool of eight whose workers are killed and stopped at random, at a third of the rate at which they can be booted; who
/// was stopped goes on within a second. Knows how often each call began.
/// </summary>
internal sealed class PoolUnderFire : IAsyncDisposable
{
    private const int Workers = 8;
    private const int Stop = 19;
    private const int Continue = 18;
    private readonly CancellationTokenSource _over = new();
    private readonly SharedArray<int> _runs;
    private Task _fire = Task.CompletedTask;

    private PoolUnderFire(int calls)
    {
        _runs = new SharedArray<int>(calls);
        Pool = new ProcessPool(Workers, new ProcessPoolOptions
        {
            CancellationGrace = TimeSpan.FromMilliseconds(200),
            Initializer = PoolTortureJobsTargets.Begin(_runs),
        });
    }

    /// <summary>Four, for each way to stop a stream. <c>PROCGEN_TORTURE=full</c> gives ten.</summary>
    public static IEnumerable<int> Seeds => Enumerable.Range(1, Environment.GetEnvironmentVariable("PROCGEN_TORTURE") == "full" ? 10 : 4);

    public ProcessPool Pool { get; }

    /// <param name="seed">What the choices depend on.</param>
    /// <param name="calls">How many calls there will be, each with a number below this.</param>
    public static async Task<PoolUnderFire> StartAsync(int seed, int calls)
    {
        var made = new PoolUnderFire(calls);
        long booting = Stopwatch.GetTimestamp();
        await made.Pool.StartAsync().WaitAsync(TimeSpan.FromMinutes(2));
        made._fire = made.FireAsync(new Random(seed), pace: Stopwatch.GetElapsedTime(booting) / Workers * 3);
        return made;
    }

    /// <summary>How often the call of a number has begun in a worker.</summary>
    public int RunsOf(int call) => Volatile.Read(ref _runs[call]);

    /// <summary>Ends the fire, and closes the pool as a user does.</summary>
    public async Task CloseAsync()
    {
        await _over.CancelAsync();
        await _fire;
        await Pool.CloseAsync().WaitAsync(TimeSpan.FromMinutes(1));
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _fire;
        await Pool.DisposeAsync();
        _runs.Dispose();
        _over.Dispose();
    }

    private async Task FireAsync(Random random, TimeSpan pace)
    {
        var stopped = new List<Task>();
        while (await IsPausedAsync(pace, _over.Token))
        {
            IReadOnlyList<PoolWorker> workers = Pool.Workers;
            if (workers.Count == 0) continue;
            int id = workers[random.Next(workers.Count)].Id;
            if (random.Next(3) > 0) Signals.Send(id, Signals.Kill);
            else stopped.Add(StopForAWhileAsync(id, TimeSpan.FromMilliseconds(random.Next(1000))));
        }

        await Task.WhenAll(stopped);
    }

    private static async Task StopForAWhileAsync(int id, TimeSpan time)
    {
        Signals.Send(id, Stop);
        await Task.Delay(time);
        Signals.Send(id, Continue);
    }

    private static async Task<bool> IsPausedAsync(TimeSpan time, CancellationToken over)
    {
        await Task.Delay(time, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !over.IsCancellationRequested;
    }
}
