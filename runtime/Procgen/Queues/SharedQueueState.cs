using Procgen.CompilerServices;
using Procgen.Shared;

namespace Procgen.Queues;

/// <summary>A queue in shared memory: one <see cref="ItemLog"/>, and the waiting around it.</summary>
internal sealed class SharedQueueState : QueueState
{
    private readonly QueueMemory _memory;
    private readonly ItemLog _log;
    private readonly UseGate _gate;
    private SpinBudget _itemSpins;
    private SpinBudget _spaceSpins;

    private SharedQueueState(QueueMemory memory)
    {
        _memory = memory;
        _log = memory.Open(0);
        _gate = new UseGate(typeof(ProcessQueue<>), memory.Dispose);
    }

    public override int MaxSize => _log.MaxItems;

    public override int Count => Inside(static state => state.CountNow());

    public override bool IsFull => Inside(static state => state._log.Tail.IsFull());

    public override bool IsAddingCompleted => Inside(static state => state._log.Tail.IsCompleted);

    public override bool IsCompleted => Inside(static state =>
        state._log.Tail.IsCompleted && state.CountNow() == 0 && state._log.Head.IsCompleted());

    /// <summary>Pages that were ever used: what the queue may hold in memory at most.</summary>
    public uint PagesUsed => _memory.Heap.Top;

    /// <summary>The log itself: for tests.</summary>
    public ItemLog Log => _log;

    public static SharedQueueState Create(int maxSize) => new(QueueMemory.Create(logs: 1, extra: 0, maxSize, maxVolume: 0));

    public static SharedQueueState Read(ref PayloadReader reader) => new(QueueMemory.Read(ref reader));

    /// <summary>Another handle on the same memory, mapped again as another process would: for tests.</summary>
    public SharedQueueState OpenAgain() => new(_memory.OpenAgain());

    public override void WriteHandle(ref PayloadWriter writer)
    {
        _gate.Enter();
        try
        {
            _memory.WriteHandle(ref writer);
        }
        finally
        {
            _gate.Exit();
        }
    }

    public override bool TryPut(ReadOnlySpan<byte> item, Deadline deadline, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _gate.Enter();
        PreparedItem prepared = default;
        bool isPut = false;
        try
        {
            prepared = _log.Prepare(item, ItemKind.Message);
            PutOutcome outcome = _log.TryPut(prepared, item);
            if (outcome == PutOutcome.Full) outcome = AwaitSpace(prepared, item, deadline, cancellationToken);
            isPut = outcome == PutOutcome.Done;
            if (outcome == PutOutcome.Completed) throw AddingCompleted();
            return isPut;
        }
        finally
        {
            if (!isPut) _log.Drop(prepared);
            _gate.Exit();
        }
    }

    public override async ValueTask PutAsync(ItemBuffer item, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _gate.Enter();
        PreparedItem prepared = default;
        bool isPut = false;
        try
        {
            prepared = _log.Prepare(item.Written, ItemKind.Message);
            PutOutcome outcome = _log.TryPut(prepared, item.Written);
            if (outcome == PutOutcome.Full) outcome = await new PendingPut(_log, _gate, prepared, item).StartAsync(cancellationToken).ConfigureAwait(false);
            isPut = outcome == PutOutcome.Done;
            if (outcome == PutOutcome.Completed) throw AddingCompleted();
            item.Return();
        }
        finally
        {
            if (!isPut) _log.Drop(prepared);
            _gate.Exit();
        }
    }

