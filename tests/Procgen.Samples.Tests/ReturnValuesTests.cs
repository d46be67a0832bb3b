using System.Globalization;
using System.Text.RegularExpressions;

namespace Procgen.Samples.Tests;

public sealed partial class ReturnValuesTests
{
    private static readonly Sample ReturnValues = new("ReturnValues");

    [Test]
    public async Task All_results_are_collected_each_from_its_call() =>
        Assert.That(await ReturnValues.LinesAsync("collect"), Is.EqualTo(["50000 results, from 0 to 49999", "each belongs to its call"]));

    [Test]
    public async Task Waiting_for_each_call_is_several_times_as_slow_as_ten_workers_can_be()
    {
        const int Times = 3;
        double best = 0;

        // What holds up the machine while the ten work says nothing about them.
        for (int run = 0; run < 3 && best <= Times; run++)
        {
            string[] lines = await ReturnValues.LinesAsync("wait-each");
            best = Math.Max(best, Numbers(lines[1])[1]);
        }

        Assert.That(best, Is.GreaterThan(Times), "ten workers against one at a time, each with a pause as its work");
    }

    [Test]
    public async Task The_first_true_ends_the_other_calls()
    {
        string[] lines = await ReturnValues.LinesAsync("early-exit");

        Assert.That(lines[0], Is.EqualTo("call 10000 returned true"));
        double[] counts = Numbers(lines[1]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(counts[0], Is.GreaterThan(10_000).And.LessThan(50_000), "calls that ran");
            Assert.That(counts[0] + counts[2], Is.EqualTo(50_000), "every accepted call ends, in one way or the other");
        }
    }

    [Test]
    public async Task Of_fifty_million_calls_hardly_one_is_made_that_is_not_needed()
    {
        string[] lines = await ReturnValues.LinesAsync("lazy");

        Assert.That(lines[0], Is.EqualTo("call 10000 returned true"));
        Assert.That(Numbers(lines[1])[0], Is.GreaterThan(10_000).And.LessThan(12_000), "calls that were made");
    }

    [Test]
    public async Task Fifty_million_calls_take_constant_memory()
    {
        string[] lines = await ReturnValues.LinesAsync("constant-memory");

        Assert.That(lines, Has.Length.EqualTo(10));
        Assert.That(lines[^1], Does.StartWith("50000000 of 50000000 answered"));
        double[] kibibytes = [.. lines.Select(static line => Numbers(line)[2])];
        Assert.That(kibibytes.Max() - kibibytes[0], Is.LessThan(16 * 1024), "growth from the first tenth on");
    }

    private static double[] Numbers(string line) =>
        [.. Number().Matches(line).Select(static match => double.Parse(match.Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex Number();
}
