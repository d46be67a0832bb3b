using Procgen.CompilerServices;

namespace Procgen.Managers;

/// <summary>What became of a put.</summary>
internal enum PutAnswer : byte
{
    Done = 1,
    Full,

    /// <summary>Adding was completed.</summary>
    Completed,
}

/// <summary>What became of a take; of a <see cref="Done"/> one the lease and the item follow.</summary>
internal enum TakeAnswer : byte
{
    Done = 1,
    Empty,

    /// <summary>Adding was completed, no item is left, and none is leased.</summary>
    Completed,
}

/// <summary>
/// The state of a queue. Producers and consumers that wait stand in lines: never both, an item goes straight to whoever waits
/// longest. What was handed to a consumer is on its way until the <see cref="Handover"/> is confirmed, so that one that is killed
/// while it waits takes nothing with it, nor one that has given this server up, nor one to whom it cannot be sent. Whether it
/// said that it came is known when the end of the connection that the answer went over was read: the process's end may be seen
/// before that, and decides about nothing that is on its way.
/// </summary>
internal sealed class QueueObject(ObjectTable table, int maxSize) : ServerObject
{
    private readonly object _gate = new();
    /// <summary>In the order in which they were put: an item that comes back goes before all that were never taken.</summary>
    private readonly LinkedList<Item> _items = new();
    private readonly Dictionary<long, Leased> _leases = [];
    private readonly WaitLine<StoredValue> _producers = new();
    private readonly WaitLine<bool> _consumers = new();
    private readonly WaitLine<bool> _joining = new();
    private long _lastItem;
    private long _lastLease;
    private long _unfinished;
    private bool _isAddingCompleted;

    public override IEnumerable<ulong> References
    {
        get
        {
            lock (_gate) return [.. _items.Concat(_leases.Values.Select(leased => leased.Item)).SelectMany(item => item.Value.References)];
        }
    }

    private bool IsFull => maxSize > 0 && _items.Count >= maxSize;

    private bool IsCompleted => _isAddingCompleted && _items.Count == 0 && _leases.Count == 0;

    public override void Invoke(ManagerOp op, ref PayloadReader request, ref PayloadWriter answer, ClientSession session)
    {
        lock (_gate)
        {
            switch (op)
            {
                case ManagerOp.Put:
                    answer.WriteMemory((byte)Put(StoredValue.Read(ref request)));
                    break;
                case ManagerOp.CompleteLease:
                    if (End(request.ReadMemory<long>(), isDone: true)) answer.WriteMemory(TryReportDone());
                    break;
                case ManagerOp.ReturnLease:
                    End(request.ReadMemory<long>(), isDone: false);
                    break;
                case ManagerOp.TaskDone:
                    answer.WriteMemory(TryReportDone());
                    break;
                case ManagerOp.CompleteAdding:
                    CompleteAdding();
                    break;
                case ManagerOp.Status:
                    answer.WriteMemory(_items.Count);
                    answer.WriteMemory(IsFull);
                    answer.WriteMemory(_isAddingCompleted);
                    answer.WriteMemory(IsCompleted);
                    break;
                default:
                    throw Unsupported(op);
            }
        }
    }

    public override Handover? Hand(ManagerOp op, ManagerAnswer handed, ref PayloadWriter answer, ClientSession session)
    {
        if (op is not (ManagerOp.Take or ManagerOp.Lease)) throw Unsupported(op);
        lock (_gate)
        {
            // A process that is gone gets nothing: nobody would give it back.
            if (_items.Count == 0 || session.HasEnded)
            {
                answer.WriteMemory((byte)ManagerAnswer.Result);
                answer.WriteMemory((byte)(IsCompleted ? TakeAnswer.Completed : TakeAnswer.Empty));
                return null;
            }

            answer.WriteMemory((byte)handed);
            OnItsWay item = TakeFirst(op, session);
            try
            {
                AfterTaking();
                item.Write(ref answer);
                return item;
            }
            catch
            {
                item.Undo();
                throw;
            }
        }
    }

    public override void Begin(ServerWait wait, ref PayloadReader request)
    {
        lock (_gate)
        {
            switch (wait.Op)
            {
                case ManagerOp.Put:
                    StoredValue item = StoredValue.Read(ref request);
                    PutAnswer put = Put(item);
                    if (put == PutAnswer.Full) _producers.Join(wait, item);
                    else Answer(wait, put);
                    break;
                case ManagerOp.Take or ManagerOp.Lease:
                    if (_items.Count > 0 && !wait.Session.HasEnded) Hand(wait);
                    else if (IsCompleted) Complete(wait);
                    else _consumers.Join(wait, false);
                    break;
                case ManagerOp.Join:
                    if (_unfinished == 0) wait.Complete();
                    else _joining.Join(wait, false);
                    break;
                default:
                    throw Unsupported(wait.Op);
            }
        }
    }

