using Procgen.CompilerServices;

namespace Procgen.Managers;

/// <summary>The state of a <see cref="ManagedList{T}"/> or <see cref="ManagedArray{T}"/>.</summary>
internal sealed class ListObject(ObjectTable table, bool isFixedSize) : ServerObject
{
    private readonly List<StoredValue> _items = [];

    /// <summary>Counts changes, so that a client can replace what it has seen and nothing else.</summary>
    private long _version;

    public override IEnumerable<ulong> References
    {
        get
        {
            lock (_items) return [.. _items.SelectMany(item => item.References)];
        }
    }

    public void Fill(StoredValue[] values)
    {
        table.AddReferences(values);
        _items.AddRange(values);
    }

    public override void Invoke(ManagerOp op, ref PayloadReader request, ref PayloadWriter answer, ClientSession session)
    {
        lock (_items)
        {
            switch (op)
            {
                case ManagerOp.Get:
                    ItemAt(request.ReadMemory<int>()).Write(ref answer);
                    break;
                case ManagerOp.Count:
                    answer.WriteMemory(_items.Count);
                    break;
                case ManagerOp.Snapshot:
                    WriteRange(request.ReadMemory<int>(), request.ReadMemory<int>(), ref answer);
                    break;
                case ManagerOp.Set:
                    SetAt(request.ReadMemory<int>(), StoredValue.Read(ref request));
                    break;
                case ManagerOp.CompareExchange:
                    answer.WriteMemory(CompareExchange(request.ReadMemory<int>(), StoredValue.Read(ref request), StoredValue.Read(ref request)));
                    break;
                default:
                    if (isFixedSize) throw Unsupported(op);
                    InvokeResizing(op, ref request, ref answer);
                    break;
            }
        }
    }

    private void InvokeResizing(ManagerOp op, ref PayloadReader request, ref PayloadWriter answer)
    {
        switch (op)
        {
            case ManagerOp.Add:
                Insert(_items.Count, StoredValue.ReadMany(ref request));
                break;
            case ManagerOp.Insert:
                Insert(request.ReadMemory<int>(), StoredValue.ReadMany(ref request));
                break;
            case ManagerOp.RemoveAt:
                RemoveAt(request.ReadMemory<int>());
                break;
            case ManagerOp.Pop:
                Pop(request.ReadMemory<int>(), ref answer);
                break;
            case ManagerOp.TryRemovePair:
                answer.WriteMemory(TryRemove(request.ReadMemory<long>(), request.ReadMemory<int>()));
                break;
            case ManagerOp.Replace:
                answer.WriteMemory(TryReplace(request.ReadMemory<long>(), StoredValue.ReadMany(ref request)));
                break;
            case ManagerOp.Clear:
                Drop(_items);
                _items.Clear();
                _version++;
                break;
            default:
                throw Unsupported(op);
        }
    }

    private StoredValue ItemAt(int index) => (uint)index < (uint)_items.Count
        ? _items[index]
        : throw new ArgumentOutOfRangeException(nameof(index), $"Index {index} is outside a collection of {_items.Count}.");

    private void SetAt(int index, StoredValue value)
    {
        StoredValue old = ItemAt(index);
        table.AddReferences([value]);
        _items[index] = value;
        _version++;
        Drop([old]);
    }

    private bool CompareExchange(int index, StoredValue expected, StoredValue value)
    {
        if (!ItemAt(index).Equals(expected)) return false;
        SetAt(index, value);
        return true;
    }

    private void Insert(int index, StoredValue[] values)
    {
        if ((uint)index > (uint)_items.Count) throw new ArgumentOutOfRangeException(nameof(index), $"Index {index} is outside a collection of {_items.Count}.");
        table.AddReferences(values);
        _items.InsertRange(index, values);
        _version++;
    }

    private void RemoveAt(int index)
    {
        StoredValue old = ItemAt(index);
        _items.RemoveAt(index);
        _version++;
        Drop([old]);
    }

    /// <summary>Python's pop: −1 is the last. Writes whether there was one, and it.</summary>
    private void Pop(int index, ref PayloadWriter answer)
    {
        int at = index < 0 ? _items.Count + index : index;
        bool exists = (uint)at < (uint)_items.Count;
        answer.WriteMemory(exists);
        if (!exists) return;
        _items[at].Write(ref answer);

        // Its proxies stay alive until the client has opened them.
        table.Linger(_items[at].References);
        RemoveAt(at);
    }

    private bool TryRemove(long version, int index)
    {
        if (_version != version) return false;
        RemoveAt(index);
        return true;
    }

    private bool TryReplace(long version, StoredValue[] values)
    {
        if (_version != version) return false;
        table.AddReferences(values);
        Drop(_items);
        _items.Clear();
        _items.AddRange(values);
        _version++;
        return true;
    }

    private void WriteRange(int index, int count, ref PayloadWriter answer)
    {
        if (count < 0) count = _items.Count - index;
        if (index < 0 || count < 0 || index > _items.Count - count)
            throw new ArgumentException($"A range of {count} from {index} is outside a collection of {_items.Count}.");
        answer.WriteMemory(_version);
        answer.WriteMemory(count);
        for (int i = index; i < index + count; i++) _items[i].Write(ref answer);
    }

    private void Drop(IEnumerable<StoredValue> values) => table.DropReferencesLater(values);
}
