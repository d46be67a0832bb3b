namespace Procgen.Calls;

/// <summary>
/// Runs what is due, on one background thread of its own: a starved thread pool delays no deadline. Actions must be quick
/// and must not throw.
/// </summary>
internal static class Deadlines
{
    private static readonly object Gate = new();
    private static readonly DueHeap Queue = new();
    private static Thread? _thread;

    /// <summary>Cancels by disposal; an action that is already running is not waited for.</summary>
    private sealed class Entry(Action action, long due) : IDisposable
    {
        private Action? _action = action;

        public long Due { get; } = due;

        public void Run() => Interlocked.Exchange(ref _action, null)?.Invoke();

        public void Dispose() => Volatile.Write(ref _action, null);
    }

    public static IDisposable Schedule(TimeSpan delay, Action action)
    {
        if (delay == Timeout.InfiniteTimeSpan) return new Entry(action, long.MaxValue);
        var entry = new Entry(action, DueAt(Environment.TickCount64, delay));
        lock (Gate)
        {
            Queue.Add(entry);
            if (_thread is null)
            {
                _thread = new Thread(RunDue, 256 * 1024) { IsBackground = true, Name = "Procgen deadlines" };
                _thread.Start();
            }
            else if (ReferenceEquals(Queue.First, entry))
            {
                Monitor.Pulse(Gate);
            }
        }

        return entry;
    }

    /// <summary>In milliseconds, never early: also a delay longer than a thread can wait at once.</summary>
    internal static long DueAt(long now, TimeSpan delay) => now + (long)Math.Max(0, Math.Ceiling(delay.TotalMilliseconds));

    private static void RunDue()
    {
        while (true)
        {
            Entry entry;
            lock (Gate)
            {
                while (true)
                {
                    if (Queue.First is not { } first)
                    {
                        Monitor.Wait(Gate);
                        continue;
                    }

                    long wait = first.Due - Environment.TickCount64;
                    if (wait <= 0) break;
                    Monitor.Wait(Gate, (int)Math.Min(wait, int.MaxValue));
                }

                entry = Queue.RemoveFirst();
            }

            entry.Run();
        }
    }

    /// <summary>Entries by when they are due. The framework's queue would be compiled at every start: it has no code for keys like these.</summary>
    private sealed class DueHeap
    {
        private Entry[] _entries = new Entry[16];
        private int _count;

        public Entry? First => _count == 0 ? null : _entries[0];

        public void Add(Entry entry)
        {
            if (_count == _entries.Length) Array.Resize(ref _entries, 2 * _count);
            int place = _count++;
            while (place > 0 && _entries[(place - 1) / 2].Due > entry.Due)
            {
                _entries[place] = _entries[(place - 1) / 2];
                place = (place - 1) / 2;
            }

            _entries[place] = entry;
        }

        public Entry RemoveFirst()
        {
            Entry first = _entries[0];
            Entry last = _entries[--_count];
            _entries[_count] = null!;
            if (_count == 0) return first;
            int place = 0;
            while (true)
            {
                int child = (2 * place) + 1;
                if (child + 1 < _count && _entries[child + 1].Due < _entries[child].Due) child++;
                if (child >= _count || _entries[child].Due >= last.Due) break;
                _entries[place] = _entries[child];
                place = child;
            }

            _entries[place] = last;
            return first;
        }
    }
}
