using System.Collections;
using Procgen.CompilerServices;
using Procgen.Managers;

namespace Procgen;

/// <summary>An array in a manager's server: a list that keeps its length. Python's <c>Manager().Array()</c>.</summary>
/// <typeparam name="T">Anything that can cross a process boundary.</typeparam>
public sealed class ManagedArray<T> : ManagedProxy, IReadOnlyList<T>, IProcessHandle<ManagedArray<T>>
{
    private readonly Codec<T> _codec = Codecs.Get<T>();

    internal ManagedArray(ManagerClient client, ulong objectId)
        : base(client, objectId)
    {
    }

    /// <summary>How many items it has.</summary>
    public int Length => Send(Request(ManagerOp.Count)).ReadMemory<int>();

    /// <inheritdoc cref="Length"/>
    public int Count => Length;

    /// <summary>One item.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public T this[int index]
    {
        get => ManagedValues.Read(Send(Request(ManagerOp.Get).Add(index)), _codec);
        set => Send(Setting(index, value));
    }

    /// <summary>Reads one item without blocking a thread.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public ValueTask<T> GetAsync(int index, CancellationToken cancellationToken = default) =>
        SendAsync(Request(ManagerOp.Get).Add(index), answer => ManagedValues.Read(answer, _codec), cancellationToken);

    /// <summary>Sets one item without blocking a thread.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="item">The item.</param>
    /// <param name="cancellationToken">Ends the wait; the item may have been set all the same.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public ValueTask SetAsync(int index, T item, CancellationToken cancellationToken = default) => SendAsync(Setting(index, item), cancellationToken);

    /// <summary>All items, in one round trip, without blocking a thread.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<T[]> ToArrayAsync(CancellationToken cancellationToken = default) => SendAsync(All(), answer => ManagedValues.ReadSnapshot(answer, _codec, out _), cancellationToken);

    /// <summary>All items, in one round trip.</summary>
    public T[] ToArray() => ManagedValues.ReadSnapshot(Send(All()), _codec, out _);

    /// <summary>Enumerates a snapshot, taken at once.</summary>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    void IProcessHandle<ManagedArray<T>>.WriteHandle(ref PayloadWriter writer) => WriteProxy(ref writer);

    static ManagedArray<T> IProcessHandle<ManagedArray<T>>.ReadHandle(ref PayloadReader reader)
    {
        (ManagerClient client, ulong id) = ReadProxy(ref reader);
        return new ManagedArray<T>(client, id);
    }

    private ManagerRequest All() => Request(ManagerOp.Snapshot).Add(0).Add(-1);

    private ManagerRequest Setting(int index, T item) => Request(ManagerOp.Set).Add(index).AddValue(_codec, item, Client.ServerId);
}
