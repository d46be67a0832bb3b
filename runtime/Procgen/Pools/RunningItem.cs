using Procgen.Launching;

namespace Procgen.Pools;

/// <summary>How long a worker has been at the item that it runs, as far as somebody has looked. Under the pool's lock.</summary>
internal sealed class RunningItem(CallBoard board)
{
    private long _running;
    private int _begun;
    private long _since;

    /// <summary>Looks again.</summary>
    /// <returns>Ticks for which the same item has been seen; 0 for a new one or none.</returns>
    public long Look(long now)
    {
        long running = Volatile.Read(ref board.Running);
        int begun = running == 0 ? 0 : board.CountBegun((uint)(running - 1));
        if (running == 0 || running != _running || begun != _begun) (_running, _begun, _since) = (running, begun, now);
        return now - _since;
    }
}
