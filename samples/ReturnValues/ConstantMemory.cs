using Procgen;

namespace ReturnValues;

/// <summary>Nothing is found, so all numbers are tried, and the memory of this process stays as it was.</summary>
internal static class ConstantMemory
{
    private const int Reports = 10;

    public static async Task RunAsync(int? calls)
    {
        int total = calls ?? 50_000_000;
        long answered = 0;
        await using var pool = new ProcessPool();
        await foreach (bool isWanted in pool.MapStreamAsync(Enumerable.Range(0, total), ConstantMemoryTargets.Test))
        {
            if (isWanted) throw new InvalidOperationException("There is no such number.");
            if (++answered * Reports / total > (answered - 1) * Reports / total)
                Console.WriteLine($"{answered} of {total} answered, {GC.GetTotalMemory(forceFullCollection: true) >> 10} KiB in use");
        }
    }

    [ProcessTarget]
    public static bool Test(int p) => p < 0;
}
