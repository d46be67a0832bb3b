using Procgen.CompilerServices;
using Procgen.Serialization;

namespace Procgen.Shared;

/// <summary>One reference to a block, held for a handle that is on its way.</summary>
/// <remarks>Asked by one thread at a time; disposed by any.</remarks>
internal sealed class BlockLease : HandleLease
{
    private readonly SharedBlock _block;
    private readonly bool _isAwaited;
    private bool _isAttached;
    private int _disposed;

    /// <param name="block">The block; this takes over one reference to it.</param>
    /// <param name="isAwaited">Whether the handle's opening is counted.</param>
    public BlockLease(SharedBlock block, bool isAwaited)
    {
        _block = block;
        _isAwaited = isAwaited;
        if (isAwaited) block.Arrivals.Send();
    }

    public override bool IsAttached => _isAttached = _isAttached || (_isAwaited && _block.Arrivals.TryArrive());

    public override bool CanBeLeft => true;

    public override void WriteHandle(ref PayloadWriter writer) => _block.Write(ref writer, isAwaited: true);

    public override bool WaitUntilAttached(TimeSpan timeout)
    {
        Deadline deadline = Deadline.After(timeout);
        while (true)
        {
            int openings = _block.AttachmentsWord.Read();
            if (IsAttached) return true;
            if (deadline.HasPassed) return false;
            _block.AttachmentsWord.Wait(openings, deadline.Slice());
        }
    }

    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        if (_isAwaited && !_isAttached) _block.Arrivals.Forget();
        _block.Release();
    }

    public override void Withdraw()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        if (_isAwaited && !_isAttached) _block.Arrivals.Withdraw();
        _block.Release();
    }
}
