using Procgen;

namespace ReturnValues;

/// <summary>
/// Results are looked at while calls run; the first true terminates the pool. As in the article all the calls are made
/// before the first result is looked at, which it regrets: <see cref="Lazily"/> does not.
/// </summary>
internal static class EarlyExit
{
    private const int Calls = 50_000;

    public static async Task RunAsync()
    {
        await using var pool = new ProcessPool(10);
        var queue = new Queue<Task<bool>>(Enumerable.Range(0, Calls).Select(i => pool.RunAsync(SearchTargets.Test(i))));

        int looked = 1;
        while (!await queue.Dequeue()) looked++;
        pool.Terminate();
        Console.WriteLine($"call {looked - 1} returned true");

        // Every accepted call ends, these by cancellation.
        await ((Task)Task.WhenAll(queue)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        int cancelled = queue.Count(static call => call.IsCanceled);
        Console.WriteLine($"{Calls - cancelled} of {Calls} calls ran, {cancelled} were cancelled");
    }
}
