using System.Diagnostics;
using Procgen;
using RegexDeadline;

// RegexDeadline [seconds]: a regular expression that would backtrack for years is ended; the others never notice.
double seconds = args is [var number] ? double.Parse(number, System.Globalization.CultureInfo.InvariantCulture) : 2;
(string Pattern, string Text)[] searches =
[
    (@"^\d{4}-\d{2}-\d{2}$", "2026-11-20"),
    ("^(a+)+$", new string('a', 20)),
    ("^(a+)+$", new string('a', 60) + "!"), // the same pattern, and every way to cut sixty letters into groups
    (@"^(\w+)@(\w+)\.com$", "somebody@example.com"),
    ("^[a-z]+$", "DEADLINE"),
];

await using var pool = new ProcessPool(2, new ProcessPoolOptions { CallTimeout = TimeSpan.FromSeconds(seconds) });
await pool.StartAsync();
long start = Stopwatch.GetTimestamp();
await foreach (CallOutcome<(string Pattern, string Text), bool> outcome in pool.MapOutcomesAsync(searches, search => MatchingTargets.IsMatch(search.Pattern, search.Text)))
{
    string what = $"{outcome.Item.Pattern} on {outcome.Item.Text.Length} characters";
    Console.WriteLine(outcome.Exception is CallTimeoutException late
        ? $"{what}: ended after {late.Timeout.TotalSeconds} s"
        : $"{what}: {(outcome.Value ? "matches" : "does not match")}");
}

Console.WriteLine(FormattableString.Invariant($"{searches.Length} searches took {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s"));
