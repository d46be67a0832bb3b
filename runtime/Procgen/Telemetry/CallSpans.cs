using System.Diagnostics;

namespace Procgen.Telemetry;

/// <summary>Spans of calls, from the activity source <c>Procgen</c>: one where a call is made and one in its worker, which the target's own are children of.</summary>
internal static class CallSpans
{
    private static readonly ActivitySource Source = new("Procgen");

    /// <summary>Begins a caller's span. What is current there stays so: the span ends elsewhere.</summary>
    /// <param name="name">What is called.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="traceParent">What workers continue: the span, or what is current where nobody listens to it; null for neither.</param>
    public static Activity? Begin(string name, string pool, out string? traceParent)
    {
        Activity? current = Activity.Current;
        Activity? span = null;
        if (Source.HasListeners())
        {
            try
            {
                span = Source.StartActivity(name, ActivityKind.Client);
            }
            finally
            {
                Activity.Current = current; // Also where a listener threw that was told of it.
            }

            span?.SetTag("procgen.pool", pool);
        }

        traceParent = (span ?? current)?.Id;
        return span;
    }

    /// <summary>Ends a span with what it stands for, on a thread of the thread pool: listeners are users' code.</summary>
    public static void EndWith(Activity? span, Task task)
    {
        if (span is null) return;
        task.ContinueWith(
            static (ended, state) => End((Activity)state!, ended.IsCanceled ? new OperationCanceledException() : ended.Exception?.InnerException),
            span, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>Ends a span.</summary>
    public static void End(Activity? span, Exception? error)
    {
        if (span is null) return;
        span.SetStatus(error is null ? ActivityStatusCode.Ok : ActivityStatusCode.Error, error?.Message);
        if (error is not null) span.SetTag("error.type", error.GetType().FullName);
        span.Dispose();
    }

    /// <summary>In a worker: the caller's span goes on here, whether or not anybody listens to ours.</summary>
    public static Activity Continue(string? target, string traceParent) =>
        Source.StartActivity(target ?? "unknown", ActivityKind.Server, traceParent) ?? new Activity(target ?? "unknown").SetParentId(traceParent).Start();
}
