namespace Procgen;

/// <summary>A captured line, and which worker said it.</summary>
/// <param name="ProcessName">The worker's name.</param>
/// <param name="ProcessId">Its process id.</param>
/// <param name="IsError">Whether it came from standard error.</param>
/// <param name="Line">The line without its end, or a piece of one of 1 MiB or more.</param>
public readonly record struct ProcessOutput(string ProcessName, int ProcessId, bool IsError, string Line);
