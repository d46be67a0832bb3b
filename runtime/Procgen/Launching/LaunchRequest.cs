namespace Procgen.Launching;

/// <summary>All that is to be known to start a process.</summary>
internal sealed class LaunchRequest
{
    public required HostCommand Command { get; init; }

    /// <summary>For the names of the threads that serve the process.</summary>
    public string Name { get; init; } = "child";

    /// <summary>Variables to set, or (null) to remove, in a copy of this process's environment.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Null for this process's own.</summary>
    public string? WorkingDirectory { get; init; }

    public OutputMode StandardOutput { get; init; }

    public OutputMode StandardError { get; init; }

    /// <summary>
    /// Called with the process's id and each captured line (true: of standard error), one call at a time for each stream, on a thread that does
    /// nothing else. The process is not reported as ended before its last line has been delivered, so it must not wait for that.
    /// </summary>
    public Action<int, bool, string>? OutputReceived { get; init; }

    public ProcessLimits Limits { get; init; } = ProcessLimits.None;

    public static bool IsCaptured(OutputMode mode) => mode is OutputMode.Capture or OutputMode.Tee;
}
