using System.Diagnostics;
using Procgen;

namespace PoolsAndCallbacks;

/// <summary>A call that waits makes a pool synchronous: three of its four workers have nothing to do.</summary>
internal static class Apply
{
    private const int Calls = 20;

    public static async Task RunAsync()
    {
        await using var pool = new ProcessPool(4);
        await pool.StartAsync();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < Calls; i++) pool.Run(ApplyTargets.Work());
        Console.WriteLine($"{Calls} calls took {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
    }

    /// <summary>
    /// The article closes and joins the pool, or else its calls are lost without a word. Here a task that nobody awaits would
    /// be: <c>CloseAsync</c> waits for the calls as well.
    /// </summary>
    public static async Task RunAtOnceAsync()
    {
        await using var pool = new ProcessPool(4);
        await pool.StartAsync();
        long start = Stopwatch.GetTimestamp();
        Task[] calls = [.. Enumerable.Range(0, Calls).Select(_ => pool.RunAsync(ApplyTargets.Work()))];
        await pool.CloseAsync();
        Console.WriteLine($"{calls.Count(static call => call.IsCompletedSuccessfully)} calls took {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
    }

    [ProcessTarget]
    public static async Task Work()
    {
        Console.WriteLine("666"); // as a string: a number and the end of its line are two writes, and others write here too
        await Task.Delay(TimeSpan.FromSeconds(0.5));
    }
}
