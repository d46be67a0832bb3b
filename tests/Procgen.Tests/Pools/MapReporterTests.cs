using System.Collections.Concurrent;
using NUnit.Framework;
using Procgen.Pools;

namespace Procgen.Tests.Pools;

public class MapReporterTests
{
    [Test]
    public async Task Reports_never_step_back()
    {
        using var told = new BlockingCollection<MapProgress>();
        var reporter = new MapReporter(new Listener(told), total: 1000);
        reporter.Report(500, 2);
        Assert.That(told.Take().Completed, Is.EqualTo(500));

        // Somebody who was held up after counting; it is refused until a twentieth of a second has passed.
        MapProgress late = default;
        await TestWait.UntilAsync(() =>
        {
            reporter.Report(100, 1);
            return told.TryTake(out late);
        });
        Assert.That((late.Completed, late.Failed), Is.EqualTo((500L, 2L)));
        await reporter.EndAsync(998, 2);
        Assert.That(told.Take().Completed, Is.EqualTo(998));
    }

    private sealed class Listener(BlockingCollection<MapProgress> told) : IProgress<MapProgress>
    {
        public void Report(MapProgress value) => told.Add(value);
    }
}
