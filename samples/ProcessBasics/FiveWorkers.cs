using Procgen;

namespace ProcessBasics;

/// <summary>The simplest way: make a process of a target, start it. Which of the five prints first, nobody knows.</summary>
internal static class FiveWorkers
{
    public static void Run()
    {
        ChildProcess[] jobs = [.. Enumerable.Range(0, 5).Select(static _ => ChildProcess.Start(FiveWorkersTargets.Worker()))];
        foreach (ChildProcess job in jobs) job.Join();
    }

    [ProcessTarget]
    public static void Worker() => Console.WriteLine("Worker");
}
