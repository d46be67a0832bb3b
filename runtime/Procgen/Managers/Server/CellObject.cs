using Procgen.CompilerServices;

namespace Procgen.Managers;

/// <summary>The state of a <see cref="ManagedValue{T}"/>.</summary>
internal sealed class CellObject(ObjectTable table) : ServerObject
{
    private readonly object _gate = new();
    private StoredValue _value;

    public override IEnumerable<ulong> References
    {
        get
        {
            lock (_gate) return _value.References ?? [];
        }
    }

    public void Set(StoredValue value)
    {
        table.AddReferences([value]);
        StoredValue old = _value;
        _value = value;
        if (old.Bytes is not null) table.DropReferencesLater([old]);
    }

    public override void Invoke(ManagerOp op, ref PayloadReader request, ref PayloadWriter answer, ClientSession session)
    {
        lock (_gate)
        {
            switch (op)
            {
                case ManagerOp.Get:
                    _value.Write(ref answer);
                    break;
                case ManagerOp.Set:
                    Set(StoredValue.Read(ref request));
                    break;
                case ManagerOp.CompareExchange:
                    StoredValue expected = StoredValue.Read(ref request);
                    StoredValue value = StoredValue.Read(ref request);
                    bool isSame = _value.Equals(expected);
                    if (isSame) Set(value);
                    answer.WriteMemory(isSame);
                    break;
                default:
                    throw Unsupported(op);
            }
        }
    }
}
