using Procgen;

namespace Overview;

/// <summary>
/// Four workers. A timeout of Python's only ends the caller's wait; here a call can also have a deadline, which ends the
/// call itself.
/// </summary>
internal static class Pools
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static async Task RunAsync()
    {
        await using var pool = new ProcessPool(4);
        await pool.StartAsync();

        Task<int> result = pool.RunAsync(PoolsTargets.Square(10));
        Console.WriteLine(await result.WaitAsync(10 * Second));

        Console.WriteLine($"[{string.Join(", ", await pool.MapAsync(Enumerable.Range(0, 10), PoolsTargets.Square))}]");

        await using (IAsyncEnumerator<int> squares = pool.MapStreamAsync(Enumerable.Range(0, 10), PoolsTargets.Square).GetAsyncEnumerator())
        {
            await squares.MoveNextAsync();
            Console.WriteLine(squares.Current);
            await squares.MoveNextAsync();
            Console.WriteLine(squares.Current);
            await squares.MoveNextAsync().AsTask().WaitAsync(10 * Second);
            Console.WriteLine(squares.Current);
        }

        try
        {
            await pool.RunAsync(PoolsTargets.Sleep(10)).WaitAsync(Second);
        }
        catch (TimeoutException)
        {
            Console.WriteLine("nobody waits any longer; the call goes on");
        }

        try
        {
            await pool.RunAsync(PoolsTargets.Sleep(10), new() { Timeout = Second });
        }
        catch (CallTimeoutException late)
        {
            Console.WriteLine($"{late.TargetName} was ended after {late.Timeout.TotalSeconds} s");
        }

        Console.WriteLine($"and the pool works on: {await pool.RunAsync(PoolsTargets.Square(11))}");
    }

    [ProcessTarget]
    public static int Square(int x) => x * x;

    [ProcessTarget]
    public static Task Sleep(int seconds) => Task.Delay(TimeSpan.FromSeconds(seconds));
}
