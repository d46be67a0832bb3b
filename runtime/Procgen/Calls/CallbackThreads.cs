namespace Procgen.Calls;

/// <summary>
/// Runs users' callbacks on background threads: those of one call in order, one at a time, and those of several in turns. One
/// thread does for all, until it is held up in a callback, which may wait for just another call's; then another goes on with those.
/// </summary>
internal sealed class CallbackThreads(string name)
{
    /// <summary>For how long one callback may keep the other calls' waiting.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly object _gate = new();

    // What is to be run of each call: of those that wait for a thread, and of those that a thread is at.
    private readonly Dictionary<object, Queue<Action>> _actions = [];
    private readonly Queue<object> _waiting = new();
    private int _threads;
    private int _idle;
    private long _begun;
    private bool _isWatched;
    private bool _isFinished;

    /// <summary>Runs <paramref name="action"/>, which must not throw, after all that were posted for that call before.</summary>
    public void Post(object call, Action action)
    {
        lock (_gate)
        {
            if (_actions.TryGetValue(call, out Queue<Action>? actions))
            {
                actions.Enqueue(action);
                return;
            }

            _actions.Add(call, new Queue<Action>([action]));
            _waiting.Enqueue(call);
            if (_threads == 0)
            {
                Begin();
            }
            else if (_idle > 0)
            {
                _idle--;
                Monitor.Pulse(_gate);
            }

            Watch();
        }
    }

    /// <summary>Nothing follows any more: the threads end when all has been run.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            _isFinished = true;
            _idle = 0;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Another thread, if there is one to be had now. With the usual stack: it runs users' code. Under the lock.</summary>
    private void Begin()
    {
        try
        {
            new Thread(Run) { IsBackground = true, Name = name }.Start();
            _threads++;
        }
        catch (OutOfMemoryException)
        {
            // Whoever watches tries again.
        }
    }

    /// <summary>While any wait: looks now and then whether the threads come to the ends of what they are at. Under the lock.</summary>
    private void Watch()
    {
        if (_isWatched || _waiting.Count == 0) return;
        _isWatched = true;
        long begun = _begun;
        Deadlines.Schedule(Patience, () => Look(begun));
    }

    private void Look(long begun)
    {
        lock (_gate)
        {
            _isWatched = false;
            if (_waiting.Count > 0 && _begun == begun) Begin();
            Watch();
        }
    }

    private void Run()
    {
        object? call = null;
        while (TakeNext(ref call) is { } action) action();
    }

    /// <summary>The next action of the call whose turn it is, after that which this thread was at; null where the thread is to end.</summary>
    private Action? TakeNext(ref object? call)
    {
        lock (_gate)
        {
            if (call is not null)
            {
                if (_actions[call].Count > 0) _waiting.Enqueue(call);
                else _actions.Remove(call);
            }

            if ((call = TakeWaiting()) is null) return null;
            _begun++;
            Watch();
            return _actions[call].Dequeue();
        }
    }

    /// <summary>Waits for a call that has something to run; null where there will be none, or enough threads wait. Under the lock.</summary>
    private object? TakeWaiting()
    {
        object? call;
        while (!_waiting.TryDequeue(out call) && !_isFinished && _idle == 0)
        {
            _idle++; // Counted out by whoever wakes it.
            Monitor.Wait(_gate);
        }

        if (call is null) _threads--;
        return call;
    }
}
