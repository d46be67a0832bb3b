using System.Globalization;

namespace Procgen.Samples.Tests;

public sealed class PoolsAndCallbacksTests
{
    private static readonly Sample PoolsAndCallbacks = new("PoolsAndCallbacks");

    [Test]
    public async Task Four_workers_at_once_need_about_a_quarter_of_the_time_of_one_after_the_other()
    {
        Task<string[]> together = PoolsAndCallbacks.LinesAsync("apply-async");
        string[] oneByOne = await PoolsAndCallbacks.LinesAsync("apply");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(oneByOne.Count(static line => line == "666"), Is.EqualTo(20));
            Assert.That((await together).Count(static line => line == "666"), Is.EqualTo(20));
            Assert.That(Seconds(oneByOne), Is.GreaterThanOrEqualTo(10), "20 times half a second");
            Assert.That(Seconds(oneByOne) / Seconds(await together), Is.GreaterThan(1.5), "4 on a machine that does nothing else; the two do not end at the same time");
        }
    }

    [Test]
    public async Task Results_come_in_the_order_of_the_calls() =>
        Assert.That(await PoolsAndCallbacks.LinesAsync("results"), Is.EqualTo(Enumerable.Range(0, 20).Select(static i => i.ToString(CultureInfo.InvariantCulture))));

    [Test]
    public async Task A_callback_runs_in_the_main_process()
    {
        string[] lines = await PoolsAndCallbacks.LinesAsync("callback");

        string[][] callbacks = [.. lines.Where(static line => line.StartsWith("this is callback", StringComparison.Ordinal)).Select(static line => line.Split(' '))];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines, Has.Length.EqualTo(20));
            Assert.That(callbacks.Select(static words => words[3]), Is.EquivalentTo(Enumerable.Range(0, 10).Select(static i => i.ToString(CultureInfo.InvariantCulture))));
            Assert.That(callbacks.Select(static words => words[^1]).Distinct().Count(), Is.EqualTo(1), "all in one process");
            Assert.That(callbacks.Select(static words => words[6]), Has.None.EqualTo(callbacks[0][^1]), "which is no worker");
        }
    }

    private static double Seconds(string[] lines)
    {
        Assert.That(lines[^1], Does.Match(@"^20 calls took \d+\.\d s$"));
        return double.Parse(lines[^1].Split(' ')[3], CultureInfo.InvariantCulture);
    }
}
