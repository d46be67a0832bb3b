using NUnit.Framework;

namespace Procgen.Tests.Pools;

/// <summary>Workers are killed and stopped at random while calls are cancelled and run out of time.</summary>
[CancelAfter(600_000)]
public sealed class PoolTortureTests
{
    private const int Calls = 20_000;

    [TestCaseSource(typeof(PoolUnderFire), nameof(PoolUnderFire.Seeds))]
    public async Task Every_call_settles_once_and_rightly_whoever_is_killed(int seed)
    {
        var random = new Random(seed);
        await using PoolUnderFire fire = await PoolUnderFire.StartAsync(seed + 1000, Calls);
        var checks = new List<Task<string?>>(Calls);
        using var slots = new SemaphoreSlim(200);
        for (int call = 0; call < Calls; call++)
        {
            await slots.WaitAsync();
            checks.Add(CheckAsync(fire, call, random.Next(1000), random.Next(100), slots));
        }

        string?[] problems = await Task.WhenAll(checks).WaitAsync(TimeSpan.FromMinutes(8));
        Assert.That(problems.Where(static problem => problem is not null), Is.Empty, $"seed {seed}");
        PoolStatistics statistics = fire.Pool.GetStatistics();
        Assert.That(statistics.Queued + statistics.Running, Is.LessThanOrEqualTo(8), "only cancelled targets may still be ending");
        await fire.CloseAsync();
    }

    /// <summary>Null where the call ended as it may.</summary>
    private static async Task<string?> CheckAsync(PoolUnderFire fire, int call, int kind, int choice, SemaphoreSlim slots)
    {
        var options = new PoolRunOptions { Timeout = TimeSpan.FromSeconds(2), Retries = kind % 3 };
        string? problem;
        try
        {
            problem = kind switch
            {
                < 50 => await CheckCancelledAsync(fire, call, options, TimeSpan.FromMilliseconds(choice % 5)),
                < 55 => await CheckEndlessAsync(fire, call, options, TimeSpan.FromMilliseconds(50 + choice)),
                < 85 => await CheckResultAsync(fire, call, PoolTortureJobsTargets.SquareLater(call, choice), options),
                < 300 => await CheckResultAsync(fire, call, PoolTortureJobsTargets.SquareLater(call, choice % 10), options),
                _ => await CheckResultAsync(fire, call, PoolTortureJobsTargets.Square(call), options),
            };
        }
        catch (Exception error) when (error is WorkerCrashedException or CallTimeoutException)
        {
            problem = null; // Its worker was killed or stopped while it ran.
        }
        catch (Exception error)
        {
            problem = $"{error}";
        }
        finally
        {
            slots.Release();
        }

        if (fire.RunsOf(call) > options.Retries + 1) problem ??= $"began {fire.RunsOf(call)} times for {options.Retries} retries";
        return problem is null ? null : $"call {call} of kind {kind}: {problem}";
    }

    private static async Task<string?> CheckResultAsync(PoolUnderFire fire, int call, ProcessCall<int> square, PoolRunOptions options)
    {
        int result = await fire.Pool.RunAsync(square, options);
        if (result != unchecked(call * call)) return $"{result} came back";
        return fire.RunsOf(call) == 0 ? "it gave a result and never began" : null;
    }

    private static async Task<string?> CheckCancelledAsync(PoolUnderFire fire, int call, PoolRunOptions options, TimeSpan time)
    {
        using var cancellation = new CancellationTokenSource(time);
        try
        {
            return $"{await fire.Pool.RunAsync(PoolTortureJobsTargets.WaitForCancellation(call), options, cancellation.Token)} came back";
        }
        catch (OperationCanceledException cancelled) when (cancelled.CancellationToken == cancellation.Token)
        {
            return null;
        }
    }

    private static async Task<string?> CheckEndlessAsync(PoolUnderFire fire, int call, PoolRunOptions options, TimeSpan time)
    {
        options.Timeout = time;
        options.Retries = 0;
        return $"{await fire.Pool.RunAsync(PoolTortureJobsTargets.Spin(call), options)} came back";
    }
}
