using System.Globalization;

namespace Procgen.Samples.Tests;

public sealed class JoiningAndMappingTests
{
    private static readonly Sample JoiningAndMapping = new("JoiningAndMapping");

    [Test]
    public async Task The_last_line_waits_for_both_processes()
    {
        string[] lines = await JoiningAndMapping.LinesAsync("two-processes");

        Assert.That(lines[..^1], Is.EquivalentTo(["1", "2"]));
        Assert.That(lines[^1], Is.EqualTo("finish all subprocesses"));
    }

    [Test]
    public async Task A_map_answers_in_the_order_of_its_items()
    {
        string[] lines = await JoiningAndMapping.LinesAsync("pool-map");

        Assert.That(lines[..10], Is.EquivalentTo(Enumerable.Range(0, 10).Select(static i => $"job {i}")));
        Assert.That(lines[10..], Is.EqualTo(Enumerable.Range(0, 10).Select(static i => (i * i).ToString(CultureInfo.InvariantCulture))));
    }

    [Test]
    public async Task Four_processes_share_twelve_items_of_a_managed_queue()
    {
        string[] lines = await JoiningAndMapping.LinesAsync("queue-and-list");

        int[] items = [.. Enumerable.Range(1, 12)];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines.Where(static line => line.StartsWith("execute", StringComparison.Ordinal)), Is.EqualTo(items.Select(static item => $"execute task: {item}")));
            Assert.That(
                lines.Where(static line => line.StartsWith("finish", StringComparison.Ordinal)).Select(static line => line.Split(',')[0]),
                Is.EquivalentTo(items.Select(static item => $"finish task: {item}")));
            Assert.That(Array.IndexOf(lines, "execute task: 12"), Is.GreaterThan(Array.FindIndex(lines, static line => line.StartsWith("finish", StringComparison.Ordinal))), "four wait and four are taken, so the twelfth waits for somebody to finish");
            Assert.That(lines[^1], Is.EqualTo("[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]"));
        }
    }
}
