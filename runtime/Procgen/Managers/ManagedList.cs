using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Procgen.CompilerServices;
using Procgen.Managers;

namespace Procgen;

/// <summary>A list in a manager's server. Python's <c>Manager().list()</c>.</summary>
/// <remarks>
/// Every member is atomic, and one round trip, except those that compare or compute here (<see cref="Remove"/>,
/// <see cref="Sort"/>, <see cref="Reverse"/>, <see cref="Update"/>): they read, write if nobody else has meanwhile, and else
/// try again. Enumerating takes one snapshot. <c>list[0] += 1</c> is two round trips that another process may come between:
/// <see cref="Update"/> is not. Elements are copies: change one and put it back. They are compared here, by their default equality,
/// by which two proxies of the same object are equal.
/// </remarks>
/// <typeparam name="T">Anything that can cross a process boundary, managed proxies included.</typeparam>
public sealed partial class ManagedList<T> : ManagedProxy, IList<T>, IReadOnlyList<T>, IProcessHandle<ManagedList<T>>
{
    private readonly Codec<T> _codec = Codecs.Get<T>();

    internal ManagedList(ManagerClient client, ulong objectId)
        : base(client, objectId)
    {
    }

    /// <summary>How many items it has.</summary>
    public int Count => Send(Request(ManagerOp.Count)).ReadMemory<int>();

    /// <summary>Always false.</summary>
    public bool IsReadOnly => false;

    /// <summary>One item; assigned items replace what is there.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public T this[int index]
    {
        get => ManagedValues.Read(Send(Getting(index)), _codec);
        set => Send(Setting(index, value));
    }

    /// <summary>Appends an item. Python's <c>append</c>.</summary>
    public void Add(T item) => AddRange([item]);

    /// <summary>Appends items, together and in one round trip. Python's <c>extend</c>.</summary>
    public void AddRange(IEnumerable<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        Send(Adding(items));
    }

    /// <summary>Removes all items.</summary>
    public void Clear() => Send(Request(ManagerOp.Clear));

    /// <summary>Whether an equal item is there.</summary>
    public bool Contains(T item) => IndexOf(item) >= 0;

    /// <inheritdoc/>
    public void CopyTo(T[] array, int arrayIndex) => ToArray().CopyTo(array, arrayIndex);

    /// <summary>Enumerates a snapshot, taken at once.</summary>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The first equal item's index, or −1.</summary>
    public int IndexOf(T item) => Array.IndexOf(ToArray(), item);

    /// <summary>Inserts an item.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative or beyond the end.</exception>
    public void Insert(int index, T item) => Send(Inserting(index, item));

    /// <summary>Removes the first equal item, if there is one.</summary>
    public bool Remove(T item)
    {
        while (true)
        {
            T[] items = Snapshot(out long version);
            int index = Array.IndexOf(items, item);
            if (index < 0) return false;
            if (Send(Request(ManagerOp.TryRemovePair).Add(version).Add(index)).ReadMemory<bool>()) return true;
        }
    }

    /// <summary>Removes the item at an index.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public void RemoveAt(int index) => Send(Request(ManagerOp.RemoveAt).Add(index));

    /// <summary>All items, in one round trip.</summary>
    public T[] ToArray() => Snapshot(out _);

    /// <summary>Sorts the items by their default order.</summary>
    public void Sort() => Rearrange(static items => Array.Sort(items));

    /// <summary>Reverses the items.</summary>
    public void Reverse() => Rearrange(static items => Array.Reverse(items));

    /// <summary>Some items in a row. Python's slice.</summary>
    /// <exception cref="ArgumentException">The range is not inside the list.</exception>
    public T[] GetRange(int index, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return ManagedValues.ReadSnapshot(Send(Taking(index, count)), _codec, out _);
    }

    /// <summary>Removes and returns an item, atomically. Python's <c>pop</c>.</summary>
    /// <param name="index">Its index; a negative one counts from the end.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such item.</exception>
    public T Pop(int index = -1) => TryPop(index, out T? item)
        ? item
        : throw NothingToPop(index);

    /// <summary>Removes and returns the last item, if there is one.</summary>
    public bool TryPop([MaybeNullWhen(false)] out T item) => TryPop(-1, out item);

    /// <summary>Replaces an item by what <paramref name="update"/> makes of it, as if nobody else were there.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="update">Runs in this process, and again where another process was faster.</param>
    /// <returns>The new item.</returns>
    public T Update(int index, Func<T, T> update)
    {
        ArgumentNullException.ThrowIfNull(update);
        while (true)
        {
            (T old, byte[] bytes) = ManagedValues.ReadToReplace(Send(Getting(index)), _codec);
            T item = update(old);
            if (Send(Replacing(index, bytes, item)).ReadMemory<bool>()) return item;
        }
    }

    void IProcessHandle<ManagedList<T>>.WriteHandle(ref PayloadWriter writer) => WriteProxy(ref writer);

    static ManagedList<T> IProcessHandle<ManagedList<T>>.ReadHandle(ref PayloadReader reader)
    {
        (ManagerClient client, ulong id) = ReadProxy(ref reader);
        return new ManagedList<T>(client, id);
    }

    private static ArgumentOutOfRangeException NothingToPop(int index) => new(nameof(index), index, "There is no such item to pop.");

    private ManagerRequest Popping(int index) => Request(ManagerOp.Pop).Add(index);

    private ManagerRequest Getting(int index) => Request(ManagerOp.Get).Add(index);

    private ManagerRequest Setting(int index, T item) => Request(ManagerOp.Set).Add(index).AddValue(_codec, item, Client.ServerId);

    private ManagerRequest Adding(IEnumerable<T> items) => Request(ManagerOp.Add).AddValues(_codec, items, Client.ServerId);

    private ManagerRequest Inserting(int index, T item) => Request(ManagerOp.Insert).Add(index).AddValues(_codec, [item], Client.ServerId);

    private ManagerRequest Replacing(int index, byte[] old, T item) =>
        Request(ManagerOp.CompareExchange).Add(index).AddEncoded(old, null, Client.ServerId).AddValue(_codec, item, Client.ServerId);

    /// <summary>All from the index on where the count is negative.</summary>
    private ManagerRequest Taking(int index, int count) => Request(ManagerOp.Snapshot).Add(index).Add(count);

    private bool TryPop(int index, [MaybeNullWhen(false)] out T item) =>
        ManagedValues.TryRead(Send(Popping(index)), _codec, out item);

    private T[] Snapshot(out long version) =>
        ManagedValues.ReadSnapshot(Send(Taking(0, -1)), _codec, out version);

    private void Rearrange(Action<T[]> change)
    {
        while (true)
        {
            T[] items = Snapshot(out long version);
            change(items);
            ManagerRequest request = Request(ManagerOp.Replace).Add(version).AddValues(_codec, items, Client.ServerId);
            if (Send(request).ReadMemory<bool>()) return;
        }
    }
}
