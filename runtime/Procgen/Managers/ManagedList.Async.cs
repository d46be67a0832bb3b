using Procgen.Managers;

namespace Procgen;

// The same requests without blocking a thread. Each is sent before the method returns; whoever cancels gives up the answer,
// and the server may have done what was asked all the same.
public sealed partial class ManagedList<T>
{
    /// <summary>How many items it has.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<int> CountAsync(CancellationToken cancellationToken = default) =>
        SendAsync(Request(ManagerOp.Count), static answer => answer.ReadMemory<int>(), cancellationToken);

    /// <summary>One item.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public ValueTask<T> GetAsync(int index, CancellationToken cancellationToken = default) =>
        SendAsync(Getting(index), answer => ManagedValues.Read(answer, _codec), cancellationToken);

    /// <summary>Replaces an item.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="item">The new one.</param>
    /// <param name="cancellationToken">Ends the wait; the item may have been replaced all the same.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public ValueTask SetAsync(int index, T item, CancellationToken cancellationToken = default) => SendAsync(Setting(index, item), cancellationToken);

    /// <summary>Appends an item. Python's <c>append</c>.</summary>
    /// <param name="item">The item.</param>
    /// <param name="cancellationToken">Ends the wait; the item may have been appended all the same.</param>
    public ValueTask AddAsync(T item, CancellationToken cancellationToken = default) => SendAsync(Adding([item]), cancellationToken);

    /// <summary>Appends items, together and in one round trip. Python's <c>extend</c>.</summary>
    /// <param name="items">The items.</param>
    /// <param name="cancellationToken">Ends the wait; the items may have been appended all the same.</param>
    public ValueTask AddRangeAsync(IEnumerable<T> items, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        return SendAsync(Adding(items), cancellationToken);
    }

    /// <summary>Inserts an item.</summary>
    /// <param name="index">Where.</param>
    /// <param name="item">The item.</param>
    /// <param name="cancellationToken">Ends the wait; the item may have been inserted all the same.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative or beyond the end.</exception>
    public ValueTask InsertAsync(int index, T item, CancellationToken cancellationToken = default) => SendAsync(Inserting(index, item), cancellationToken);

    /// <summary>Removes the item at an index.</summary>
    /// <param name="index">The index.</param>
    /// <param name="cancellationToken">Ends the wait; the item may have been removed all the same.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public ValueTask RemoveAtAsync(int index, CancellationToken cancellationToken = default) => SendAsync(Request(ManagerOp.RemoveAt).Add(index), cancellationToken);

    /// <summary>Removes all items.</summary>
    /// <param name="cancellationToken">Ends the wait; the items may have been removed all the same.</param>
    public ValueTask ClearAsync(CancellationToken cancellationToken = default) => SendAsync(Request(ManagerOp.Clear), cancellationToken);

    /// <summary>All items, in one round trip.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<T[]> ToArrayAsync(CancellationToken cancellationToken = default) => TakeAsync(0, -1, cancellationToken);

    /// <summary>Some items in a row. Python's slice.</summary>
    /// <param name="index">The first one's index.</param>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">The range is not inside the list.</exception>
    public ValueTask<T[]> GetRangeAsync(int index, int count, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return TakeAsync(index, count, cancellationToken);
    }

    /// <summary>Removes and returns an item, atomically. Python's <c>pop</c>.</summary>
    /// <param name="index">Its index; a negative one counts from the end.</param>
    /// <param name="cancellationToken">Ends the wait; the item may have been removed all the same.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such item.</exception>
    public ValueTask<T> PopAsync(int index = -1, CancellationToken cancellationToken = default) =>
        SendAsync(Popping(index), answer => ManagedValues.TryRead(answer, _codec, out T? item) ? item : throw NothingToPop(index), cancellationToken);

    /// <summary>Replaces an item by what <paramref name="update"/> makes of it, as if nobody else were there.</summary>
    /// <param name="index">Its index.</param>
    /// <param name="update">Runs in this process, and again where another process was faster.</param>
    /// <param name="cancellationToken">Ends the wait; the item may have been replaced all the same.</param>
    /// <returns>The new item.</returns>
    public async ValueTask<T> UpdateAsync(int index, Func<T, T> update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        while (true)
        {
            (T old, byte[] bytes) = await SendAsync(Getting(index), answer => ManagedValues.ReadToReplace(answer, _codec), cancellationToken).ConfigureAwait(false);
            T item = update(old);
            if (await SendAsync(Replacing(index, bytes, item), static answer => answer.ReadMemory<bool>(), cancellationToken).ConfigureAwait(false)) return item;
        }
    }

    private ValueTask<T[]> TakeAsync(int index, int count, CancellationToken cancellationToken) =>
        SendAsync(Taking(index, count), answer => ManagedValues.ReadSnapshot(answer, _codec, out _), cancellationToken);
}