    public override void Cancel(ServerWait wait)
    {
        lock (_gate)
        {
            if (_producers.Leave(wait) || _consumers.Leave(wait) || _joining.Leave(wait)) wait.GiveUp();
        }
    }

    public override void OnSessionEnded(ClientSession session)
    {
        lock (_gate)
        {
            long[] leases = [.. _leases.Where(leased => leased.Value.Session == session).Select(leased => leased.Key)];
            foreach (long lease in leases) End(lease, isDone: false);
        }
    }

    private PutAnswer Put(StoredValue value)
    {
        if (_isAddingCompleted) return PutAnswer.Completed;
        if (IsFull) return PutAnswer.Full;
        table.AddReferences([value]);
        _items.AddLast(new Item(++_lastItem, value));
        _unfinished++;
        HandOut();
        return PutAnswer.Done;
    }

    private OnItsWay TakeFirst(ManagerOp op, ClientSession session)
    {
        Item item = _items.First!.Value;
        _items.RemoveFirst();

        // Its proxies stay alive until the client has opened them.
        table.Linger(item.Value.References);
        bool isLease = op == ManagerOp.Lease;
        _leases.Add(++_lastLease, new Leased(item, isLease ? session : null));
        return new OnItsWay(this, item, _lastLease, isLease);
    }

    /// <summary>Items to those who wait for one.</summary>
    private void HandOut()
    {
        while (_items.Count > 0 && _consumers.TryNext(out ServerWait wait, out _)) Hand(wait);
    }

    private void Hand(ServerWait wait)
    {
        OnItsWay item = TakeFirst(wait.Op, wait.Session);
        try
        {
            AfterTaking();
        }
        catch (Exception error)
        {
            item.Undo();
            wait.Fail(error);
            return;
        }

        wait.Complete(item.Write, item);
    }

    private void EndLater(long lease, bool isDone)
    {
        lock (_gate) End(lease, isDone);
    }

    /// <summary>Ends a lease: the item is gone, or at the front again.</summary>
    /// <returns>False where it had ended: the process it was given to was taken for dead.</returns>
    private bool End(long lease, bool isDone)
    {
        if (!_leases.Remove(lease, out Leased? leased)) return false;
        if (isDone)
        {
            table.DropReferences([leased.Item.Value]);
        }
        else
        {
            PutBack(leased.Item);
            HandOut();
        }

        AfterTaking();
        return true;
    }

    /// <summary>Lets producers in that wait for space, and consumers go that wait for what will not come.</summary>
    private void AfterTaking()
    {
        while (!IsFull && _producers.TryNext(out ServerWait wait, out StoredValue value)) Admit(wait, value);
        if (!IsCompleted) return;
        foreach (ServerWait wait in _consumers.TakeAll()) Complete(wait);
    }

    private void PutBack(Item item)
    {
        LinkedListNode<Item>? place = _items.First;
        while (place is not null && place.Value.Number < item.Number) place = place.Next;
        if (place is null) _items.AddLast(item);
        else _items.AddBefore(place, item);
    }

    private void Admit(ServerWait producer, StoredValue value)
    {
        try
        {
            Answer(producer, Put(value));
        }
        catch (Exception error)
        {
            producer.Fail(error); // An object whose proxy is in the item is gone, or there is no memory for it.
        }
    }

    private bool TryReportDone()
    {
        if (_unfinished == 0) return false;
        if (--_unfinished > 0) return true;
        foreach (ServerWait wait in _joining.TakeAll()) wait.Complete();
        return true;
    }

    private void CompleteAdding()
    {
        _isAddingCompleted = true;
        foreach (ServerWait wait in _producers.TakeAll()) Answer(wait, PutAnswer.Completed);
        AfterTaking();
    }

    private static void Answer(ServerWait wait, PutAnswer put) => wait.Complete((ref PayloadWriter writer) => writer.WriteMemory((byte)put));

    private static void Complete(ServerWait wait) => wait.Complete(static (ref PayloadWriter writer) => writer.WriteMemory((byte)TakeAnswer.Completed));

    /// <summary>An item in an answer: of one that is leased, the lease goes on when it has come.</summary>
    private sealed class OnItsWay(QueueObject queue, Item item, long lease, bool isLease) : Handover
    {
        public void Write(ref PayloadWriter writer)
        {
            writer.WriteMemory((byte)TakeAnswer.Done);
            writer.WriteMemory(isLease ? lease : 0);
            item.Value.Write(ref writer);
        }

        public override void Confirm()
        {
            if (!isLease) queue.EndLater(lease, isDone: true);
        }

        public override void Undo() => queue.EndLater(lease, isDone: false);
    }

    private sealed record Item(long Number, StoredValue Value);

    /// <param name="Item">What is leased.</param>
    /// <param name="Session">The process whose end returns it; null where only the end of a connection does.</param>
    private sealed record Leased(Item Item, ClientSession? Session);
}
