using Procgen.Serialization;

namespace Procgen.Queues;

/// <summary>
/// Keeps the things behind handles that went out with items and messages open until their receivers have opened them.
/// Nobody tells this process when that was, so it looks whenever another one goes out.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal static class SentHandles
{
    private static readonly object s_gate = new();
    private static readonly List<HandleScope> s_sent = [];

    /// <summary>Takes over the scope of a message that has gone out; null for one without handles.</summary>
    public static void Keep(HandleScope? scope)
    {
        if (scope is null) return;
        lock (s_gate)
        {
            s_sent.RemoveAll(static sent =>
            {
                bool attached = sent.IsAttached;
                if (attached) sent.Dispose();
                return attached;
            });
            s_sent.Add(scope);
        }
    }

    /// <summary>Blocks until every receiver has opened what was sent to it: for a process that is about to end.</summary>
    /// <returns>False when the time was up first.</returns>
    public static bool WaitUntilAttached(TimeSpan timeout)
    {
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        HandleScope[] sent;
        lock (s_gate) sent = [.. s_sent];
        foreach (HandleScope scope in sent)
        {
            TimeSpan rest = timeout - System.Diagnostics.Stopwatch.GetElapsedTime(start);
            if (!scope.WaitUntilAttached(rest > TimeSpan.Zero ? rest : TimeSpan.Zero)) return false;
        }

        return true;
    }
}
