using Procgen;

namespace PoolsAndCallbacks;

/// <summary>
/// A callback is what stands after <c>await</c>. In Python all callbacks run on one thread, which the article warns not to
/// block: other results would wait. Here each goes on by itself.
/// </summary>
internal static class Callback
{
    public static async Task RunAsync()
    {
        await using var pool = new ProcessPool(4);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => CallAsync(pool, i)));
    }

    [ProcessTarget]
    public static (int Number, int ProcessId) Work(int i)
    {
        Console.WriteLine($"process {CurrentProcess.Id}, number {i}");
        return (i, CurrentProcess.Id);
    }

    private static async Task CallAsync(ProcessPool pool, int i)
    {
        (int number, int worker) = await pool.RunAsync(CallbackTargets.Work(i));
        Console.WriteLine($"this is callback {number} of process {worker} in process {CurrentProcess.Id}");
        await Task.Delay(TimeSpan.FromSeconds(0.5));
    }
}
