using System.Diagnostics.Tracing;
using System.Globalization;
using Procgen.Telemetry;

namespace Procgen;

/// <summary>Shows what Procgen does. Python's <c>multiprocessing.log_to_stderr</c>.</summary>
public static class ProcgenLog
{
    private static readonly object Gate = new();
    private static Listener? _listener;

    /// <summary>
    /// Writes a line to standard error for each start, connection and end of a worker and for each callback of the app's that
    /// throws, and at <see cref="EventLevel.Verbose"/> also for each call. Calling it again changes the level.
    /// </summary>
    /// <remarks>Made from the event source <c>Procgen</c>: an app that is published without (as NativeAOT does by default) says so once instead.</remarks>
    /// <param name="level">The least important events to show.</param>
    public static void ToStandardError(EventLevel level = EventLevel.Informational)
    {
        lock (Gate)
        {
            bool isFirst = _listener is null;
            _listener ??= new Listener();
            _listener.EnableEvents(ProcgenEvents.Log, level);
            if (isFirst && !ProcgenEvents.Log.IsEnabled()) Console.Error.WriteLine("Procgen: nothing will be logged, as this app was published without event sources: set EventSourceSupport to true in its project.");
        }
    }

    private sealed class Listener : EventListener
    {
        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (eventData.Message is null) return;
            string text = string.Format(CultureInfo.InvariantCulture, eventData.Message, [.. eventData.Payload ?? (IReadOnlyList<object?>)[]]);
            Console.Error.WriteLine($"[{eventData.Level.ToString().ToUpperInvariant()}/{Environment.ProcessId}] {text}");
        }
    }
}
