using Procgen.Managers;

namespace Procgen;

// The same requests without blocking a thread. Each is sent before the method returns; whoever cancels gives up the answer,
// and the server may have done what was asked all the same.
public sealed partial class ManagedDictionary<TKey, TValue>
{
    /// <summary>How many items it has.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<int> CountAsync(CancellationToken cancellationToken = default) =>
        SendAsync(Request(ManagerOp.Count), static answer => answer.ReadMemory<int>(), cancellationToken);

    /// <summary>The value of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public ValueTask<TValue> GetAsync(TKey key, CancellationToken cancellationToken = default) =>
        SendAsync(About(ManagerOp.Get, key), answer => ManagedValues.TryRead(answer, _values, out TValue? value) ? value : throw NotThere(key), cancellationToken);

    /// <summary>Sets the value of a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="cancellationToken">Ends the wait; the value may have been set all the same.</param>
    public ValueTask SetAsync(TKey key, TValue value, CancellationToken cancellationToken = default) => SendAsync(Pair(ManagerOp.Set, key, value), cancellationToken);

    /// <summary>Sets many items, together and in one round trip. Python's <c>update</c>.</summary>
    /// <param name="items">The items.</param>
    /// <param name="cancellationToken">Ends the wait; the items may have been set all the same.</param>
    public ValueTask SetManyAsync(IEnumerable<KeyValuePair<TKey, TValue>> items, CancellationToken cancellationToken = default) =>
        SendAsync(Setting(items), cancellationToken);

    /// <summary>The values of many keys in one round trip; keys that are not there are left out.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<Dictionary<TKey, TValue>> GetManyAsync(IEnumerable<TKey> keys, CancellationToken cancellationToken = default)
    {
        TKey[] all = ManagedValues.CollectKeys(keys);
        return SendAsync(Getting(all), answer => ReadFound(answer, all), cancellationToken);
    }

    /// <summary>Whether there is a value of that key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<bool> ContainsKeyAsync(TKey key, CancellationToken cancellationToken = default) =>
        SendAsync(About(ManagerOp.Contains, key), static answer => answer.ReadMemory<bool>(), cancellationToken);

    /// <summary>Adds an item unless its key is there.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="cancellationToken">Ends the wait; the item may have been added all the same.</param>
    /// <returns>Whether it was added.</returns>
    public ValueTask<bool> TryAddAsync(TKey key, TValue value, CancellationToken cancellationToken = default) =>
        SendAsync(Pair(ManagerOp.TryAdd, key, value), static answer => answer.ReadMemory<bool>(), cancellationToken);

    /// <summary>Removes an item, if it is there.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="cancellationToken">Ends the wait; the item may have been removed all the same.</param>
    /// <returns>Whether it was there.</returns>
    public ValueTask<bool> RemoveAsync(TKey key, CancellationToken cancellationToken = default) =>
        SendAsync(About(ManagerOp.TryRemove, key), static answer => answer.ReadMemory<bool>(), cancellationToken);

    /// <summary>Removes all items.</summary>
    /// <param name="cancellationToken">Ends the wait; the items may have been removed all the same.</param>
    public ValueTask ClearAsync(CancellationToken cancellationToken = default) => SendAsync(Request(ManagerOp.Clear), cancellationToken);

    /// <summary>All items, in one round trip.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<KeyValuePair<TKey, TValue>[]> ToArrayAsync(CancellationToken cancellationToken = default) =>
        SendAsync(Request(ManagerOp.Snapshot), ReadAll, cancellationToken);

    /// <summary>The value of a key, which is <paramref name="value"/> where it had none. Python's <c>setdefault</c>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">Its value where it has none.</param>
    /// <param name="cancellationToken">Ends the wait; the value may have been added all the same.</param>
    public ValueTask<TValue> GetOrAddAsync(TKey key, TValue value, CancellationToken cancellationToken = default) =>
        SendAsync(Pair(ManagerOp.Add, key, value), answer => ManagedValues.Read(answer, _values), cancellationToken);

    /// <summary>Adds a value, or replaces the one that is there by what <paramref name="update"/> makes of it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="addValue">Its value where it has none.</param>
    /// <param name="update">Runs in this process, and again where another process was faster.</param>
    /// <param name="cancellationToken">Ends the wait; the value may have been set all the same.</param>
    /// <returns>The new value.</returns>
    public async ValueTask<TValue> AddOrUpdateAsync(TKey key, TValue addValue, Func<TKey, TValue, TValue> update, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(update);
        while (true)
        {
            (TValue old, byte[]? bytes) = await SendAsync(About(ManagerOp.Get, key), answer => ManagedValues.TryReadToReplace(answer, _values), cancellationToken).ConfigureAwait(false);
            TValue value = bytes is null ? addValue : update(key, old);
            ManagerRequest request = bytes is null ? Pair(ManagerOp.TryAdd, key, value) : Replacing(key, bytes, value);
            if (await SendAsync(request, static answer => answer.ReadMemory<bool>(), cancellationToken).ConfigureAwait(false)) return value;
        }
    }
}
