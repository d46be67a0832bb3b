namespace Procgen;

/// <summary>
/// A call ran longer than it was allowed to; its worker was killed, or where it is a thread (<see cref="StartMethod.InProcess"/>)
/// given up, its token cancelled. Python's <c>multiprocessing.TimeoutError</c>.
/// </summary>
public sealed class CallTimeoutException : TimeoutException
{
    internal CallTimeoutException(string targetName, int processId, TimeSpan timeout, bool isKilled)
        : base($"{targetName} ran longer than {timeout} {(isKilled ? $"in process {processId}, which was killed" : "on a thread of this process, which was given up: it goes on until it sees its token")}.")
    {
        TargetName = targetName;
        ProcessId = processId;
        Timeout = timeout;
    }

    /// <summary>The target that was running, as <c>Work.Square</c>.</summary>
    public string TargetName { get; }

    /// <summary>The id of the process that it ran in.</summary>
    public int ProcessId { get; }

    /// <summary>What it was allowed, from the start of execution.</summary>
    public TimeSpan Timeout { get; }
}
