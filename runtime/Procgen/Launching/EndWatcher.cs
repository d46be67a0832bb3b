using Procgen.Interop;

namespace Procgen.Launching;

/// <summary>
/// Tells when children end. On Linux one lifelong thread waits for all of them: to start a thread for each, as elsewhere,
/// would take longer than to start the process itself.
/// </summary>
internal static class EndWatcher
{
    // Little runs on these threads: a wait, a lock, a task's completion.
    private const int StackSize = 128 * 1024;

    private static readonly object Gate = new();
    private static readonly Dictionary<int, Action> WatchedByDescriptor = [];
    private static readonly Lazy<ProcessEvents?> Events = new(static () => ProcessEvents.TryCreate() is { } events && Run(events) ? events : null);

    /// <summary>Calls <paramref name="ended"/>, once, on a thread of its own when a child has ended.</summary>
    /// <param name="process">The child's id; it must not have been reaped.</param>
    /// <param name="waitForEnd">Blocks until it has ended: used where there is no better way.</param>
    /// <param name="ended">Must be quick: others may be waited for by the same thread.</param>
    public static void Watch(int process, Action waitForEnd, Action ended)
    {
        if (Events.Value is not { } events || !TryWatch(events, process, ended)) WatchByThread(process, waitForEnd, ended);
    }

    /// <summary>The same with a thread of its own.</summary>
    public static void WatchByThread(int process, Action waitForEnd, Action ended) => Start($"procgen wait {process}", () =>
    {
        waitForEnd();
        ended();
    });

    private static bool TryWatch(ProcessEvents events, int process, Action ended)
    {
        // It may end at once: the watching thread looks for it under the same lock.
        lock (Gate)
        {
            if (!events.TryAdd(process, out int descriptor)) return false;
            WatchedByDescriptor.Add(descriptor, ended);
            return true;
        }
    }

    private static bool Run(ProcessEvents events)
    {
        Start("procgen wait", () =>
        {
            List<int> ended = [];
            while (true)
            {
                events.Wait(ended);
                foreach (int descriptor in ended) Take(events, descriptor)?.Invoke();
            }
        });
        return true;
    }

    private static Action? Take(ProcessEvents events, int descriptor)
    {
        lock (Gate)
        {
            if (WatchedByDescriptor.Remove(descriptor, out Action? ended)) events.Remove(descriptor);
            return ended;
        }
    }

    private static void Start(string name, ThreadStart run) => new Thread(run, StackSize) { IsBackground = true, Name = name }.UnsafeStart();
}
