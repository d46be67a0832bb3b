using Procgen.Interop;

namespace Procgen.Launching;

/// <summary>
/// Tells when children end. On Linux one lifelong thread waits for all of them: to start a thread for each, as elsewhere,
/// would take longer than to start the process itself. Who waits for one child anyway can do so in its stead.
/// </summary>
internal static class EndWatcher
{
    // Little runs on these threads: a wait, a lock, a task's completion.
    private const int StackSize = 128 * 1024;

    private static readonly object Gate = new();
    private static readonly Dictionary<long, WatchedEnd> Watched = [];
    private static readonly Lazy<ProcessEvents?> Events = new(static () => ProcessEvents.TryCreate() is { } events && Run(events) ? events : null);
    private static long _lastKey;

    /// <summary>Calls <paramref name="ended"/>, once, on a thread of its own when a child has ended; or whoever takes that over does.</summary>
    /// <param name="process">The child's id; it must not have been reaped.</param>
    /// <param name="waitForEnd">Blocks until it has ended: used where there is no better way.</param>
    /// <param name="ended">Must be quick: others may be waited for by the same thread.</param>
    /// <returns>What may be taken over; null where a thread waits for this one alone.</returns>
    public static WatchedEnd? Watch(int process, Action waitForEnd, Action ended)
    {
        if (Events.Value is { } events && TryWatch(events, process, ended) is { } watched) return watched;
        WatchByThread(process, waitForEnd, ended);
        return null;
    }

    /// <summary>The same with a thread of its own.</summary>
    public static void WatchByThread(int process, Action waitForEnd, Action ended) => Start($"procgen wait {process}", () =>
    {
        waitForEnd();
        ended();
    });

    /// <summary>From now on it is the caller's to wait for that end and to tell it. False where it is being told already.</summary>
    public static bool TryTakeOver(WatchedEnd watched) => Take(Events.Value!, watched.Key) is not null;

    private static WatchedEnd? TryWatch(ProcessEvents events, int process, Action ended)
    {
        // It may end at once: the watching thread looks for it under the same lock.
        lock (Gate)
        {
            long key = ++_lastKey;
            if (!events.TryAdd(process, key, out int descriptor)) return null;
            var watched = new WatchedEnd(key, descriptor, ended);
            Watched.Add(key, watched);
            return watched;
        }
    }

    private static bool Run(ProcessEvents events)
    {
        Start("procgen wait", () =>
        {
            List<long> ended = [];
            while (true)
            {
                events.Wait(ended);
                foreach (long key in ended) Take(events, key)?.Tell();
            }
        });
        return true;
    }

    private static WatchedEnd? Take(ProcessEvents events, long key)
    {
        lock (Gate)
        {
            if (Watched.Remove(key, out WatchedEnd? watched)) events.Remove(watched.Descriptor);
            return watched;
        }
    }

    private static void Start(string name, ThreadStart run) => new Thread(run, StackSize) { IsBackground = true, Name = name }.UnsafeStart();
}
