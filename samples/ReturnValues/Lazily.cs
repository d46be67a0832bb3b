using Procgen;

namespace ReturnValues;

/// <summary>
/// The article needs two threads, one to make calls and one to look at results, and still makes calls much faster than they
/// are answered. Here the pool takes a number when a worker can use it, and leaving the loop stops everything.
/// </summary>
internal static class Lazily
{
    private const int Calls = 50_000_000;

    public static async Task RunAsync()
    {
        int taken = 0;
        int looked = 0;
        await using var pool = new ProcessPool(10);
        await foreach (bool isWanted in pool.MapStreamAsync(Numbers(), SearchTargets.Test))
        {
            if (isWanted) break;
            looked++;
        }

        Console.WriteLine($"call {looked} returned true");
        Console.WriteLine($"{taken} of {Calls} calls were made");

        IEnumerable<int> Numbers()
        {
            for (int i = 0; i < Calls; i++)
            {
                taken++;
                yield return i;
            }
        }
    }
}
