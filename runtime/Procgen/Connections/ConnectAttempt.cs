using Procgen.Calls;

namespace Procgen.Connections;

/// <summary>
/// A connection that is being opened: what to close where that takes too long, or somebody does not want to wait for it any
/// more. Any thread gives it up, and whatever blocks in what it guards fails then.
/// </summary>
internal sealed class ConnectAttempt : IDisposable
{
    private readonly object _gate = new();
    private readonly IDisposable _limit;
    private IDisposable? _opened;
    private bool _hasSucceeded;
    private volatile bool _hasGivenUp;

    /// <param name="timeout">How long it may take in all.</param>
    public ConnectAttempt(TimeSpan timeout)
    {
        Timeout = timeout;
        _limit = Deadlines.Schedule(timeout, GiveUp);
    }

    public TimeSpan Timeout { get; }

    public bool HasGivenUp => _hasGivenUp;

    /// <summary>What is to be closed from now on, in the place of what was: at once where it was given up already.</summary>
    public void Guard(IDisposable opened)
    {
        lock (_gate)
        {
            _opened = opened;
            if (_hasGivenUp) opened.Dispose();
        }
    }

    /// <summary>The connection is open, and stays so.</summary>
    /// <returns>False where it was given up before.</returns>
    public bool Succeed()
    {
        lock (_gate) return _hasSucceeded = !_hasGivenUp;
    }

    public void GiveUp()
    {
        lock (_gate)
        {
            if (_hasSucceeded) return;
            _hasGivenUp = true;
            _opened?.Dispose();
        }
    }

    /// <summary>It is over: what has not succeeded is closed.</summary>
    public void Dispose()
    {
        _limit.Dispose();
        GiveUp();
    }
}
