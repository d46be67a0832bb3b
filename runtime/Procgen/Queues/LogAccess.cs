using Procgen.Shared;

namespace Procgen.Queues;

/// <summary>
/// Puts to and takes from a log with all the ways of waiting: spinning, sleeping, without a thread, with a deadline,
/// cancelled, disposed. What a queue and each direction of a pipe have in common.
/// </summary>
/// <remarks>Thread-safe. While a call is inside, or holds a taken item, it keeps the gate from closing over it.</remarks>
internal class LogAccess(ItemLog log, UseGate gate)
{
    private SpinBudget _itemSpins;
    private SpinBudget _spaceSpins;

    public ItemLog Log => log;

    public UseGate Gate => gate;

    /// <summary>Puts an item; Full says that the time was up.</summary>
    public PutOutcome Put(ReadOnlySpan<byte> payload, ItemKind kind, Deadline deadline, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        gate.Enter();
        PreparedItem item = default;
        PutOutcome outcome = PutOutcome.Full;
        try
        {
            item = log.Prepare(payload, kind);
            outcome = TryPut(item, payload);
            if (outcome == PutOutcome.Full) outcome = AwaitSpace(item, payload, deadline, cancellationToken);
            return outcome;
        }
        finally
        {
            if (outcome != PutOutcome.Done) log.Drop(item);
            gate.Exit();
        }
    }

    /// <summary>Puts an item and gives the buffer back.</summary>
    public async ValueTask<PutOutcome> PutAsync(ItemBuffer payload, ItemKind kind, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        gate.Enter();
        PreparedItem item = default;
        PutOutcome outcome = PutOutcome.Full;
        try
        {
            item = log.Prepare(payload.Written, kind);
            outcome = TryPut(item, payload.Written);
            if (outcome == PutOutcome.Full) outcome = await new PendingPut(this, item, payload).StartAsync(cancellationToken).ConfigureAwait(false);
            payload.Return();
            return outcome;
        }
        finally
        {
            if (outcome != PutOutcome.Done)
            {
                log.Drop(item);
                PassOnSpace();
            }

            gate.Exit();
        }
    }

    /// <summary>Takes an item; Empty says that the time was up. Release what was taken.</summary>
    public TakeOutcome Take(in TakeRequest request, Deadline deadline, CancellationToken cancellationToken, out QueueItem item)
    {
        cancellationToken.ThrowIfCancellationRequested();
        gate.Enter();
        TakeOutcome outcome = TakeOutcome.Empty;
        try
        {
            outcome = TryTake(request, out item);
            if (outcome == TakeOutcome.Empty) outcome = AwaitItem(request, deadline, cancellationToken, out item);
            return outcome;
        }
        finally
        {
            // Until the item is released, the caller stays inside.
            if (outcome != TakeOutcome.Done) gate.Exit();
        }
    }

    /// <summary>Takes an item. Release what was taken.</summary>
    public ValueTask<(TakeOutcome Outcome, QueueItem Item)> TakeAsync(in TakeRequest request, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<(TakeOutcome, QueueItem)>(cancellationToken);
        TakeOutcome outcome = Take(request, Deadline.Now, CancellationToken.None, out QueueItem item);
        return outcome != TakeOutcome.Empty
            ? new ValueTask<(TakeOutcome, QueueItem)>((outcome, item))
            : AwaitItemAsync(request, cancellationToken);
    }

    /// <summary>Waits until there is an item or none will come.</summary>
    /// <returns>False when the time was up first.</returns>
    public bool Poll(Deadline deadline)
    {
        gate.Enter();
        try
        {
            if (IsReadable()) return true;
            SpinForItem(deadline);
            using Parking parking = new(log.Items, deadline, gate, CancellationToken.None);
            try
            {
                while (!IsReadable())
                {
                    if (!parking.Sleep()) return false;
                }

                return true;
            }
            finally
            {
                // The item stays, and whoever waits to take it must hear of it.
                if (parking.HasSlept) PassOnItems();
            }
        }
        finally
        {
            gate.Exit();
        }
    }

    /// <summary>Whether there is an item, or none will come.</summary>
    public bool IsReadable() => log.Count > 0 || log.Tail.IsCompleted || (HasPeerGone() && log.Count == 0);

    /// <summary>The item's bytes, until it is released.</summary>
    public ReadOnlySpan<byte> BytesOf(in QueueItem item) => item.Run != 0 ? log.BytesOf(item.Run, item.Length) : item.Buffer.Written;

