using System.Diagnostics;
using System.IO.Enumeration;
using Procgen.Launching;

namespace Procgen.Worker;

/// <summary>
/// With the environment variable <c>PROCGEN_WAIT_FOR_DEBUGGER</c> set to 1, or to a pattern that a worker's name matches,
/// that worker says who it is and waits for a debugger before it runs anything.
/// </summary>
internal static class DebuggerWait
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    public static bool IsAskedOf(string name)
    {
        string? pattern = Environment.GetEnvironmentVariable(WorkerEnvironment.WaitForDebuggerVariable);
        return !string.IsNullOrEmpty(pattern) && (pattern is "1" or "true" || FileSystemName.MatchesSimpleExpression(pattern, name));
    }

    public static void Wait(string name)
    {
        Console.Error.WriteLine($"Procgen: process {name} (pid {Environment.ProcessId}) waits for a debugger.");
        while (!Debugger.IsAttached) Thread.Sleep(Interval);
    }
}
