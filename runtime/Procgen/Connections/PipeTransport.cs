using Procgen.CompilerServices;
using Procgen.Queues;
using Procgen.Shared;

namespace Procgen.Connections;

/// <summary>
/// One end of a pipe in shared memory: a log of messages for each direction, and the holders of both ends. Any number of
/// processes may hold an end; each message goes to one of them.
/// </summary>
internal sealed class PipeTransport : ConnectionTransport
{
    private readonly QueueMemory _memory;
    private readonly UseGate _gate;
    private readonly int _end;
    private readonly EndHolders _holders;
    private readonly int _hold;
    private readonly PipeDirection? _incoming;
    private readonly PipeDirection? _outgoing;

    private PipeTransport(QueueMemory memory, bool duplex, int end)
    {
        _memory = memory;
        _end = end;
        _gate = new UseGate(typeof(Connection), Release);
        _holders = HoldersOf(memory, duplex, end);
        EndHolders peers = HoldersOf(memory, duplex, 1 - end);
        _hold = _holders.Hold();

        // Log 0 leads to the first end, log 1 to the second. A one-way pipe has only log 0.
        if (duplex || end == 0) _incoming = new PipeDirection(memory.Open(end), _gate, peers, FlagsOf(memory, duplex));
        if (duplex || end == 1) _outgoing = new PipeDirection(memory.Open(1 - end), _gate, peers, FlagsOf(memory, duplex));
    }

    public override bool IsReadable => _incoming is not null;

    public override bool IsWritable => _outgoing is not null;

    /// <summary>Pages that were ever used: what the pipe may hold in memory at most.</summary>
    public uint PagesUsed => _memory.Heap.Top;

    private bool IsDuplex => _incoming is not null && _outgoing is not null;

    /// <summary>For a thread that serves many pipes.</summary>
    public PipeDirection Incoming => _incoming ?? throw new InvalidOperationException("This end of the pipe only sends.");

    private PipeDirection Outgoing => _outgoing ?? throw new InvalidOperationException("This end of the pipe only receives.");

    public static (PipeTransport First, PipeTransport Second) Create(bool duplex)
    {
        QueueMemory memory = QueueMemory.Create(duplex ? 2 : 1, PipeLayout.Size, maxItems: 0, PipeLayout.MaxVolume);
        FlagsOf(memory, duplex).Value = duplex ? PipeLayout.IsDuplex : 0;
        return (new PipeTransport(memory, duplex, 0), new PipeTransport(memory.Share(), duplex, 1));
    }

    public static PipeTransport Read(ref PayloadReader reader)
    {
        byte end = reader.ReadMemory<byte>();
        bool duplex = reader.ReadMemory<bool>();
        int hold = reader.ReadMemory<int>();
        ulong word = reader.ReadMemory<ulong>();
        if (end > 1) throw new ProcessSerializationException($"a pipe has no end {end}");
        PipeTransport opened = new(QueueMemory.Read(ref reader), duplex, end);
        if (reader.Receipt is not { } receipt)
        {
            opened._holders.TryRelease(hold, word);
            return opened;
        }

        SharedBlock block = opened._memory.Block;
        block.AddReference();
        receipt.Add(() => opened._holders.TryRelease(hold, word), block.Release);
        return opened;
    }

    /// <summary>Another handle on the same end, mapped again as another process would: for tests.</summary>
    public PipeTransport OpenAgain() => new(_memory.OpenAgain(), IsDuplex, _end);

    /// <summary>At the end that is served: whether the other one rings the bell that it was given after each message.</summary>
    public void AskToRing(bool rings)
    {
        ref int flags = ref FlagsOf(_memory, IsDuplex).Value;
        if (rings) Interlocked.Or(ref flags, PipeLayout.RingsBell);
        else Interlocked.And(ref flags, ~PipeLayout.RingsBell);
    }

    /// <summary>At the other: takes the bell over, to ring it when asked to and when this end is disposed. Before the first message.</summary>
    public void GiveBell(PipeBell bell) => Outgoing.Bell = bell;

    /// <summary>Sends a message if there is space for it now.</summary>
    public PutOutcome TrySend(ReadOnlySpan<byte> message, ItemKind kind) => Outgoing.Put(message, kind, Deadline.Now, CancellationToken.None);

    public override void WriteHandle(ref PayloadWriter writer)
    {
        _gate.Enter();
        try
        {
            (int hold, ulong word) = writer.Scope is null ? (-1, 0) : _holders.HoldInTransit();
            writer.Scope?.Add(new EndLease(_memory.Block, _holders, hold, word, ShakeBoth));
            writer.WriteMemory((byte)_end);
            writer.WriteMemory(IsDuplex);
            writer.WriteMemory(hold);
            writer.WriteMemory(word);
            _memory.WriteHandle(ref writer);
        }
        finally
        {
            _gate.Exit();
        }
    }

    public override bool Send(ReadOnlySpan<byte> message, ItemKind kind, CancellationToken cancellationToken) =>
        Outgoing.Put(message, kind, Deadline.Never, cancellationToken) == PutOutcome.Done;

    public override async ValueTask<bool> SendAsync(ItemBuffer message, ItemKind kind, CancellationToken cancellationToken) =>
        await Outgoing.PutAsync(message, kind, cancellationToken).ConfigureAwait(false) == PutOutcome.Done;

    public override TakeOutcome Receive(in TakeRequest request, Deadline deadline, CancellationToken cancellationToken, out QueueItem item) =>
        Incoming.Take(request, deadline, cancellationToken, out item);

    public override ValueTask<(TakeOutcome Outcome, QueueItem Item)> ReceiveAsync(TakeRequest request, CancellationToken cancellationToken) =>
        Incoming.TakeAsync(request, cancellationToken);

    public override ReadOnlySpan<byte> BytesOf(in QueueItem item) => Incoming.BytesOf(item);

    public override void Release(in QueueItem item) => Incoming.Release(item);

    public override bool Poll(Deadline deadline) => Incoming.Poll(deadline);

    public override IDisposable WhenReadable(Action ready) => PendingReadable.Start(Incoming, ready);

    public override void Dispose()
    {
        if (!_gate.Close()) return;
        _holders.Release(_hold);
        ShakeBoth();
        _outgoing?.Bell?.Shake();
        _gate.Exit();
    }

    private static WaitWord FlagsOf(QueueMemory memory, bool duplex) => new(memory.Block, PipeLayout.Start(duplex) + PipeLayout.Flags);

    private static EndHolders HoldersOf(QueueMemory memory, bool duplex, int end) =>
        new(memory.Block, PipeLayout.Start(duplex) + PipeLayout.Ends + (end * PipeLayout.EndSize));

    private void Release()
    {
        _outgoing?.Bell?.Dispose();
        _memory.Dispose();
    }

    /// <summary>Wakes everyone at both ends, to look who is left.</summary>
    private void ShakeBoth()
    {
        _incoming?.Shake();
        _outgoing?.Shake();
    }
}
