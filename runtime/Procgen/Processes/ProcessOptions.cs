using System.Diagnostics;

namespace Procgen;

/// <summary>How a child process is started. Validated and copied when it is used; later changes have no effect.</summary>
/// <remarks>
/// Whoever is given them throws <see cref="ArgumentException"/> for an empty <see cref="Name"/>, <see cref="WorkingDirectory"/> or
/// <see cref="ProcessorAffinity"/> and <see cref="ArgumentOutOfRangeException"/> for an output mode, a limit, a stack size or a processor that is none.
/// </remarks>
public class ProcessOptions
{
    /// <summary>The process's name; by default <c>Process-1</c>, <c>Process-1:2</c> for the second child of that one.</summary>
    public string? Name { get; set; }

    /// <summary>
    /// Whether the child is terminated when this process exits; others are joined. By default as the current process.
    /// A daemon may not start children.
    /// </summary>
    public bool? Daemon { get; set; }

    /// <summary>How it is started; by default <see cref="ProcessDefaults.StartMethod"/>.</summary>
    public StartMethod? StartMethod { get; set; }

    /// <summary>Changes to the environment it inherits: a null value removes the variable.</summary>
    public IDictionary<string, string?> Environment { get; } = new Dictionary<string, string?>();

    /// <summary>Its working directory; by default this process's.</summary>
    public string? WorkingDirectory { get; set; }

    /// <summary>The program to start, an executable or a .dll; by default this process's own.</summary>
    public string? ExecutablePath { get; set; }

    /// <summary>Where its standard output goes.</summary>
    public OutputMode StandardOutput { get; set; }

    /// <summary>Where its standard error goes.</summary>
    public OutputMode StandardError { get; set; }

    /// <summary>
    /// Receives captured lines, one at a time per stream, on a thread of the stream's own; a line of 1 MiB or more comes in pieces
    /// of 1 MiB, as if they were lines. The process counts as ended only
    /// when its last line has been delivered: a callback that joins it waits for ever (it may dispose it; or exit, which joins a child that is no daemon and must then be able to end unread). At an exit nobody waits more than 5 seconds for one line. A <see cref="ProcessPool"/> gives
    /// the last lines of its workers 50 milliseconds, and then goes on without. What it throws costs the line only, and is
    /// told to <see cref="ProcgenLog"/>.
    /// </summary>
    public Action<ProcessOutput>? OutputReceived { get; set; }

    /// <summary>
    /// A hard limit, in bytes, of its private writable memory: allocating beyond it fails. On Linux (RLIMIT_DATA) and Windows
    /// (a job object); elsewhere starting it is a <see cref="PlatformNotSupportedException"/>.
    /// </summary>
    public long? MemoryLimit { get; set; }

    /// <summary>Its scheduling priority; by default this process's.</summary>
    public ProcessPriorityClass? Priority { get; set; }

    /// <summary>
    /// The processors it may run on, counted from 0 (Linux and Windows). Its <see cref="System.Environment.ProcessorCount"/> counts
    /// them, except where it has waited in the reserve (<see cref="Procgen.StartMethod.Standby"/>): that number is of its boot.
    /// </summary>
    public IReadOnlyList<int>? ProcessorAffinity { get; set; }

    /// <summary>The largest garbage-collected heap, in bytes: an allocation beyond it is an <see cref="OutOfMemoryException"/> there.</summary>
    public long? GCHeapHardLimit { get; set; }

    /// <summary>The stack that targets have, in bytes, at least 16 KiB; by default as the main thread's.</summary>
    public int? MaxStackSize { get; set; }
}
