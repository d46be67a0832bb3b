namespace Procgen.Pools;

/// <summary>Workers that were given something under the lock and are written to outside it: mostly one.</summary>
internal struct FlushList
{
    private PoolMember? _first;
    private List<PoolMember>? _rest;

    public void Add(PoolMember member)
    {
        member.CountAsSent();
        if (_first is null || ReferenceEquals(_first, member)) _first = member;
        else if (_rest?.Contains(member) != true) (_rest ??= []).Add(member);
    }

    public readonly void Flush()
    {
        _first?.Flush();
        foreach (PoolMember member in _rest ?? []) member.Flush();
    }
}
