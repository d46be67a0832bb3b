namespace Procgen.Shared;

/// <summary>
/// Which of the handles to one block that this process has sent, and waits for, were opened since. An opening does not say which
/// handle it came by, so it counts for any one that is on its way: as many references stay as there are handles that nobody has
/// opened.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class HandleArrivals(WaitWord openings)
{
    private readonly object _gate = new();
    private int _onTheirWay;
    private int _counted;

    /// <summary>A handle is sent.</summary>
    public void Send()
    {
        lock (_gate)
        {
            if (_onTheirWay++ == 0) _counted = openings.Read();
        }
    }

    /// <summary>Takes one handle that was sent for opened, if there was an opening that counts for none yet.</summary>
    public bool TryArrive()
    {
        lock (_gate) return TryCount();
    }

    /// <summary>Nobody cares for a handle any more: its message has been read, or may have been.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            if (!TryCount()) _onTheirWay--;
        }
    }

    /// <summary>A handle was not sent after all: no opening can have been by it.</summary>
    public void Withdraw()
    {
        lock (_gate) _onTheirWay--;
    }

    private bool TryCount()
    {
        if (_counted == openings.Read()) return false;
        _counted++;
        _onTheirWay--;
        return true;
    }
}
