using Samples;

namespace Procgen.Samples.Tests;

public sealed class ConsoleProgressTests
{
    [Test]
    public void On_a_terminal_it_draws_over_itself()
    {
        string written = Write(isTerminal: true, new(5, 0, 10, 2.5, TimeSpan.FromSeconds(62)), new(9, 1, 10, 2, null));

        Assert.That(written, Is.EqualTo(
            "\r[###############...............] 5/10, 2.5/s, 1:02 left" +
            "\r[##############################] 10/10, 1 failed, 2.0/s\n"));
    }

    [Test]
    public void A_shorter_line_leaves_nothing_of_a_longer_one() =>
        Assert.That(Write(isTerminal: true, new(100, 0, null, 10, TimeSpan.FromSeconds(1)), new(101, 0, null, 10, null)), Is.EqualTo("\r100, 10.0/s, 0:01 left\r101, 10.0/s           "));

    [Test]
    public void Elsewhere_it_writes_one_line_at_the_end() =>
        Assert.That(Write(isTerminal: false, new(1, 0, 2, 1, null), new(2, 0, 2, 1, null), new(2, 0, 2, 1, null)), Is.EqualTo("[##############################] 2/2, 1.0/s\n"));

    [Test]
    public void A_map_of_nothing_has_a_line_too() =>
        Assert.That(Write(isTerminal: false, new MapProgress(0, 0, 0, 0, null)), Is.EqualTo("0, 0.0/s\n"));

    private static string Write(bool isTerminal, params MapProgress[] reports)
    {
        var writer = new StringWriter { NewLine = "\n" };
        var progress = new ConsoleProgress(writer, isTerminal);
        foreach (MapProgress report in reports) progress.Report(report);
        return writer.ToString();
    }
}
