using NUnit.Framework;

namespace Procgen.Tests.Pools;

/// <summary>Who is accepted when, where not all may be.</summary>
[CancelAfter(120_000)]
public sealed class PoolAdmissionTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(1);

    [Test]
    public async Task What_waits_behind_a_call_that_is_cancelled_is_accepted_then()
    {
        await using var pool = new ProcessPool(2, new ProcessPoolOptions { MaxPendingBytes = 100_000 });
        Task first = pool.RunAsync(PoolJobsTargets.Hold(new byte[60_000]));
        using var cancellation = new CancellationTokenSource();
        Task second = pool.RunAsync(PoolJobsTargets.Hold(new byte[60_000]), cancellationToken: cancellation.Token);
        Task<int> third = pool.RunAsync(PoolJobsTargets.Square(5));
        await cancellation.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => second.WaitAsync(Guard));
        Assert.That(await third.WaitAsync(Guard), Is.EqualTo(25));
        Assert.That(first.IsCompleted, Is.False);
    }
}
