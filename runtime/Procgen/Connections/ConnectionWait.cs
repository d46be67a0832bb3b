using System.Runtime.CompilerServices;
using Procgen.Shared;

namespace Procgen.Connections;

/// <summary>Waits for the first of several connections and wait handles. The caller's thread sleeps; connections wake it from theirs.</summary>
internal static class ConnectionWait
{
    // One place of WaitHandle.WaitAny's 64 is the wake-up call's.
    private const int MaxHandles = 63;

    /// <param name="sources">Connections and wait handles.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="name">What the caller calls <paramref name="sources"/>.</param>
    public static IReadOnlyList<T> WaitAny<T>(IReadOnlyList<T> sources, TimeSpan? timeout, [CallerArgumentExpression(nameof(sources))] string? name = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(sources, name);
        Deadline deadline = Deadline.After(timeout);
        foreach (T source in sources)
        {
            if (source is not (Connection or WaitHandle))
                throw new ArgumentException($"Only connections and wait handles can be waited for, not {source?.GetType().Name ?? "null"}.", name);
        }

        List<T> ready = FindReady(sources, alreadyWaited: null);
        if (ready.Count > 0 || sources.Count == 0 || deadline.HasPassed) return ready;

        // Not disposed: a connection may be about to set it. It goes with the garbage.
        ManualResetEvent wake = new(initialState: false);
        List<IDisposable> waits = [];
        try
        {
            foreach (T source in sources)
            {
                if (source is Connection connection) waits.Add(connection.Transport.WhenReadable(() => wake.Set()));
            }

            WaitHandle[] handles = [.. sources.OfType<WaitHandle>()];
            while (true)
            {
                bool woken = Sleep(wake, handles, deadline, out WaitHandle? waited);
                ready = FindReady(sources, waited);
                if (ready.Count > 0 || !woken) return ready;
                wake.Reset();
                Rearm(sources, waits, wake);
            }
        }
        finally
        {
            waits.ForEach(static wait => wait.Dispose());
        }
    }

    /// <summary>Someone else got the message that woke this call: wait for the next.</summary>
    private static void Rearm<T>(IReadOnlyList<T> sources, List<IDisposable> waits, ManualResetEvent wake)
    {
        waits.ForEach(static wait => wait.Dispose());
        waits.Clear();
        foreach (T source in sources)
        {
            if (source is Connection connection) waits.Add(connection.Transport.WhenReadable(() => wake.Set()));
        }
    }

    private static List<T> FindReady<T>(IReadOnlyList<T> sources, WaitHandle? alreadyWaited)
        where T : class
    {
        List<T> ready = [];
        foreach (T source in sources)
        {
            bool isReady = source is Connection connection
                ? connection.Poll()
                : ReferenceEquals(source, alreadyWaited) || (source as WaitHandle)!.WaitOne(TimeSpan.Zero);
            if (isReady) ready.Add(source);
        }

        return ready;
    }

    /// <returns>False when the time is up.</returns>
    private static bool Sleep(ManualResetEvent wake, WaitHandle[] handles, Deadline deadline, out WaitHandle? waited)
    {
        waited = null;
        for (int start = 0; ; start = start + MaxHandles < handles.Length ? start + MaxHandles : 0)
        {
            // More handles than fit are waited for in turns.
            bool all = handles.Length <= MaxHandles;
            WaitHandle[] group = [wake, .. handles.AsSpan(start, Math.Min(MaxHandles, handles.Length - start))];
            int milliseconds = deadline.IsNever && all ? Timeout.Infinite : deadline.Slice(all ? int.MaxValue : 10);
            int index = WaitHandle.WaitAny(group, milliseconds);
            if (index == WaitHandle.WaitTimeout)
            {
                if (deadline.HasPassed) return false;
                continue;
            }

            if (index > 0) waited = group[index];
            return true;
        }
    }
}
