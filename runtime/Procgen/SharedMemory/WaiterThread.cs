using System.Runtime.InteropServices;
using Procgen.Interop;

namespace Procgen.Shared;

/// <summary>
/// The thread that serves <see cref="PendingWait"/>s: it sleeps on all their words at once and on a bell of its own that
/// rings when a wait is added. A background thread, made at the first use; another one for every 127 waits at a time.
/// </summary>
/// <remarks>Where the system cannot sleep on several words, it looks at them every millisecond while there are any.</remarks>
internal sealed unsafe class WaiterThread
{
    private const int Capacity = LibCFutex.MaxWaitAny - 1;

    private static readonly List<WaiterThread> s_threads = [];

    private readonly int* _bell = (int*)NativeMemory.AllocZeroed(sizeof(int));
    private readonly List<PendingWait> _added = [];
    private int _count;

    private WaiterThread()
    {
        Thread thread = new(Run) { IsBackground = true, Name = "Procgen waiter" };
        thread.UnsafeStart();
    }

    private static bool SleepsOnWords => LibCFutex.WaitAnyWorks;

    /// <summary>Serves a wait from now on until it is over. The first attempt is made at once, on the waiter thread.</summary>
    public static void Add(PendingWait wait)
    {
        WaiterThread? chosen;
        lock (s_threads)
        {
            chosen = s_threads.Find(static thread => thread._count < Capacity);
            if (chosen is null) s_threads.Add(chosen = new WaiterThread());
            chosen._count++;
            lock (chosen._added) chosen._added.Add(wait);
        }

        chosen.Ring();
    }

    private void Ring()
    {
        Interlocked.Increment(ref *_bell);
        if (SleepsOnWords) LibCFutex.Wake(_bell, 1);
        else lock (_added) Monitor.Pulse(_added);
    }

    private void Run()
    {
        List<Entry> waits = [];
        var words = new LibCFutex.WaitEntry[LibCFutex.MaxWaitAny];
        long lookAround = 0;
        while (true)
        {
            int rung = Volatile.Read(ref *_bell);
            lock (_added)
            {
                foreach (PendingWait wait in _added) waits.Add(new Entry(wait));
                _added.Clear();
            }

            bool all = Environment.TickCount64 >= lookAround;
            if (all) lookAround = Environment.TickCount64 + Deadline.LookAroundMilliseconds;
            int over = waits.RemoveAll(entry => (all || entry.HasChanged) && entry.TryFinish());
            if (over > 0)
            {
                lock (s_threads) _count -= over;
            }

            Sleep(waits, words, rung);
        }
    }

    private void Sleep(List<Entry> waits, LibCFutex.WaitEntry[] words, int rung)
    {
        if (!SleepsOnWords)
        {
            lock (_added)
            {
                if (_added.Count == 0) Monitor.Wait(_added, waits.Count == 0 ? Timeout.Infinite : 1);
            }

            return;
        }

        words[0] = new LibCFutex.WaitEntry(_bell, rung);
        for (int i = 0; i < waits.Count; i++) words[i + 1] = waits[i].Words;
        LibCFutex.WaitAny(words.AsSpan(0, waits.Count + 1), waits.Count == 0 ? Timeout.Infinite : Deadline.LookAroundMilliseconds);
    }

    private sealed class Entry(PendingWait wait)
    {
        private bool _isNew = true;
        private WaitWord _word;
        private int _expected;

        public bool HasChanged => _isNew || _word.Read() != _expected;

        public LibCFutex.WaitEntry Words => _word.Entry(_expected);

        public bool TryFinish()
        {
            _isNew = false;
            return wait.TryFinish(out _word, out _expected);
        }
    }
}
