using System.Diagnostics;
using NUnit.Framework;
using Procgen.Telemetry;

namespace Procgen.Tests.Telemetry;

public class RecentPaceTests
{
    private static readonly long Millisecond = Stopwatch.Frequency / 1000;

    [Test]
    public void Nothing_is_known_at_first() => Assert.That(new RecentPace().Each, Is.Zero);

    [Test]
    public void A_moments_delay_hardly_shows_among_thousands_of_short_items()
    {
        RecentPace pace = After(items: 8192, each: 50);
        pace.Add(16, (16 * 50) + Millisecond);
        Assert.That(pace.Each, Is.InRange(50, 300));
    }

    [Test]
    public void A_few_slow_items_are_believed_at_once()
    {
        RecentPace pace = After(items: 8192, each: 50);
        pace.Add(1, 100 * Millisecond);
        pace.Add(1, 100 * Millisecond);
        Assert.That(pace.Each, Is.GreaterThan(Millisecond));
    }

    [Test]
    public void Slow_first_items_are_forgotten_as_others_come()
    {
        RecentPace pace = default;
        for (int i = 0; i < 16; i++) pace.Add(1, Millisecond);
        for (int i = 0; i < 400; i++) pace.Add(256, 256 * 50);
        Assert.That(pace.Each, Is.InRange(50, 100));
    }

    [Test]
    public void One_long_item_is_forgotten_after_some_hundred_short_ones()
    {
        RecentPace pace = After(items: 8192, each: 50);
        pace.Add(1, 10_000 * Millisecond);
        Assert.That(pace.Each, Is.GreaterThan(1000 * Millisecond));
        for (int i = 0; i < 1000; i++) pace.Add(1, 50);
        Assert.That(pace.Each, Is.LessThan(Millisecond / 50));
    }

    [Test]
    public void It_is_never_less_than_one_tick()
    {
        RecentPace pace = default;
        pace.Add(1000, 0);
        Assert.That(pace.Each, Is.EqualTo(1));
    }

    private static RecentPace After(int items, long each)
    {
        RecentPace pace = default;
        for (int i = 0; i < items; i += 64) pace.Add(64, 64 * each);
        return pace;
    }
}