    public override TakeOutcome TryTake(bool lease, Deadline deadline, CancellationToken cancellationToken, out QueueItem item)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _gate.Enter();
        TakeOutcome outcome = TakeOutcome.Empty;
        try
        {
            TakeRequest request = new(Lease: lease);
            ItemBuffer buffer = ItemBuffer.Rent();
            outcome = _log.TryTake(request, buffer, out TakenItem taken);
            if (outcome == TakeOutcome.Empty) outcome = AwaitItem(request, buffer, deadline, cancellationToken, out taken);
            item = new QueueItem(buffer, taken.Length, taken.Run, taken.Lease);
            if (outcome != TakeOutcome.Done) buffer.Return();
            return outcome;
        }
        finally
        {
            // Until the item is released, the caller stays inside.
            if (outcome != TakeOutcome.Done) _gate.Exit();
        }
    }

    public override async ValueTask<(TakeOutcome Outcome, QueueItem Item)> TakeAsync(bool lease, CancellationToken cancellationToken)
    {
        TakeOutcome outcome = TryTake(lease, Deadline.Now, cancellationToken, out QueueItem item);
        if (outcome != TakeOutcome.Empty) return (outcome, item);

        _gate.Enter();
        try
        {
            (outcome, item) = await new PendingTake(_log, _gate, new TakeRequest(Lease: lease)).StartAsync(cancellationToken).ConfigureAwait(false);
            return (outcome, item);
        }
        catch
        {
            PassOn(_log);
            throw;
        }
        finally
        {
            if (outcome != TakeOutcome.Done) _gate.Exit();
        }
    }

    public override ReadOnlySpan<byte> BytesOf(in QueueItem item) =>
        item.Run != 0 ? _log.BytesOf(item.Run, item.Length) : item.Buffer.Written;

    public override void Release(in QueueItem item)
    {
        _log.Release(item.Run);
        item.Buffer.Return();

        // An outstanding lease keeps its taker inside: it can still be completed when the queue was disposed.
        if (item.Lease == 0) _gate.Exit();
    }

    public override void EndLease(long lease, bool completed)
    {
        try
        {
            if (completed) _log.FinishLease((int)lease, counts: true);
            else _log.ReturnLease((int)lease);
        }
        finally
        {
            _gate.Exit();
        }
    }

    public override void CompleteAdding() => Inside(static state =>
    {
        state._log.Complete();
        return true;
    });

    public override bool TryReportDone() => Inside(static state => state._log.TryReportDone());

    public override bool Join(Deadline deadline)
    {
        _gate.Enter();
        try
        {
            using Parking parking = new(_log.Idle, deadline, _gate, CancellationToken.None);
            while (!_log.IsIdle)
            {
                if (!parking.Sleep()) return false;
                _log.ReturnFromTheDead();
            }

            return true;
        }
        finally
        {
            _gate.Exit();
        }
    }

    public override async Task JoinAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _gate.Enter();
        try
        {
            if (!_log.IsIdle) await new PendingJoin(_log, _gate).StartAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Exit();
        }
    }

    public override void Dispose()
    {
        if (!_gate.Close()) return;
        _log.Items.Shake();
        _log.Space.Shake();
        _log.Idle.Shake();
        _gate.Exit();
    }

    /// <summary>Hands a notification on to the next sleeper, where one sleeper may have got it for nothing.</summary>
    internal static void PassOn(ItemLog log)
    {
        log.Items.Arm();
        if (log.Count > 0) log.Items.Notify();
    }

    private static InvalidOperationException AddingCompleted() => new("The queue takes no more items: CompleteAdding was called.");

    private TResult Inside<TResult>(Func<SharedQueueState, TResult> action)
    {
        _gate.Enter();
        try
        {
            return action(this);
        }
        finally
        {
            _gate.Exit();
        }
    }

    private int CountNow()
    {
        _log.ReturnFromTheDead();
        return _log.Count;
    }

    private PutOutcome AwaitSpace(in PreparedItem item, ReadOnlySpan<byte> payload, Deadline deadline, CancellationToken cancellationToken)
    {
        if (deadline.HasPassed) return PutOutcome.Full;
        for (int rounds = _spaceSpins.Rounds; rounds > 0 && _log.Tail.IsFull(); rounds--) Thread.SpinWait(1);
        if (_log.Tail.IsFull()) _spaceSpins.Miss();
        else _spaceSpins.Hit();

        PutOutcome outcome;
        Parking parking = new(_log.Space, deadline, _gate, cancellationToken);
        try
        {
            while ((outcome = _log.TryPut(item, payload)) == PutOutcome.Full && parking.Sleep())
            {
            }
        }
        finally
        {
            parking.Dispose();
            if (parking.HasSlept)
            {
                _log.Space.Arm();
                if (!_log.Tail.IsFull()) _log.Space.Notify();
            }
        }

        return outcome;
    }

    private TakeOutcome AwaitItem(in TakeRequest request, ItemBuffer buffer, Deadline deadline, CancellationToken cancellationToken, out TakenItem item)
    {
        item = default;
        if (deadline.HasPassed) return TakeOutcome.Empty;
        for (int rounds = _itemSpins.Rounds; rounds > 0 && _log.LooksEmpty; rounds--) Thread.SpinWait(1);
        if (_log.LooksEmpty) _itemSpins.Miss();
        else _itemSpins.Hit();

        TakeOutcome outcome;
        Parking parking = new(_log.Items, deadline, _gate, cancellationToken);
        try
        {
            while ((outcome = _log.TryTake(request, buffer, out item)) == TakeOutcome.Empty && parking.Sleep())
            {
            }
        }
        finally
        {
            parking.Dispose();
            if (parking.HasSlept) PassOn(_log);
        }

        return outcome;
    }
}
