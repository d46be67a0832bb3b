using System.Diagnostics.CodeAnalysis;
using Procgen.CompilerServices;

namespace Procgen.Managers;

/// <summary>Reads the result in an answer.</summary>
internal delegate TResult AnswerReader<out TResult>(PayloadReader answer);

/// <summary>Reads the values in a server's answers.</summary>
internal static class ManagedValues
{
    /// <summary>
    /// Items as they are now. Enumerated once: the count of what others change meanwhile is another a moment later, also
    /// between the two steps in which a collection would be copied.
    /// </summary>
    public static IReadOnlyCollection<T> Collect<T>(IEnumerable<T> items)
    {
        if (items is T[] array) return array;
        List<T> all = [];
        foreach (T item in items) all.Add(item);
        return all;
    }

    /// <summary>As <see cref="Collect"/>, what goes into a dictionary.</summary>
    /// <exception cref="ArgumentNullException">There are no items, or one's key is null.</exception>
    public static IReadOnlyCollection<KeyValuePair<TKey, TValue>> CollectItems<TKey, TValue>(IEnumerable<KeyValuePair<TKey, TValue>> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        IReadOnlyCollection<KeyValuePair<TKey, TValue>> all = Collect(items);
        foreach (KeyValuePair<TKey, TValue> item in all) ArgumentNullException.ThrowIfNull(item.Key, nameof(items));
        return all;
    }

    /// <summary>As <see cref="Collect"/>, the keys of a dictionary.</summary>
    /// <exception cref="ArgumentNullException">There are no keys, or one is null.</exception>
    public static TKey[] CollectKeys<TKey>(IEnumerable<TKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        TKey[] all = [.. keys];
        foreach (TKey key in all) ArgumentNullException.ThrowIfNull(key, nameof(keys));
        return all;
    }

    public static T Read<T>(PayloadReader answer, Codec<T> codec) => Next(ref answer, codec);

    public static bool TryRead<T>(PayloadReader answer, Codec<T> codec, [MaybeNullWhen(false)] out T value)
    {
        value = default;
        if (!answer.ReadMemory<bool>()) return false;
        value = Next(ref answer, codec);
        return true;
    }

    /// <summary>
    /// Reads a value that is about to be replaced, and its bytes as the server has them: those are what it compares, whatever
    /// the caller does to the value meanwhile.
    /// </summary>
    public static (T Value, byte[] Bytes) ReadToReplace<T>(PayloadReader answer, Codec<T> codec)
    {
        byte[] bytes = answer.TakeSpan(answer.ReadMemory<int>()).ToArray();
        var reader = new PayloadReader(bytes);
        return (codec.Read(ref reader), bytes);
    }

    /// <summary>As <see cref="ReadToReplace"/>, if there is one; else the bytes are null.</summary>
    public static (T Value, byte[]? Bytes) TryReadToReplace<T>(PayloadReader answer, Codec<T> codec) =>
        answer.ReadMemory<bool>() ? ReadToReplace(answer, codec) : default;

    public static T[] ReadSnapshot<T>(PayloadReader answer, Codec<T> codec, out long version)
    {
        version = answer.ReadMemory<long>();
        var items = new T[answer.ReadMemory<int>()];
        for (int i = 0; i < items.Length; i++) items[i] = Next(ref answer, codec);
        return items;
    }

    /// <summary>A value behind its length, which the codec itself does not need.</summary>
    public static T Next<T>(ref PayloadReader answer, Codec<T> codec)
    {
        _ = answer.ReadMemory<int>();
        return codec.Read(ref answer);
    }
}
