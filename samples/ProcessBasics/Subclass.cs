using Procgen;

namespace ProcessBasics;

/// <summary>Five of a class that derives from <see cref="ChildProcess"/>.</summary>
internal static class Subclass
{
    public static void Run()
    {
        Worker[] jobs = [.. Enumerable.Range(0, 5).Select(static _ => new Worker())];
        foreach (Worker job in jobs) job.Start();
        foreach (Worker job in jobs) job.Join();
    }
}

/// <summary>Its <see cref="Run"/> is what the child does.</summary>
[ProcessTarget]
internal sealed partial class Worker : ChildProcess
{
    protected override void Run() => Console.WriteLine($"In {Name}");
}
