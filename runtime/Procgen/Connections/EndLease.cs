using Procgen.Serialization;
using Procgen.Shared;

namespace Procgen.Connections;

/// <summary>Holds a pipe's end for a handle that is on its way, until the receiver holds it or the message has come to nothing.</summary>
internal sealed class EndLease : HandleLease
{
    private readonly SharedBlock _block;
    private readonly EndHolders _holders;
    private readonly int _hold;
    private readonly ulong _word;
    private readonly Action _closed;
    private int _disposed;

    /// <param name="block">The pipe's, referenced while the lease lasts.</param>
    /// <param name="holders">Of the end.</param>
    /// <param name="hold">The hold in transit.</param>
    /// <param name="word">What it says.</param>
    /// <param name="closed">Called when the end may have lost its last holder.</param>
    public EndLease(SharedBlock block, EndHolders holders, int hold, ulong word, Action closed)
    {
        block.AddReference();
        _block = block;
        _holders = holders;
        _hold = hold;
        _word = word;
        _closed = closed;
    }

    public override bool IsAttached => !_holders.IsInTransit(_hold, _word);

    public override bool WaitUntilAttached(TimeSpan timeout)
    {
        // Whoever opens the end opens the block just before.
        WaitWord openings = _block.OpeningsOf(HandleSender.Own);
        Deadline deadline = Deadline.After(timeout);
        while (true)
        {
            int seen = openings.Read();
            if (IsAttached) return true;
            if (deadline.HasPassed) return false;
            openings.Wait(seen, Math.Min(deadline.Slice(), 5));
        }
    }

    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        if (_holders.TryRelease(_hold, _word)) _closed();
        _block.Release();
    }
}
