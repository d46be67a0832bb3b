using NUnit.Framework;

namespace Procgen.Tests.Pools;

/// <summary>Workers are killed and stopped at random while maps of every kind of item run, several at a time.</summary>
[CancelAfter(600_000)]
public sealed class PoolMapTortureTests
{
    private const int Items = 3_000;
    private static readonly TimeSpan Guard = TimeSpan.FromMinutes(4);

    [TestCaseSource(typeof(PoolUnderFire), nameof(PoolUnderFire.Seeds))]
    public async Task Every_item_has_one_outcome_the_right_one_whoever_is_killed(int seed)
    {
        await using PoolUnderFire fire = await PoolUnderFire.StartAsync(seed + 2000, 4 * Items);
        TortureItem[] all = [.. Mixed(new Random(seed), 4 * Items)];
        Task<string>[] maps =
        [
            Task.Run(() => CheckOutcomesAsync(fire, all[..Items], new PoolMapOptions())),
            Task.Run(() => CheckOutcomesAsync(fire, all[Items..(2 * Items)], new PoolMapOptions { ChunkSize = 16, Ordered = false })),
            Task.Run(() => CheckStreamAsync(fire, Harmless(all[(2 * Items)..(3 * Items)]), stopsAfter: Items)),
            Task.Run(() => CheckStreamAsync(fire, Harmless(all[(3 * Items)..]), stopsAfter: Items / (1 + (seed % 4)))),
        ];

        string[] problems = await Task.WhenAll(maps).WaitAsync(Guard);
        Assert.That(string.Concat(problems), Is.Empty, $"seed {seed}");
        await fire.CloseAsync();
    }

    private static IEnumerable<TortureItem> Mixed(Random random, int count)
    {
        for (int number = 0; number < count; number++)
        {
            yield return new TortureItem(number, random.Next(200) switch
            {
                0 => TortureKind.Endless,
                1 => TortureKind.Huge,
                < 10 => TortureKind.Failing,
                < 20 => TortureKind.Large,
                < 40 => TortureKind.Slow,
                < 60 => TortureKind.Reporting,
                _ => TortureKind.Tiny,
            });
        }
    }

    /// <summary>Those that give a result, if only they are run often enough.</summary>
    private static TortureItem[] Harmless(IEnumerable<TortureItem> items) =>
        [.. items.Select(static item => item.Kind is TortureKind.Endless or TortureKind.Failing ? item with { Kind = TortureKind.Tiny } : item)];

    /// <summary>A map that says of each item what became of it; gives what is wrong.</summary>
    private static async Task<string> CheckOutcomesAsync(PoolUnderFire fire, TortureItem[] items, PoolMapOptions options)
    {
        options.Timeout = TimeSpan.FromMilliseconds(400);
        options.Retries = 1;
        options.MaxInFlight = 500;
        List<string> problems = [];
        bool[] seen = new bool[items.Length];
        await foreach (CallOutcome<TortureItem, byte[]> outcome in fire.Pool.MapOutcomesAsync(items, static item => PoolTortureJobsTargets.Do(item, Ignored.Instance), options))
        {
            TortureItem item = outcome.Item;
            if (seen[outcome.Index]) problems.Add($"{item}: a second outcome");
            seen[outcome.Index] = true;
            if (items[outcome.Index] != item) problems.Add($"{item}: not the item at {outcome.Index}");
            if (fire.RunsOf(item.Number) > 2) problems.Add($"{item}: began {fire.RunsOf(item.Number)} times for one retry");
            if (Problem(outcome) is string problem) problems.Add($"{item}: {problem}");
        }

        int missing = seen.Count(static seen => !seen);
        if (missing > 0) problems.Add($"{missing} items without an outcome");
        return string.Concat(problems.Take(20).Select(static problem => problem + "\n"));
    }

    private static string? Problem(CallOutcome<TortureItem, byte[]> outcome) => outcome.Exception switch
    {
        null when outcome.Item.Kind is TortureKind.Endless or TortureKind.Failing => "it came back",
        null => outcome.Value.AsSpan().SequenceEqual(outcome.Item.Result()) ? null : "the wrong result",
        FormatException error => outcome.Item.Kind == TortureKind.Failing && error.Message == $"{outcome.Item.Number}" ? null : $"{error}",
        WorkerCrashedException or CallTimeoutException => null, // Twice its worker was killed or stopped.
        { } error => $"{error}",
    };

    /// <summary>A stream in order, whose items are run again until they have given their result; gives what is wrong.</summary>
    private static async Task<string> CheckStreamAsync(PoolUnderFire fire, TortureItem[] items, int stopsAfter)
    {
        var options = new PoolMapOptions { Retries = 1000 };
        int next = 0;
        await foreach (byte[] result in fire.Pool.MapStreamAsync(items, static item => PoolTortureJobsTargets.Do(item, Ignored.Instance), options))
        {
            TortureItem item = items[next++];
            if (!result.AsSpan().SequenceEqual(item.Result())) return $"{item}: the wrong result in a stream\n";
            if (next == stopsAfter) return "";
        }

        return next == items.Length ? "" : $"a stream ended after {next} of {items.Length}\n";
    }

    private sealed class Ignored : IProgress<int>
    {
        public static readonly Ignored Instance = new();

        public void Report(int value)
        {
        }
    }
}
