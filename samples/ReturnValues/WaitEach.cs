using System.Diagnostics;
using Procgen;

namespace ReturnValues;

/// <summary>The article's wrong way: asking for the result inside the loop leaves nine of ten workers without work.</summary>
internal static class WaitEach
{
    private const int Calls = 1_000;

    public static async Task RunAsync()
    {
        await using var pool = new ProcessPool(10);
        await pool.StartAsync();

        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Calls; i++) await pool.RunAsync(WaitEachTargets.Test(i));
        TimeSpan oneByOne = Stopwatch.GetElapsedTime(start);
        Console.WriteLine($"one by one: {oneByOne.TotalMilliseconds:0} ms");

        start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Calls).Select(i => pool.RunAsync(WaitEachTargets.Test(i))));
        TimeSpan together = Stopwatch.GetElapsedTime(start);
        Console.WriteLine($"together:   {together.TotalMilliseconds:0} ms, {oneByOne / together:0.0} times as fast");
    }

    [ProcessTarget]
    public static int Test(int p)
    {
        Thread.Sleep(1); // stands for work
        return p;
    }
}
