namespace Procgen.Managers;

/// <summary>One client process as the server knows it, over all its connections: what it holds ends with it.</summary>
internal sealed class ClientSession(Guid id, string name, int processId)
{
    private readonly Dictionary<ulong, int> _held = [];
    private volatile bool _hasEnded;

    public Guid Id { get; } = id;

    public string Name { get; } = name;

    public int ProcessId { get; } = processId;

    /// <summary>True once the process is gone: what still waits on its behalf gives up.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>One more reason for an object; false where the process is gone. Under the table's lock, as all that follow.</summary>
    public bool Hold(ulong id)
    {
        if (HasEnded) return false;
        _held[id] = _held.GetValueOrDefault(id) + 1;
        return true;
    }

    /// <summary>One reason less; false where there was none.</summary>
    public bool LetGo(ulong id)
    {
        if (!_held.TryGetValue(id, out int count)) return false;
        if (count > 1) _held[id] = count - 1;
        else _held.Remove(id);
        return true;
    }

    /// <summary>Whether a proxy is left in the process.</summary>
    public bool Holds(ulong id) => _held.ContainsKey(id);

    /// <summary>Every reason, each as often as it was given.</summary>
    public ulong[] LetGoOfAll()
    {
        ulong[] all = [.. _held.SelectMany(held => Enumerable.Repeat(held.Key, held.Value))];
        _held.Clear();
        return all;
    }

    public void End() => _hasEnded = true;
}
