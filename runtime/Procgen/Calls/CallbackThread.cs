namespace Procgen.Calls;

/// <summary>
/// Runs users' callbacks in order on one background thread, which begins with the first: a slow callback delays neither
/// a reader thread nor, where the thread pool is starved, the end of its call.
/// </summary>
internal sealed class CallbackThread
{
    private readonly object _gate = new();
    private readonly Queue<Action> _actions = new();
    private bool _isFinished;

    // With the usual stack: it runs users' code.
    public CallbackThread(string name) => new Thread(Run) { IsBackground = true, Name = name }.Start();

    /// <summary>Runs <paramref name="action"/>, which must not throw, after all that were posted before.</summary>
    public void Post(Action action)
    {
        lock (_gate)
        {
            _actions.Enqueue(action);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Runs a last action; then the thread ends.</summary>
    public void Finish(Action action)
    {
        lock (_gate)
        {
            _isFinished = true;
            _actions.Enqueue(action);
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        while (true)
        {
            Action? action;
            lock (_gate)
            {
                while (!_actions.TryDequeue(out action))
                {
                    if (_isFinished) return;
                    Monitor.Wait(_gate);
                }
            }

            action();
        }
    }
}
