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
}
