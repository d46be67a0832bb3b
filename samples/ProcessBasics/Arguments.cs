using Procgen;

namespace ProcessBasics;

/// <summary>
/// Arguments are copied to the child. Python finds out when it pickles them whether they can be; here the compiler does
/// (PROCGEN003).
/// </summary>
internal static class Arguments
{
    public static void Run()
    {
        ChildProcess[] jobs = [.. Enumerable.Range(0, 5).Select(static number => ChildProcess.Start(ArgumentsTargets.Worker(number)))];
        foreach (ChildProcess job in jobs) job.Join();
    }

    [ProcessTarget]
    public static void Worker(int number) => Console.WriteLine($"Worker: {number}");
}
