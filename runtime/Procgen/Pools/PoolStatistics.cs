namespace Procgen;

/// <summary>What a pool has done and is doing, at one moment. Items of maps count as calls.</summary>
public sealed class PoolStatistics
{
    /// <summary>Calls that wait: to be accepted, to be sent, or at a worker.</summary>
    public long Queued { get; internal init; }

    /// <summary>Calls that run.</summary>
    public long Running { get; internal init; }

    /// <summary>Calls that returned.</summary>
    public long Completed { get; internal init; }

    /// <summary>Calls that threw, were cancelled while they ran, ran out of time, or lost their worker for the last time. One that was cancelled before counts nowhere.</summary>
    public long Failed { get; internal init; }

    /// <summary>How often a call was run again after a crash or timeout.</summary>
    public long Retried { get; internal init; }

    /// <summary>How often a worker was replaced.</summary>
    public long Restarts { get; internal init; }

    /// <summary>How long calls waited from when they were accepted until they were sent to a worker.</summary>
    public DurationHistogram QueueTimes { get; internal init; } = new([]);

    /// <summary>How long calls ran, as their workers saw it; many short ones in a row count with their mean.</summary>
    public DurationHistogram RunTimes { get; internal init; } = new([]);

    /// <summary>Bytes of arguments that were sent to workers.</summary>
    public long BytesSent { get; internal init; }

    /// <summary>Bytes of results that came back.</summary>
    public long BytesReceived { get; internal init; }

    /// <summary>The counts, in a line.</summary>
    public override string ToString() =>
        $"{Queued} queued, {Running} running, {Completed} completed, {Failed} failed, {Retried} retried, {Restarts} restarts, {BytesSent} bytes sent, {BytesReceived} received";
}
