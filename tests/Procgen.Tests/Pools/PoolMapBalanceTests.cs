using NUnit.Framework;

namespace Procgen.Tests.Pools;

/// <summary>
/// Maps whose batches are taken back in part again and again, while some of their results come another way than the others:
/// what a worker says last may be heard first.
/// </summary>
[CancelAfter(120_000)]
public sealed class PoolMapBalanceTests : IDisposable
{
    private const int Maps = 300;
    private const int Items = 48;
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(1);
    private readonly ProcessPool _pool = new(2);

    public void Dispose() => _pool.Dispose();

    [Test]
    public async Task Results_in_frames_are_not_lost([Values(16, null)] int? chunkSize)
    {
        var options = new PoolMapOptions { ChunkSize = chunkSize };
        for (int i = 0; i < Maps; i++)
        {
            byte[][] results = await _pool.MapAsync(Enumerable.Range(0, Items), PoolJobsTargets.SpinAndReturnSome, options).WaitAsync(Guard);
            Assert.That(results.Select(static result => result.Length), Is.EqualTo(Enumerable.Range(0, Items).Select(static x => x % 2 == 0 ? 40_000 : 10)));
        }

        Assert.That(_pool.GetStatistics().Restarts, Is.Zero);
    }

    [Test]
    public async Task Results_of_what_has_reported_are_not_lost()
    {
        var options = new PoolMapOptions { ChunkSize = 16 };
        for (int i = 0; i < Maps; i++)
        {
            int[] results = await _pool.MapAsync(Enumerable.Range(0, Items), static x => PoolJobsTargets.SpinAndReportSome(x, new Ignored()), options).WaitAsync(Guard);
            Assert.That(results, Is.EqualTo(Enumerable.Range(0, Items)));
        }

        Assert.That(_pool.GetStatistics().Restarts, Is.Zero);
    }

    private sealed class Ignored : IProgress<int>
    {
        public void Report(int value)
        {
        }
    }
}
