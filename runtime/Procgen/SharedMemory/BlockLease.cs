using Procgen.CompilerServices;
using Procgen.Serialization;

namespace Procgen.Shared;

/// <summary>One reference to a block, held for a handle that is on its way.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class BlockLease : HandleLease
{
    private readonly SharedBlock _block;
    private readonly HandleSender _sender;
    private readonly HandleArrivals? _arrivals;
    private bool _isAttached; // Under the lock of the arrivals.
    private int _disposed;

    /// <param name="block">The block; this takes over one reference to it.</param>
    /// <param name="sender">Whom the handle's opening is reported to, if anyone.</param>
    /// <param name="counted">Where another process has left the handle to this one: which openings it had counted.</param>
    public BlockLease(SharedBlock block, HandleSender sender, int? counted = null)
    {
        _block = block;
        _sender = sender;
        if (!sender.IsWaiting) return;
        _arrivals = block.ArrivalsOf(sender);
        if (counted is { } known) _arrivals.TakeOver(known);
        else _arrivals.Send();
    }

    public override bool IsAttached => _arrivals?.TryArrive(ref _isAttached) == true;

    public override bool CanBeLeft => true;

    /// <summary>Opens what <see cref="WriteHandle"/> wrote in a process that is about to end, and holds it in its stead.</summary>
    /// <exception cref="ConnectionLostException">No process that held it is left.</exception>
    public static BlockLease ReadLeft(ref PayloadReader reader)
    {
        int counted = reader.ReadMemory<int>();
        return new BlockLease(SharedBlock.Read(ref reader, out HandleSender sender), sender, counted);
    }

    public override void WriteHandle(ref PayloadWriter writer)
    {
        writer.WriteMemory(_arrivals?.Counted ?? 0);
        _block.Write(ref writer, _sender);
    }

    public override bool WaitUntilAttached(TimeSpan timeout)
    {
        if (_arrivals is not { Openings: var word }) return false;
        Deadline deadline = Deadline.After(timeout);
        while (true)
        {
            int openings = word.Read();
            if (IsAttached) return true;
            if (deadline.HasPassed) return false;
            word.Wait(openings, deadline.Slice());
        }
    }

    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _arrivals?.Forget(ref _isAttached);
        _block.Release();
    }

    public override void Withdraw()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _arrivals?.Withdraw(ref _isAttached);
        _block.Release();
    }
}
