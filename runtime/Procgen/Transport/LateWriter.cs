namespace Procgen.Transport;

/// <summary>
/// Runs what has to wait for the other end of one link, on a thread that waits for nothing else: it begins when it is first
/// asked for, and ends when it has not been for a while. On Unix most links never need one.
/// </summary>
/// <param name="write">Writes what there is; only one thread at a time asks for that.</param>
internal sealed class LateWriter(Action write)
{
    private const int StackSize = 128 * 1024;
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(500);
    private readonly object _gate = new();
    private bool _isAsked;
    private bool _hasThread;

    /// <summary>Has the thread write.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            _isAsked = true;
            Monitor.Pulse(_gate);
            if (_hasThread) return;
            _hasThread = true;
        }

        try
        {
            new Thread(() => Run(Linger), StackSize) { IsBackground = true, Name = "Procgen writer" }.UnsafeStart();
        }
        catch (Exception)
        {
            // No thread to be had: better that this one waits than that something is lost, but not for what may still come.
            Run(TimeSpan.Zero);
        }
    }

    private void Run(TimeSpan linger)
    {
        while (true)
        {
            lock (_gate)
            {
                if (!_isAsked) Monitor.Wait(_gate, linger);
                if (!_isAsked)
                {
                    _hasThread = false;
                    return;
                }

                _isAsked = false;
            }

            write();
        }
    }
}
