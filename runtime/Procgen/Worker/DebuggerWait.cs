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

    /// <param name="name">The worker's.</param>
    /// <param name="pattern">Of the variable, where the worker's environment is not this process's.</param>
    public static bool IsAskedOf(string name, string? pattern = null)
    {
        pattern ??= Environment.GetEnvironmentVariable(WorkerEnvironment.WaitForDebuggerVariable);
        return !string.IsNullOrEmpty(pattern)
            && (pattern == "1" || pattern.Equals("true", StringComparison.OrdinalIgnoreCase) || FileSystemName.MatchesSimpleExpression(pattern, name));
    }

    public static void Wait(string name)
    {
        Announce(name, Environment.ProcessId);
        while (!Debugger.IsAttached) Thread.Sleep(Interval);
    }

    public static void Announce(string name, int processId) => Console.Error.WriteLine($"Procgen: process {name} (pid {processId}) waits for a debugger.");
}
