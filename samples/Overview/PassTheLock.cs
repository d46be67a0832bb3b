using Procgen;

namespace Overview;

/// <summary>
/// The article's advice is to pass a lock rather than to find it in a global variable, which works by forking only. Here a
/// worker has its own copy of every static field, and the compiler warns of a target that reads an assigned one (PROCGEN011).
/// </summary>
internal static class PassTheLock
{
    public static void Run()
    {
        using var gate = new ProcessLock();
        using var inside = new SharedValue<int>();
        ChildProcess[] children = [.. Enumerable.Range(0, 10).Select(_ => ChildProcess.Start(PassTheLockTargets.Work(gate, inside)))];
        foreach (ChildProcess child in children) child.Join();
        Console.WriteLine($"{children.Count(static child => child.ExitCode == 0)} of {children.Length} were alone with the lock");
    }

    [ProcessTarget]
    public static void Work(ProcessLock gate, SharedValue<int> inside)
    {
        using (gate.EnterScope())
        {
            if (++inside.Value != 1) throw new InvalidOperationException("Somebody else is in here.");
            Thread.Sleep(10); // time for somebody else to come in, if anybody could
            inside.Value--;
        }
    }
}
