namespace Procgen.Serialization;

/// <summary>The objects of one payload that others refer to, numbered in order of first appearance.</summary>
internal sealed class ReferenceTable
{
    private readonly Dictionary<object, uint> _ids = new(ReferenceEqualityComparer.Instance);
    private readonly Stack<MemberBuffer> _free = new();

    /// <summary>Gives an object the next number.</summary>
    /// <returns>False where it has one already.</returns>
    public bool TryAdd(object value, out uint id)
    {
        if (_ids.TryGetValue(value, out id)) return false;
        id = (uint)_ids.Count;
        _ids.Add(value, id);
        return true;
    }

    public MemberBuffer Rent() => _free.TryPop(out MemberBuffer? buffer) ? buffer : new MemberBuffer();

    public void Return(MemberBuffer buffer)
    {
        buffer.Clear();
        _free.Push(buffer);
    }
}
