using Procgen.Interop;
using Procgen.Launching;

namespace Procgen.Processes;

/// <summary>How a worker ended, and what its unanswered calls are told.</summary>
/// <param name="Name">The worker's name.</param>
/// <param name="ProcessId">Its process id.</param>
/// <param name="Status">Its wait status.</param>
/// <param name="WasConnected">Whether it had come up.</param>
/// <param name="Reason">Why this side gave up on it, where it did.</param>
/// <param name="StandardErrorTail">Its last words, where they were captured.</param>
internal sealed record WorkerEnd(string Name, int ProcessId, ExitStatus Status, bool WasConnected, Exception? Reason, string StandardErrorTail)
{
    public Exception ToException(string targetName)
    {
        if (Reason is TimeoutException) return Reason;
        string how = Reason is not null && Status.Signal is LibC.Killed ? "was given up and killed"
            : Status.Signal is int signal ? $"was ended by signal {signal}" : $"exited with code {Status.ExitCode}";
        string when = WasConnected ? "before it answered"
            : Reason is null && Status.Signal is null ? "before it connected to its parent: the runtime did not start, the program ended first, or it is another one (its standard error may tell)"
            : "before it connected to its parent";
        string because = Reason is null ? "" : $" ({Reason.Message})";
        string lastWords = StandardErrorTail.Length == 0 ? "" : $"{Environment.NewLine}Its standard error ended with:{Environment.NewLine}{StandardErrorTail}";
        return new WorkerCrashedException(
            $"{targetName} did not finish: process {Name} (pid {ProcessId}) {how} {when}{because}.{lastWords}",
            targetName, ProcessId, Status.ExitCode, Status.Signal, StandardErrorTail);
    }
}
