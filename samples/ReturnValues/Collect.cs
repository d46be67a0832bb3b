using Procgen;

namespace ReturnValues;

/// <summary>Start all, then collect. The article joins the pool without closing it first, which Python refuses.</summary>
internal static class Collect
{
    private const int Calls = 50_000;

    public static async Task RunAsync()
    {
        await using var pool = new ProcessPool(10);
        List<Task<int>> results = [];
        for (int i = 0; i < Calls; i++) results.Add(pool.RunAsync(CollectTargets.Test(i)));

        int[] values = await Task.WhenAll(results);
        Console.WriteLine($"{values.Length} results, from {values[0]} to {values[^1]}");
        Console.WriteLine(values.SequenceEqual(Enumerable.Range(0, Calls)) ? "each belongs to its call" : "they are mixed up!");
    }

    [ProcessTarget]
    public static int Test(int p) => p;
}
