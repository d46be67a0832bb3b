using Procgen;

namespace PoolsAndCallbacks;

/// <summary>Keep the tasks, and take their results when all calls have been made.</summary>
internal static class Results
{
    public static async Task RunAsync()
    {
        await using var pool = new ProcessPool(4);
        List<Task<int>> calls = [];
        for (int i = 0; i < 20; i++) calls.Add(pool.RunAsync(ResultsTargets.Work(i)));
        foreach (Task<int> call in calls) Console.WriteLine(await call);
    }

    [ProcessTarget]
    public static async Task<int> Work(int i)
    {
        await Task.Delay(TimeSpan.FromSeconds(0.5));
        return i;
    }
}
