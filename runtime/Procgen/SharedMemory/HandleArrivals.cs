namespace Procgen.Shared;

/// <summary>
/// Which of the handles of one sender to one block were opened since it sent them. An opening says whose handle it came by, not
/// which one, so it counts for any that is on its way: as many references stay as there are handles that nobody has opened.
/// </summary>
/// <remarks>Thread-safe. In the sender itself, or in a process that it has left its handles to.</remarks>
/// <param name="openings">The sender's counter in the block.</param>
internal sealed class HandleArrivals(WaitWord openings)
{
    private readonly object _gate = new();
    private int _onTheirWay;
    private int? _counted; // Null before the first handle. It wraps around with the openings.

    /// <summary>Changes with each opening.</summary>
    public WaitWord Openings => openings;

    /// <summary>Which openings have been counted: for whom the handles are left to.</summary>
    public int Counted
    {
        get
        {
            lock (_gate) return _counted ?? 0;
        }
    }

    /// <summary>Tells whoever waits that a handle was opened.</summary>
    public static void Report(WaitWord openings)
    {
        Interlocked.Increment(ref openings.Value);
        openings.WakeAll();
    }

    /// <summary>A handle is sent.</summary>
    public void Send()
    {
        lock (_gate)
        {
            if (_onTheirWay++ == 0) _counted = openings.Read();
        }
    }

    /// <summary>A handle that another process has sent is left to this one, which tells it so in the way that an opening would.</summary>
    /// <param name="counted">
    /// What that process had <see cref="Counted"/>: openings since then may be by this handle, unless they have been counted for others
    /// here that it had left before.
    /// </param>
    public void TakeOver(int counted)
    {
        lock (_gate)
        {
            if (_onTheirWay++ == 0 && (_counted is not { } known || counted - known > 0)) _counted = counted;
            _counted++;
            Report(openings);
        }
    }

    /// <summary>Takes a handle that was sent for opened, if there was an opening that counts for none yet.</summary>
    /// <param name="hasArrived">What was said of this handle before, by any thread.</param>
    /// <returns>Whether it has been taken for opened, now or before.</returns>
    public bool TryArrive(ref bool hasArrived)
    {
        lock (_gate) return hasArrived = hasArrived || TryCount();
    }

    /// <summary>Nobody cares for a handle any more: its message has been read, or may have been.</summary>
    public void Forget(ref bool hasArrived)
    {
        lock (_gate)
        {
            if (!hasArrived && !TryCount()) _onTheirWay--;
            hasArrived = true;
        }
    }

    /// <summary>A handle was not sent after all: no opening can have been by it.</summary>
    public void Withdraw(ref bool hasArrived)
    {
        lock (_gate)
        {
            if (!hasArrived) _onTheirWay--;
            hasArrived = true;
        }
    }

    private bool TryCount()
    {
        if (_counted == openings.Read()) return false;
        _counted++;
        _onTheirWay--;
        return true;
    }
}
