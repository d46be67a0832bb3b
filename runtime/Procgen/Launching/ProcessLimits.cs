using System.Diagnostics;

namespace Procgen.Launching;

/// <summary>How the system is to treat a process otherwise than the one that starts it. Null for no difference.</summary>
/// <param name="MemoryLimit">Bytes of private writable memory after which allocations fail. Linux (RLIMIT_DATA) and Windows (a job object).</param>
/// <param name="Priority">What the scheduler gives it.</param>
/// <param name="ProcessorAffinity">The processors it may run on, counted from 0. Linux and Windows.</param>
internal sealed record ProcessLimits(long? MemoryLimit, ProcessPriorityClass? Priority, IReadOnlyList<int>? ProcessorAffinity)
{
    public static ProcessLimits None { get; } = new(null, null, null);

    /// <summary>Where the system has no such thing.</summary>
    /// <param name="option">What the caller has set, by the name that he knows: the properties here have those of the options.</param>
    /// <param name="value">To what.</param>
    /// <param name="message">Why that cannot be.</param>
    public static ArgumentOutOfRangeException Unfit(string option, object value, string message) => new(option, value, message);
}
