namespace Procgen.Managers;

/// <summary>Who waits for the same thing at one object, first come, first served. Under the object's lock.</summary>
/// <typeparam name="T">What is kept of each.</typeparam>
internal sealed class WaitLine<T>
{
    private readonly LinkedList<(ServerWait Wait, T Detail)> _line = new();
    private readonly Dictionary<ServerWait, LinkedListNode<(ServerWait Wait, T Detail)>> _places = [];

    public bool IsEmpty => _line.Count == 0;

    public void Join(ServerWait wait, T detail) => _places.Add(wait, _line.AddLast((wait, detail)));

    /// <returns>Whether it stood in the line.</returns>
    public bool Leave(ServerWait wait)
    {
        if (!_places.Remove(wait, out LinkedListNode<(ServerWait Wait, T Detail)>? place)) return false;
        _line.Remove(place);
        return true;
    }

    /// <summary>Takes the first out whom anybody can still answer; those who are gone leave with it.</summary>
    public bool TryNext(out ServerWait wait, out T detail)
    {
        while (_line.First is { } first)
        {
            (wait, detail) = first.Value;
            Leave(wait);
            if (!wait.HasGone) return true;
        }

        (wait, detail) = (null!, default!);
        return false;
    }

    /// <summary>Takes all out, as <see cref="TryNext"/> does.</summary>
    public IEnumerable<ServerWait> TakeAll()
    {
        while (TryNext(out ServerWait wait, out _)) yield return wait;
    }
}
