using Procgen.Transport;

namespace Procgen.Worker;

/// <summary>
/// Sees to the link while a target runs. The target's thread reads it only while it is idle; when the same stretch of work
/// lasts for more than a tick, a second thread takes the reading over, so that cancellation and the parent's end are
/// noticed, and finished results are shown while a long item runs. Nobody ticks in an idle worker.
/// </summary>
internal sealed class BusyWatch
{
    private const int Tick = 4;
    private const int TicksUntilSleep = 25;
    private const int StackSize = 128 * 1024;

    private readonly object _gate = new();
    private readonly object _watching = new();
    private readonly IFrameHandler _handler;
    private readonly Link _link;
    private readonly Action _parentGone;
    private readonly Action _publish;
    private Reader _reader = Reader.Target;
    private bool _targetWaits;
    private volatile bool _watcherSleeps;
    private volatile bool _isBusy = true;
    private volatile bool _isOver;
    private int _readCount;
    private int _stretches;
    private int _items;

    /// <summary>Until <see cref="Begin"/> the link is the calling thread's alone, however long that takes.</summary>
    public BusyWatch(IFrameHandler handler, Link link, Action parentGone, Action publish)
    {
        _handler = handler;
        _link = link;
        _parentGone = parentGone;
        _publish = publish;
        new Thread(Watch, StackSize) { IsBackground = true, Name = "Procgen watch" }.Start();
        new Thread(ReadWhileBusy, StackSize) { IsBackground = true, Name = "Procgen reader" }.Start();
    }

    private enum Reader
    {
        None,
        Target,
        Other,
    }

    /// <summary>How often the other thread has read: what it read before this was asked for is in the queue.</summary>
    public int ReadCount => Volatile.Read(ref _readCount);

    /// <summary>Called by the target's thread once it has handled what had arrived already.</summary>
    public void Begin()
    {
        lock (_gate) _reader = Reader.None;
        if (_watcherSleeps) WakeWatcher();
    }

    /// <summary>Called by the target's thread before it claims an item, which is a full fence; <see cref="ItemBegins"/> comes after.</summary>
    public void ItemComes() => _items++;

    /// <summary>Called by the target's thread when an item begins.</summary>
    public void ItemBegins()
    {
        if (_watcherSleeps) WakeWatcher();
    }

    /// <summary>Waits until frames have been handled, on the target's thread: reads them itself where nobody does.</summary>
    /// <param name="readCount">What <see cref="ReadCount"/> was before the queue was found empty.</param>
    public void ReadWhileIdle(int readCount)
    {
        _isBusy = false;
        bool reads;
        lock (_gate)
        {
            if (_readCount != readCount)
            {
                _isBusy = true;
                return;
            }

            reads = _reader != Reader.Other;
            if (reads)
            {
                _reader = Reader.Target;
            }
            else
            {
                _targetWaits = true;
                while (_targetWaits && !_isOver) Monitor.Wait(_gate);
            }
        }

        if (reads)
        {
            ReadSome();
            lock (_gate) _reader = Reader.None;
        }

        _stretches++;
        _isBusy = true;
    }

    private void ReadSome()
    {
        if (_isOver) return;
        try
        {
            if (_link.TryReadSome(_handler)) return;
        }
        catch (Exception error)
        {
            Console.Error.WriteLine($"Procgen: this worker ({Environment.ProcessId}) cannot understand its parent and ends: {error.Message}");
        }

        _isOver = true;
        _parentGone();

        // Where that leaves the process alive, the threads here end with the session.
        WakeWatcher();
    }

    private void ReadWhileBusy()
    {
        while (!_isOver)
        {
            lock (_gate)
            {
                while (_reader != Reader.Other && !_isOver) Monitor.Wait(_gate);
            }

            ReadSome();
            lock (_gate)
            {
                _readCount++;
                if (!_targetWaits && !_isOver) continue;

                // What came is for the target, which has been idle: it goes on reading itself.
                _targetWaits = false;
                _reader = Reader.None;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private void Watch()
    {
        int stretch = -1;
        int items = -1;
        int quiet = 0;
        while (!_isOver)
        {
            lock (_watching)
            {
                if (quiet < TicksUntilSleep)
                {
                    Monitor.Wait(_watching, Tick);
                }
                else
                {
                    // The target wakes this before its next item; what it ends until then, it shows itself.
                    _watcherSleeps = true;
                    Interlocked.MemoryBarrier();
                    if (Volatile.Read(ref _items) != items) _watcherSleeps = false;
                    while (_watcherSleeps) Monitor.Wait(_watching);
                    quiet = 0;
                }
            }

            _publish();
            int seen = Volatile.Read(ref _items);
            quiet = seen == items ? quiet + 1 : 0;
            items = seen;
            int current = Volatile.Read(ref _stretches);
            if (_isBusy && current == stretch) TakeOver();
            stretch = current;
        }
    }

    /// <summary>No more work comes: the threads end.</summary>
    public void Stop()
    {
        _isOver = true;
        WakeWatcher();
        lock (_gate) Monitor.PulseAll(_gate);
    }

    private void TakeOver()
    {
        lock (_gate)
        {
            if (_reader != Reader.None || !_isBusy) return;
            _reader = Reader.Other;
            Monitor.PulseAll(_gate);
        }
    }

    private void WakeWatcher()
    {
        lock (_watching)
        {
            _watcherSleeps = false;
            Monitor.Pulse(_watching);
        }
    }
}
