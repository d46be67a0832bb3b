using Procgen;

namespace JoiningAndMapping;

/// <summary>
/// The article says that the results are what the function returned, and prints ten times None: its function returns
/// nothing. This one does.
/// </summary>
internal static class PoolMap
{
    public static void Run()
    {
        using var pool = new ProcessPool(8);
        int[] results = pool.Map(Enumerable.Range(0, 10), PoolMapTargets.Job);
        pool.Close();

        foreach (int result in results) Console.WriteLine(result);
    }

    [ProcessTarget]
    public static int Job(int a)
    {
        Console.WriteLine($"job {a}");
        return a * a;
    }
}
