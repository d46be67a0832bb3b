using System.Diagnostics;
using NUnit.Framework;
using Procgen.CompilerServices;
using Procgen.Pools;

namespace Procgen.Tests.Pools;

public class MapPlanTests
{
    private const int Items = 200_000;
    private const int Largest = 8192;

    [Test]
    public void A_map_of_short_items_grows_to_full_chunks_and_ends_in_parts_of_one()
    {
        List<int> sizes = Plan(itemTicks: 50);
        Assert.That(sizes.Sum(), Is.EqualTo(Items));
        Assert.That(sizes[0], Is.EqualTo(Largest / 16), "so that all workers begin soon");
        Assert.That(sizes.Count(size => size == Largest), Is.GreaterThan(Items / Largest / 2));

        // What is less costs more to send than to run.
        Assert.That(sizes[..^1], Has.All.AtLeast(Largest / 16));
        Assert.That(sizes[^4..], Has.All.AtMost(Largest / 16), "so that all workers end together");
    }

    [Test]
    public void Long_items_go_one_at_a_time() =>
        Assert.That(Plan(itemTicks: Stopwatch.Frequency / 10), Has.All.EqualTo(1));

    [Test]
    public void Items_of_unknown_length_go_one_at_a_time() => Assert.That(Plan(itemTicks: 0), Has.All.EqualTo(1));

    [Test]
    public void A_slow_source_delays_nothing_that_is_there()
    {
        MapPlan plan = NewPlan();
        plan.HasTaken(1, Stopwatch.Frequency / 10);
        Assert.That(plan.SizeOfChunk(Target(50), Items, Items), Is.EqualTo(1));
    }

    private static List<int> Plan(long itemTicks)
    {
        MapPlan plan = NewPlan();
        Target target = Target(itemTicks);
        List<int> sizes = [];
        for (int rest = Items; rest > 0; rest -= sizes[^1]) sizes.Add(plan.SizeOfChunk(target, rest, rest));
        return sizes;
    }

    private static MapPlan NewPlan() => new(new PoolSettings(2, new ProcessPoolOptions()), static () => 2, null);

    private static CallTarget Target(long itemTicks) =>
        new(0, "Nothing", typeof(MapPlanTests), static (ref PayloadReader _) => throw new NotSupportedException()) { EstimatedTicks = itemTicks };
}
