using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.ComponentModel;
using Procgen.Serialization;

namespace Procgen.CompilerServices;

/// <summary>The base class library's dictionaries, by the names of their types. Comparers do not cross.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class DictionaryCodecs
{
    /// <summary>In order of the keys, a tree.</summary>
    public static Codec<SortedDictionary<TKey, TValue>> SortedDictionary<TKey, TValue>(Codec<TKey> key, Codec<TValue> value)
        where TKey : notnull => Make<SortedDictionary<TKey, TValue>, TKey, TValue>(key, value, CollectionKind.Exact, static pairs =>
        {
            SortedDictionary<TKey, TValue> dictionary = [];
            foreach (KeyValuePair<TKey, TValue> pair in pairs) dictionary.Add(pair.Key, pair.Value);
            return dictionary;
        });

    /// <summary>In order of the keys, an array.</summary>
    public static Codec<SortedList<TKey, TValue>> SortedList<TKey, TValue>(Codec<TKey> key, Codec<TValue> value)
        where TKey : notnull => Make<SortedList<TKey, TValue>, TKey, TValue>(key, value, CollectionKind.Exact, static pairs =>
        {
            SortedList<TKey, TValue> list = new(pairs.Length);
            foreach (KeyValuePair<TKey, TValue> pair in pairs) list.Add(pair.Key, pair.Value);
            return list;
        });

#if NET9_0_OR_GREATER
    /// <summary>In order of insertion.</summary>
    public static Codec<OrderedDictionary<TKey, TValue>> OrderedDictionary<TKey, TValue>(Codec<TKey> key, Codec<TValue> value)
        where TKey : notnull => Make<OrderedDictionary<TKey, TValue>, TKey, TValue>(key, value, CollectionKind.Exact, static pairs =>
        {
            OrderedDictionary<TKey, TValue> dictionary = new(pairs.Length);
            foreach (KeyValuePair<TKey, TValue> pair in pairs) dictionary.Add(pair.Key, pair.Value);
            return dictionary;
        });
#endif

    /// <summary>Any dictionary; read as a <see cref="Dictionary{TKey,TValue}"/>.</summary>
    public static Codec<IDictionary<TKey, TValue>> IDictionary<TKey, TValue>(Codec<TKey> key, Codec<TValue> value)
        where TKey : notnull => Make<IDictionary<TKey, TValue>, TKey, TValue>(key, value, CollectionKind.Open, ToDictionary);

    /// <summary>Any dictionary that is read only; read as a <see cref="Dictionary{TKey,TValue}"/>.</summary>
    public static Codec<IReadOnlyDictionary<TKey, TValue>> IReadOnlyDictionary<TKey, TValue>(Codec<TKey> key, Codec<TValue> value)
        where TKey : notnull => Make<IReadOnlyDictionary<TKey, TValue>, TKey, TValue>(key, value, CollectionKind.Open, ToDictionary);

    /// <summary>One that is read only, over a dictionary of its own.</summary>
    public static Codec<ReadOnlyDictionary<TKey, TValue>> ReadOnlyDictionary<TKey, TValue>(Codec<TKey> key, Codec<TValue> value)
        where TKey : notnull => Make<ReadOnlyDictionary<TKey, TValue>, TKey, TValue>(
            key,
            value,
            CollectionKind.Exact,
            static pairs => new ReadOnlyDictionary<TKey, TValue>(ToDictionary(pairs)));

    /// <summary>Many threads'.</summary>
    public static Codec<ConcurrentDictionary<TKey, TValue>> ConcurrentDictionary<TKey, TValue>(Codec<TKey> key, Codec<TValue> value)
        where TKey : notnull => Make<ConcurrentDictionary<TKey, TValue>, TKey, TValue>(
            key,
            value,
            CollectionKind.Shared,
            static pairs => new ConcurrentDictionary<TKey, TValue>(ToDictionary(pairs)));

    /// <summary>One that never changes, by hash code.</summary>
    public static Codec<ImmutableDictionary<TKey, TValue>> ImmutableDictionary<TKey, TValue>(Codec<TKey> key, Codec<TValue> value)
        where TKey : notnull => Make<ImmutableDictionary<TKey, TValue>, TKey, TValue>(
            key,
            value,
            CollectionKind.Exact,
            static pairs => ToDictionary(pairs).ToImmutableDictionary());

    /// <summary>Any immutable dictionary; read as an <see cref="ImmutableDictionary{TKey,TValue}"/>.</summary>
    public static Codec<IImmutableDictionary<TKey, TValue>> IImmutableDictionary<TKey, TValue>(Codec<TKey> key, Codec<TValue> value)
        where TKey : notnull => Make<IImmutableDictionary<TKey, TValue>, TKey, TValue>(
            key,
            value,
            CollectionKind.Open,
            static pairs => ToDictionary(pairs).ToImmutableDictionary());

    /// <summary>One that never changes, in order of the keys.</summary>
    public static Codec<ImmutableSortedDictionary<TKey, TValue>> ImmutableSortedDictionary<TKey, TValue>(Codec<TKey> key, Codec<TValue> value)
        where TKey : notnull => Make<ImmutableSortedDictionary<TKey, TValue>, TKey, TValue>(
            key,
            value,
            CollectionKind.Exact,
            static pairs => ToDictionary(pairs).ToImmutableSortedDictionary());

    /// <summary>One made once for many look-ups.</summary>
    public static Codec<FrozenDictionary<TKey, TValue>> FrozenDictionary<TKey, TValue>(Codec<TKey> key, Codec<TValue> value)
        where TKey : notnull => Make<FrozenDictionary<TKey, TValue>, TKey, TValue>(
            key,
            value,
            CollectionKind.Open,
            static pairs => ToDictionary(pairs).ToFrozenDictionary());

    private static CollectionCodec<TDictionary, KeyValuePair<TKey, TValue>> Make<TDictionary, TKey, TValue>(
        Codec<TKey> key,
        Codec<TValue> value,
        CollectionKind kind,
        CollectionBuilder<TDictionary, KeyValuePair<TKey, TValue>> build)
        where TDictionary : IEnumerable<KeyValuePair<TKey, TValue>> => new(new KeyValuePairCodec<TKey, TValue>(key, value), kind, build);

    private static Dictionary<TKey, TValue> ToDictionary<TKey, TValue>(ReadOnlySpan<KeyValuePair<TKey, TValue>> pairs)
        where TKey : notnull
    {
        Dictionary<TKey, TValue> dictionary = new(pairs.Length);
        foreach (KeyValuePair<TKey, TValue> pair in pairs) dictionary.Add(pair.Key, pair.Value);
        return dictionary;
    }
}
