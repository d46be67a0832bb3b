using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Procgen.CompilerServices;
using Procgen.Managers;

namespace Procgen;

/// <summary>A dictionary in a manager's server. Python's <c>Manager().dict()</c>.</summary>
/// <remarks>
/// Every member is one round trip, and atomic, except where a function runs here: then it is a read and a compare-and-swap,
/// repeated where another process was faster. Enumerating takes one snapshot. Keys are equal where their encoded bytes are, and
/// so are values. A key that is null is an <see cref="ArgumentNullException"/>.
/// </remarks>
/// <typeparam name="TKey">Anything that can cross a process boundary.</typeparam>
/// <typeparam name="TValue">Anything that can, managed proxies included.</typeparam>
public sealed partial class ManagedDictionary<TKey, TValue> : ManagedProxy, IDictionary<TKey, TValue>, IProcessHandle<ManagedDictionary<TKey, TValue>>
    where TKey : notnull
{
    private readonly Codec<TKey> _keys = Codecs.Get<TKey>();
    private readonly Codec<TValue> _values = Codecs.Get<TValue>();

    internal ManagedDictionary(ManagerClient client, ulong objectId)
        : base(client, objectId)
    {
    }

    /// <summary>How many items it has.</summary>
    public int Count => Send(Request(ManagerOp.Count)).ReadMemory<int>();

    /// <summary>Always false.</summary>
    public bool IsReadOnly => false;

    /// <summary>A snapshot of the keys.</summary>
    public ICollection<TKey> Keys => Array.AsReadOnly(Array.ConvertAll(ToArray(), static item => item.Key));

    /// <summary>A snapshot of the values.</summary>
    public ICollection<TValue> Values => Array.AsReadOnly(Array.ConvertAll(ToArray(), static item => item.Value));

    /// <summary>The value of a key.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public TValue this[TKey key]
    {
        get => TryGetValue(key, out TValue? value) ? value : throw NotThere(key);
        set => Send(Pair(ManagerOp.Set, key, value));
    }

    /// <summary>Adds an item.</summary>
    /// <exception cref="ArgumentException">The key is there already.</exception>
    public void Add(TKey key, TValue value)
    {
        if (!TryAdd(key, value)) throw new ArgumentException($"The key '{key}' is in the managed dictionary already.", nameof(key));
    }

    /// <inheritdoc/>
    public void Add(KeyValuePair<TKey, TValue> item) => Add(item.Key, item.Value);

    /// <summary>Sets many items, together and in one round trip. Python's <c>update</c>.</summary>
    public void SetMany(IEnumerable<KeyValuePair<TKey, TValue>> items) => Send(Setting(items));

    /// <summary>The values of many keys in one round trip; keys that are not there are left out.</summary>
    public Dictionary<TKey, TValue> GetMany(IEnumerable<TKey> keys)
    {
        TKey[] all = ManagedValues.CollectKeys(keys);
        return ReadFound(Send(Getting(all)), all);
    }

    /// <summary>Removes all items.</summary>
    public void Clear() => Send(Request(ManagerOp.Clear));

    /// <summary>Whether the key is there and its value is this one (its bytes are compared).</summary>
    public bool Contains(KeyValuePair<TKey, TValue> item) => Send(Pair(ManagerOp.ContainsPair, item.Key, item.Value)).ReadMemory<bool>();

    /// <summary>Whether there is a value of that key.</summary>
    public bool ContainsKey(TKey key) => Send(About(ManagerOp.Contains, key)).ReadMemory<bool>();

    /// <inheritdoc/>
    public void CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex) => ToArray().CopyTo(array, arrayIndex);

    /// <summary>Enumerates a snapshot, taken at once.</summary>
    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => ((IEnumerable<KeyValuePair<TKey, TValue>>)ToArray()).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Removes an item, if it is there.</summary>
    public bool Remove(TKey key) => TryRemove(key, out _);

    /// <summary>Removes an item, if the key is there and its value is this one (its bytes are compared).</summary>
    public bool Remove(KeyValuePair<TKey, TValue> item) => Send(Pair(ManagerOp.TryRemovePair, item.Key, item.Value)).ReadMemory<bool>();

    /// <summary>The value of a key, if there is one.</summary>
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) =>
        ManagedValues.TryRead(Send(About(ManagerOp.Get, key)), _values, out value);

    /// <summary>All items, in one round trip.</summary>
    public KeyValuePair<TKey, TValue>[] ToArray() => ReadAll(Send(Request(ManagerOp.Snapshot)));

    /// <summary>Adds an item unless its key is there.</summary>
    /// <returns>Whether it was added.</returns>
    public bool TryAdd(TKey key, TValue value) => Send(Pair(ManagerOp.TryAdd, key, value)).ReadMemory<bool>();

    /// <summary>Replaces the value of a key where it is <paramref name="comparisonValue"/> (its bytes are compared).</summary>
    /// <returns>Whether it was replaced.</returns>
    public bool TryUpdate(TKey key, TValue newValue, TValue comparisonValue) =>
        Send(Pair(ManagerOp.CompareExchange, key, comparisonValue).AddValue(_values, newValue, Client.ServerId)).ReadMemory<bool>();

    /// <summary>Removes and returns the value of a key, if there is one. Python's <c>pop</c>.</summary>
    public bool TryRemove(TKey key, [MaybeNullWhen(false)] out TValue value) =>
        ManagedValues.TryRead(Send(About(ManagerOp.TryRemove, key)), _values, out value);

    /// <summary>The value of a key, which is <paramref name="value"/> where it had none. Python's <c>setdefault</c>.</summary>
    public TValue GetOrAdd(TKey key, TValue value) => ManagedValues.Read(Send(Pair(ManagerOp.Add, key, value)), _values);

    /// <summary>The value of a key; where it has none, what <paramref name="create"/> makes.</summary>
    /// <param name="key">The key.</param>
    /// <param name="create">Runs in this process; its value is dropped where another process was faster.</param>
    public TValue GetOrAdd(TKey key, Func<TKey, TValue> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        return TryGetValue(key, out TValue? value) ? value : GetOrAdd(key, create(key));
    }

    /// <summary>Adds a value, or replaces the one that is there by what <paramref name="update"/> makes of it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="addValue">Its value where it has none.</param>
    /// <param name="update">Runs in this process, and again where another process was faster.</param>
    /// <returns>The new value.</returns>
    public TValue AddOrUpdate(TKey key, TValue addValue, Func<TKey, TValue, TValue> update)
    {
        ArgumentNullException.ThrowIfNull(update);
        while (true)
        {
            (TValue old, byte[]? bytes) = ManagedValues.TryReadToReplace(Send(About(ManagerOp.Get, key)), _values);
            TValue value = bytes is null ? addValue : update(key, old);
            if (Send(bytes is null ? Pair(ManagerOp.TryAdd, key, value) : Replacing(key, bytes, value)).ReadMemory<bool>()) return value;
        }
    }

    void IProcessHandle<ManagedDictionary<TKey, TValue>>.WriteHandle(ref PayloadWriter writer) => WriteProxy(ref writer);

    static ManagedDictionary<TKey, TValue> IProcessHandle<ManagedDictionary<TKey, TValue>>.ReadHandle(ref PayloadReader reader)
    {
        (ManagerClient client, ulong id) = ReadProxy(ref reader);
        return new ManagedDictionary<TKey, TValue>(client, id);
    }

    private static KeyNotFoundException NotThere(TKey key) => new($"The key '{key}' is not in the managed dictionary.");

    private ManagerRequest About(ManagerOp op, TKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Request(op).AddValue(_keys, key, Client.ServerId);
    }

    private ManagerRequest Getting(TKey[] keys) => Request(ManagerOp.GetMany).AddValues(_keys, keys, Client.ServerId);

    private ManagerRequest Setting(IEnumerable<KeyValuePair<TKey, TValue>> items)
    {
        IReadOnlyCollection<KeyValuePair<TKey, TValue>> all = ManagedValues.CollectItems(items);
        return Request(ManagerOp.SetMany)
            .AddValues(_keys, all.Select(static item => item.Key), Client.ServerId)
            .AddValues(_values, all.Select(static item => item.Value), Client.ServerId);
    }

    private ManagerRequest Replacing(TKey key, byte[] old, TValue value) =>
        About(ManagerOp.CompareExchange, key).AddEncoded(old, null, Client.ServerId).AddValue(_values, value, Client.ServerId);

    private Dictionary<TKey, TValue> ReadFound(PayloadReader answer, TKey[] keys)
    {
        var found = new Dictionary<TKey, TValue>(keys.Length);
        foreach (TKey key in keys)
        {
            if (answer.ReadMemory<bool>()) found[key] = ManagedValues.Next(ref answer, _values);
        }

        return found;
    }

    private KeyValuePair<TKey, TValue>[] ReadAll(PayloadReader answer)
    {
        var items = new KeyValuePair<TKey, TValue>[answer.ReadMemory<int>()];
        for (int i = 0; i < items.Length; i++)
        {
            TKey key = ManagedValues.Next(ref answer, _keys);
            items[i] = new KeyValuePair<TKey, TValue>(key, ManagedValues.Next(ref answer, _values));
        }

        return items;
    }

    private ManagerRequest Pair(ManagerOp op, TKey key, TValue value) =>
        About(op, key).AddValue(_values, value, Client.ServerId);
}
