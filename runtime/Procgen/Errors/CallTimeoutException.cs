namespace Procgen;

/// <summary>A call ran longer than it was allowed to; its worker was killed. Python's <c>multiprocessing.TimeoutError</c>.</summary>
public sealed class CallTimeoutException : TimeoutException
{
    internal CallTimeoutException(string targetName, int processId, TimeSpan timeout)
        : base($"{targetName} ran longer than {timeout} in process {processId}, which was killed.")
    {
        TargetName = targetName;
        ProcessId = processId;
        Timeout = timeout;
    }

    /// <summary>The target that was running, as <c>Work.Square</c>.</summary>
    public string TargetName { get; }

    /// <summary>The id of the process that was killed.</summary>
    public int ProcessId { get; }

    /// <summary>What it was allowed, from the start of execution.</summary>
    public TimeSpan Timeout { get; }
}
