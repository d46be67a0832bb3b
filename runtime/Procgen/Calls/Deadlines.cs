namespace Procgen.Calls;

/// <summary>
/// Runs what is due, on one background thread of its own: a starved thread pool delays no deadline. Actions must be quick
/// and must not throw.
/// </summary>
internal static class Deadlines
{
    private static readonly object Gate = new();
    private static readonly PriorityQueue<Entry, long> Queue = new();
    private static Thread? _thread;

    /// <summary>Cancels by disposal; an action that is already running is not waited for.</summary>
    private sealed class Entry(Action action) : IDisposable
    {
        private Action? _action = action;

        public void Run() => Interlocked.Exchange(ref _action, null)?.Invoke();

        public void Dispose() => Volatile.Write(ref _action, null);
    }

    public static IDisposable Schedule(TimeSpan delay, Action action)
    {
        var entry = new Entry(action);
        if (delay == Timeout.InfiniteTimeSpan) return entry;
        long due = Environment.TickCount64 + (long)Math.Max(0, Math.Ceiling(Math.Min(delay.TotalMilliseconds, int.MaxValue)));
        lock (Gate)
        {
            Queue.Enqueue(entry, due);
            if (_thread is null)
            {
                _thread = new Thread(RunDue, 256 * 1024) { IsBackground = true, Name = "Procgen deadlines" };
                _thread.Start();
            }
            else if (ReferenceEquals(Queue.Peek(), entry))
            {
                Monitor.Pulse(Gate);
            }
        }

        return entry;
    }

    private static void RunDue()
    {
        while (true)
        {
            Entry entry;
            lock (Gate)
            {
                while (true)
                {
                    if (!Queue.TryPeek(out _, out long due))
                    {
                        Monitor.Wait(Gate);
                        continue;
                    }

                    long wait = due - Environment.TickCount64;
                    if (wait <= 0) break;
                    Monitor.Wait(Gate, (int)Math.Min(wait, int.MaxValue));
                }

                entry = Queue.Dequeue();
            }

            entry.Run();
        }
    }
}
