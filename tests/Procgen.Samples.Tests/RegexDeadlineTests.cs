namespace Procgen.Samples.Tests;

public sealed class RegexDeadlineTests
{
    [Test]
    public async Task Only_the_expression_that_backtracks_for_ever_is_ended()
    {
        string[] lines = await new Sample("RegexDeadline").LinesAsync("10");

        Assert.That(lines[..^1], Is.EqualTo(
        [
            @"^\d{4}-\d{2}-\d{2}$ on 10 characters: matches",
            "^(a+)+$ on 20 characters: matches",
            "^(a+)+$ on 61 characters: ended after 10 s",
            @"^(\w+)@(\w+)\.com$ on 20 characters: matches",
            "^[a-z]+$ on 8 characters: does not match",
        ]));
        Assert.That(lines[^1], Does.StartWith("5 searches took "));
    }
}
