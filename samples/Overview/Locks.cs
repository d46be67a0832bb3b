using Procgen;

namespace Overview;

/// <summary>One of them prints at a time. A child that dies with the lock does not take it along: the next one gets it.</summary>
internal static class Locks
{
    public static void Run()
    {
        using var gate = new ProcessLock();
        ChildProcess[] children = [.. Enumerable.Range(0, 5).Select(number => ChildProcess.Start(LocksTargets.Print(gate, number)))];
        foreach (ChildProcess child in children) child.Join();
    }

    [ProcessTarget]
    public static void Print(ProcessLock gate, int number)
    {
        gate.Acquire();
        try
        {
            Console.WriteLine($"process num: {number}");
        }
        finally
        {
            gate.Release();
        }
    }
}
