using Procgen.CompilerServices;

namespace Procgen.Managers;

/// <summary>The state of a <see cref="ManagedDictionary{TKey, TValue}"/> or <see cref="ManagedNamespace"/>. Keys are equal where their bytes are.</summary>
internal sealed class DictionaryObject(ObjectTable table) : ServerObject
{
    private readonly Dictionary<StoredValue, StoredValue> _items = [];

    public override IEnumerable<ulong> References
    {
        get
        {
            lock (_items) return [.. _items.SelectMany(item => item.Key.References.Concat(item.Value.References))];
        }
    }

    public void Fill(StoredValue[] keys, StoredValue[] values)
    {
        for (int i = 0; i < keys.Length; i++)
        {
            if (!TryAdd(keys[i], values[i])) throw new ArgumentException("An item with the same key has been added already.");
        }
    }

    public override void Invoke(ManagerOp op, ref PayloadReader request, ref PayloadWriter answer, ClientSession session)
    {
        lock (_items)
        {
            switch (op)
            {
                case ManagerOp.Get:
                    WriteIfPresent(StoredValue.Read(ref request), ref answer);
                    break;
                case ManagerOp.Set:
                    Set(StoredValue.Read(ref request), StoredValue.Read(ref request));
                    break;
                case ManagerOp.TryAdd:
                    answer.WriteMemory(TryAdd(StoredValue.Read(ref request), StoredValue.Read(ref request)));
                    break;
                case ManagerOp.Add:
                    GetOrAdd(StoredValue.Read(ref request), StoredValue.Read(ref request)).Write(ref answer);
                    break;
                case ManagerOp.TryRemove:
                    TryRemove(StoredValue.Read(ref request), ref answer);
                    break;
                case ManagerOp.TryRemovePair:
                    answer.WriteMemory(TryRemovePair(StoredValue.Read(ref request), StoredValue.Read(ref request)));
                    break;
                case ManagerOp.Contains:
                    answer.WriteMemory(_items.ContainsKey(StoredValue.Read(ref request)));
                    break;
                case ManagerOp.ContainsPair:
                    answer.WriteMemory(Contains(StoredValue.Read(ref request), StoredValue.Read(ref request)));
                    break;
                case ManagerOp.CompareExchange:
                    answer.WriteMemory(CompareExchange(StoredValue.Read(ref request), StoredValue.Read(ref request), StoredValue.Read(ref request)));
                    break;
                default:
                    InvokeOnMany(op, ref request, ref answer);
                    break;
            }
        }
    }

    private void InvokeOnMany(ManagerOp op, ref PayloadReader request, ref PayloadWriter answer)
    {
        switch (op)
        {
            case ManagerOp.Count:
                answer.WriteMemory(_items.Count);
                break;
            case ManagerOp.Snapshot:
                answer.WriteMemory(_items.Count);
                foreach ((StoredValue key, StoredValue value) in _items)
                {
                    key.Write(ref answer);
                    value.Write(ref answer);
                }

                break;
            case ManagerOp.GetMany:
                StoredValue[] keys = StoredValue.ReadMany(ref request);
                foreach (StoredValue key in keys) WriteIfPresent(key, ref answer);
                break;
            case ManagerOp.SetMany:
                StoredValue[] newKeys = StoredValue.ReadMany(ref request);
                StoredValue[] newValues = StoredValue.ReadMany(ref request);
                if (newKeys.Length != newValues.Length) throw new ArgumentException("There must be as many values as keys.");
                for (int i = 0; i < newKeys.Length; i++) Set(newKeys[i], newValues[i]);
                break;
            case ManagerOp.Clear:
                table.DropReferencesLater(_items.Keys);
                table.DropReferencesLater(_items.Values);
                _items.Clear();
                break;
            default:
                throw Unsupported(op);
        }
    }

    private void WriteIfPresent(StoredValue key, ref PayloadWriter answer)
    {
        bool exists = _items.TryGetValue(key, out StoredValue value);
        answer.WriteMemory(exists);
        if (exists) value.Write(ref answer);
    }

    private void Set(StoredValue key, StoredValue value)
    {
        if (TryAdd(key, value)) return;
        StoredValue old = _items[key];
        table.AddReferences([value]);
        _items[key] = value;
        table.DropReferencesLater([old]);
    }

    private bool TryAdd(StoredValue key, StoredValue value)
    {
        if (_items.ContainsKey(key)) return false;
        table.AddReferences([key, value]);
        _items.Add(key, value);
        return true;
    }

    private StoredValue GetOrAdd(StoredValue key, StoredValue value) => TryAdd(key, value) ? value : _items[key];

    private void TryRemove(StoredValue key, ref PayloadWriter answer)
    {
        bool exists = _items.Remove(key, out StoredValue value);
        answer.WriteMemory(exists);
        if (!exists) return;
        value.Write(ref answer);
        table.Linger(value.References);
        table.DropReferencesLater([key, value]);
    }

    private bool Contains(StoredValue key, StoredValue value) => _items.TryGetValue(key, out StoredValue present) && present.Equals(value);

    private bool TryRemovePair(StoredValue key, StoredValue value)
    {
        if (!Contains(key, value)) return false;
        _items.Remove(key, out StoredValue present);
        table.DropReferencesLater([key, present]);
        return true;
    }

    private bool CompareExchange(StoredValue key, StoredValue expected, StoredValue value)
    {
        if (!Contains(key, expected)) return false;
        Set(key, value);
        return true;
    }
}
