using ImportedWorker;
using Procgen;

namespace ProcessBasics;

/// <summary>Python imports the module again in the child to find the target. A worker has it registered before it asks.</summary>
internal static class ImportedTarget
{
    public static void Run()
    {
        ChildProcess[] jobs = [.. Enumerable.Range(0, 5).Select(static _ => ChildProcess.Start(ImportedTargets.Worker()))];
        foreach (ChildProcess job in jobs) job.Join();
    }
}