    /// <summary>Gives back what holds a taken item's bytes. Once.</summary>
    public void Release(in QueueItem item)
    {
        log.Release(item.Run);
        item.Buffer.Return();

        // An outstanding lease keeps its taker inside: it can still be ended when the handle was disposed.
        if (item.Lease == 0) gate.Exit();
    }

    /// <summary>One attempt to put.</summary>
    public PutOutcome TryPut(in PreparedItem item, ReadOnlySpan<byte> payload)
    {
        if (HasPeerGone()) return PutOutcome.Completed;
        PutOutcome outcome = log.TryPut(item, payload);
        if (outcome == PutOutcome.Done) OnPut();
        return outcome;
    }

    /// <summary>One attempt to take.</summary>
    public TakeOutcome TryTake(in TakeRequest request, out QueueItem item)
    {
        ItemBuffer buffer = ItemBuffer.Rent();
        TakeOutcome outcome = log.TryTake(request, buffer, out TakenItem taken);
        if (outcome == TakeOutcome.Empty && HasPeerGone())
        {
            // It may have put something last.
            outcome = log.TryTake(request, buffer, out taken);
            if (outcome == TakeOutcome.Empty) outcome = TakeOutcome.Completed;
        }

        item = new QueueItem(buffer, taken.Length, taken.Run, taken.Lease);
        if (outcome != TakeOutcome.Done) buffer.Return();
        return outcome;
    }

    /// <summary>Hands a notification on to the next sleeper, where one sleeper may have got it for nothing.</summary>
    public void PassOnItems()
    {
        log.Items.Arm();
        if (log.Count > 0) log.Items.Notify();
    }

    /// <inheritdoc cref="PassOnItems"/>
    public void PassOnSpace()
    {
        log.Space.Arm();
        if (!log.Tail.IsFull()) log.Space.Notify();
    }

    /// <summary>Wakes all who wait here, to find the gate closed or the peer gone.</summary>
    public void Shake()
    {
        log.Items.Shake();
        log.Space.Shake();
    }

    /// <summary>Whether nobody is left at the other side. Asked before each attempt to put and after each vain one to take.</summary>
    public virtual bool HasPeerGone() => false;

    /// <summary>After each item that was put.</summary>
    protected virtual void OnPut()
    {
    }

    private async ValueTask<(TakeOutcome Outcome, QueueItem Item)> AwaitItemAsync(TakeRequest request, CancellationToken cancellationToken)
    {
        gate.Enter();
        TakeOutcome outcome = TakeOutcome.Empty;
        try
        {
            (outcome, QueueItem item) = await new PendingTake(this, request).StartAsync(cancellationToken).ConfigureAwait(false);
            return (outcome, item);
        }
        finally
        {
            if (outcome != TakeOutcome.Done)
            {
                PassOnItems();
                gate.Exit();
            }
        }
    }

    private PutOutcome AwaitSpace(in PreparedItem item, ReadOnlySpan<byte> payload, Deadline deadline, CancellationToken cancellationToken)
    {
        if (deadline.HasPassed) return PutOutcome.Full;
        for (int rounds = _spaceSpins.Rounds; rounds > 0 && log.Tail.IsFull(); rounds--) Thread.SpinWait(1);
        if (log.Tail.IsFull()) _spaceSpins.Miss();
        else _spaceSpins.Hit();

        PutOutcome outcome;
        Parking parking = new(log.Space, deadline, gate, cancellationToken);
        try
        {
            while ((outcome = TryPut(item, payload)) == PutOutcome.Full && parking.Sleep())
            {
            }
        }
        finally
        {
            parking.Dispose();
            if (parking.HasSlept) PassOnSpace();
        }

        return outcome;
    }

    private TakeOutcome AwaitItem(in TakeRequest request, Deadline deadline, CancellationToken cancellationToken, out QueueItem item)
    {
        item = default;
        if (deadline.HasPassed) return TakeOutcome.Empty;
        SpinForItem(deadline);
        TakeOutcome outcome;
        Parking parking = new(log.Items, deadline, gate, cancellationToken);
        try
        {
            while ((outcome = TryTake(request, out item)) == TakeOutcome.Empty && parking.Sleep())
            {
            }
        }
        finally
        {
            parking.Dispose();
            if (parking.HasSlept) PassOnItems();
        }

        return outcome;
    }

    private void SpinForItem(Deadline deadline)
    {
        if (deadline.HasPassed) return;
        for (int rounds = _itemSpins.Rounds; rounds > 0 && log.LooksEmpty; rounds--) Thread.SpinWait(1);
        if (log.LooksEmpty) _itemSpins.Miss();
        else _itemSpins.Hit();
    }
}
