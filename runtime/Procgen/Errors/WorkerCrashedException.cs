namespace Procgen;

/// <summary>The process that ran the call ended before it answered: killed, crashed, or by <c>Environment.Exit</c>.</summary>
public sealed class WorkerCrashedException : ProcgenException
{
    internal WorkerCrashedException(string message, string targetName, int processId, int? exitCode, int? signal, string standardErrorTail)
        : base(message)
    {
        TargetName = targetName;
        ProcessId = processId;
        ExitCode = exitCode;
        Signal = signal;
        StandardErrorTail = standardErrorTail;
    }

    /// <summary>The target that was running, as <c>Work.Square</c>.</summary>
    public string TargetName { get; }

    /// <summary>The id of the process that ended.</summary>
    public int ProcessId { get; }

    /// <summary>Its exit code: 0 or more where it exited, minus the signal's number where a signal ended it.</summary>
    public int? ExitCode { get; }

    /// <summary>The signal that ended it, as 9 for SIGKILL; null where it exited, and on Windows.</summary>
    public int? Signal { get; }

    /// <summary>The last 64 lines of its standard error where that is captured; else empty.</summary>
    public string StandardErrorTail { get; }
}
