using Procgen.Interop;

namespace Procgen.Launching;

/// <summary>The end of a child as <see cref="EndWatcher"/> waits for it. To wait and to tell is for the one thread that has taken it.</summary>
internal sealed class WatchedEnd(long key, int descriptor, Action ended)
{
    /// <summary>No other has the same, ever: descriptors and ids of processes pass on.</summary>
    public long Key => key;

    /// <summary>Of the process; readable when it has ended.</summary>
    public int Descriptor => descriptor;

    /// <summary>Whether it has ended within that time.</summary>
    public bool Wait(TimeSpan time) => Poller.WaitReadable(descriptor, (int)time.TotalMilliseconds);

    /// <summary>Lets whoever had it watched know. Once.</summary>
    public void Tell()
    {
        ProcessEvents.Close(descriptor);
        ended();
    }
}
