using Procgen;

namespace Overview;

/// <summary>
/// In Python the child cannot end before its million characters are taken, and the parent does not take them before the
/// child has ended. Here they are in shared memory when <c>Put</c> returns.
/// </summary>
internal static class Deadlock
{
    public static void Run()
    {
        using var queue = new ProcessQueue<string>();
        using ChildProcess child = ChildProcess.Start(DeadlockTargets.Put(queue));
        child.Join(); // this does not deadlock
        string text = queue.Take();
        Console.WriteLine($"{text.Length} characters after the child has ended with {child.ExitCode}");
    }

    [ProcessTarget]
    public static void Put(ProcessQueue<string> queue) => queue.Put(new string('X', 1_000_000));
}
