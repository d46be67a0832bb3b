using System.Diagnostics;
using NUnit.Framework;
using Procgen.Tests.Processes;

namespace Procgen.Tests.Pools;

/// <summary>
/// Workers are killed and stopped at random while calls are cancelled and run out of time. <c>PROCGEN_TORTURE=full</c>
/// runs the whole of it; otherwise fewer calls.
/// </summary>
public sealed class PoolTortureTests
{
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("PROCGEN_TORTURE") == "full";

    [Test]
    [CancelAfter(600_000)]
    public async Task Every_call_settles_once_and_rightly_whoever_is_killed([Range(1, 10)] int seed)
    {
        if (!IsFull && seed > 3) Assert.Ignore("PROCGEN_TORTURE=full runs all seeds.");
        int count = IsFull ? 20_000 : 2_000;
        var random = new Random(seed);
        await using var pool = new ProcessPool(8, new ProcessPoolOptions { CancellationGrace = TimeSpan.FromMilliseconds(200) });
        long booting = Stopwatch.GetTimestamp();
        await pool.StartAsync().WaitAsync(TimeSpan.FromMinutes(2));
        TimeSpan pace = Stopwatch.GetElapsedTime(booting) / 8 * 3;

        using var over = new CancellationTokenSource();
        Task killer = KillAsync(pool, new Random(seed + 1000), pace, over.Token);
        var outcomes = new List<Task<string?>>();
        using var slots = new SemaphoreSlim(200);
        for (int i = 0; i < count; i++)
        {
            await slots.WaitAsync();
            outcomes.Add(CheckAsync(pool, i, random.Next(100), random.Next(4), slots));
        }

        string?[] problems = await Task.WhenAll(outcomes).WaitAsync(TimeSpan.FromMinutes(8));
        await over.CancelAsync();
        await killer;
        Assert.That(problems.Where(static problem => problem is not null), Is.Empty, $"seed {seed}");
        PoolStatistics statistics = pool.GetStatistics();
        Assert.That(statistics.Queued + statistics.Running, Is.LessThanOrEqualTo(8), "only cancelled targets may still be ending");
        await pool.CloseAsync().WaitAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>Null where the call ended as it may.</summary>
    private static async Task<string?> CheckAsync(ProcessPool pool, int i, int kind, int milliseconds, SemaphoreSlim slots)
    {
        using var cancellation = new CancellationTokenSource();
        var options = new PoolRunOptions { Timeout = TimeSpan.FromSeconds(2), Retries = kind % 3 };
        try
        {
            if (kind < 5)
            {
                cancellation.CancelAfter(milliseconds);
                int never = await pool.RunAsync(PoolJobsTargets.WaitForCancellation(), options, cancellation.Token);
                return $"{i}: returned {never}";
            }

            if (kind < 7)
            {
                options = new PoolRunOptions { Timeout = TimeSpan.FromMilliseconds(50 + milliseconds) };
                await pool.RunAsync(PoolJobsTargets.Spin(), options);
                return $"{i}: an endless call returned";
            }

            int result = kind < 30
                ? await pool.RunAsync(PoolJobsTargets.Sleep(milliseconds), options)
                : await pool.RunAsync(PoolJobsTargets.Square(i), options);
            int expected = kind < 30 ? milliseconds : unchecked(i * i);
            return result == expected ? null : $"{i}: {result} instead of {expected}";
        }
        catch (OperationCanceledException) when (kind < 5)
        {
            return null;
        }
        catch (WorkerCrashedException)
        {
            return null; // It was running when its worker was killed.
        }
        catch (CallTimeoutException) when (kind is 5 or 6)
        {
            return null;
        }
        catch (CallTimeoutException)
        {
            return null; // Its worker was stopped.
        }
        catch (Exception error)
        {
            return $"{i}: {error}";
        }
        finally
        {
            slots.Release();
        }
    }

    private static async Task KillAsync(ProcessPool pool, Random random, TimeSpan pace, CancellationToken over)
    {
        try
        {
            while (true)
            {
                await Task.Delay(pace, over);
                IReadOnlyList<PoolWorker> workers = pool.Workers;
                if (workers.Count == 0) continue;
                int id = workers[random.Next(workers.Count)].Id;
                if (random.Next(3) > 0)
                {
                    Signals.Send(id, Signals.Kill);
                    continue;
                }

                Signals.Send(id, 19); // SIGSTOP
                _ = Task.Delay(random.Next(1000), CancellationToken.None).ContinueWith(_ => Signals.Send(id, 18), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            }
        }
        catch (OperationCanceledException)
        {
            // The calls have ended.
        }
    }
}
