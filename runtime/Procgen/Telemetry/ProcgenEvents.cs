using System.Diagnostics.Tracing;

namespace Procgen.Telemetry;

/// <summary>What happens to worker processes and calls, for dotnet-trace, EventListener and <see cref="ProcgenLog"/>: the event source <c>Procgen</c>.</summary>
/// <remarks>Nothing is made of an event that nobody listens to. Workers are silent: their parents say what becomes of them.</remarks>
[EventSource(Name = "Procgen")]
internal sealed class ProcgenEvents : EventSource
{
    private ProcgenEvents()
    {
    }

    public static ProcgenEvents Log { get; } = new();

    [Event(1, Level = EventLevel.Informational, Message = "process {0} (pid {1}) was started by {2}")]
    public void ProcessStarted(string name, int processId, string startMethod)
    {
        if (IsEnabled()) WriteEvent(1, name, processId, startMethod);
    }

    [Event(2, Level = EventLevel.Informational, Message = "process {0} (pid {1}) is connected after {2} ms")]
    public void ProcessConnected(string name, int processId, long milliseconds)
    {
        if (IsEnabled()) WriteEvent(2, name, processId, milliseconds);
    }

    [Event(3, Level = EventLevel.Informational, Message = "process {0} (pid {1}) ended with exit code {2}")]
    public void ProcessExited(string name, int processId, int exitCode)
    {
        if (IsEnabled()) WriteEvent(3, name, processId, exitCode);
    }

    [Event(5, Level = EventLevel.Error, Message = "{0} of process {1} threw: {2}")]
    public void CallbackFailed(string callback, string process, string error)
    {
        if (IsEnabled(EventLevel.Error, EventKeywords.None)) WriteEvent(5, callback, process, error);
    }

    [Event(6, Level = EventLevel.Verbose, Message = "call of {0} started in {1}")]
    public void CallStarted(string target, string place)
    {
        if (IsEnabled(EventLevel.Verbose, EventKeywords.None)) WriteEvent(6, target, place);
    }

    [Event(4, Level = EventLevel.Verbose, Message = "call of {0} ended: {1}")]
    public void CallEnded(string target, string outcome)
    {
        if (IsEnabled(EventLevel.Verbose, EventKeywords.None)) WriteEvent(4, target, outcome);
    }
}
