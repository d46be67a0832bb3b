using System.ComponentModel;
using System.Runtime.CompilerServices;
using Procgen.Serialization;

namespace Procgen.CompilerServices;

/// <summary>Dictionaries. A comparer does not cross: the other side's uses the default one.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class DictionaryCodec<TKey, TValue>(Codec<TKey> key, Codec<TValue> value) : Codec<Dictionary<TKey, TValue>>
    where TKey : notnull
{
    private readonly bool _isMemory = PairMemory.IsMemory(key, value);
    private readonly KeyValuePairCodec<TKey, TValue> _pair = new(key, value);
    private readonly int _pairSize = new KeyValuePairCodec<TKey, TValue>(key, value).MinimumSize;

    /// <inheritdoc/>
    public override int MinimumSize => sizeof(int);

    /// <inheritdoc/>
    public override void Write(ref PayloadWriter writer, Dictionary<TKey, TValue>? dictionary)
    {
        if (dictionary is null)
        {
            writer.WriteNullCollection();
            return;
        }

        Type type = dictionary.GetType();
        if (type != typeof(Dictionary<TKey, TValue>)) PayloadErrors.MoreDerived(type, typeof(Dictionary<TKey, TValue>), union: false);
        writer.WriteMemory(dictionary.Count);
        if (_isMemory)
        {
            foreach ((TKey k, TValue v) in dictionary) PairMemory<TKey, TValue>.Write(ref writer, key, value, k, v);
            return;
        }

        if (typeof(TKey) == typeof(string) && key is StringCodec)
        {
            TextKeys.Write(ref writer, Unsafe.As<Dictionary<string, TValue>>(dictionary), value);
            return;
        }

        int index = 0;
        try
        {
            foreach ((TKey k, TValue v) in dictionary)
            {
                key.Write(ref writer, k);
                value.Write(ref writer, v);
                index++;
            }
        }
        catch (ProcessSerializationException error) when (MemberPath.Note(error, index))
        {
            throw;
        }
    }

    /// <inheritdoc/>
    public override Dictionary<TKey, TValue> Read(ref PayloadReader reader)
    {
        if (!reader.TryBeginCollection(_pairSize, out int count)) return null!;
        Dictionary<TKey, TValue> dictionary = new(count);
        int index = 0;
        try
        {
            for (; index < count; index++)
            {
                reader.NextElement(_pairSize);
                if (_isMemory)
                {
                    KeyValuePair<TKey, TValue> pair = _pair.Read(ref reader);
                    dictionary.Add(pair.Key, pair.Value);
                    continue;
                }

                TKey k = key.Read(ref reader);
                dictionary.Add(k, value.Read(ref reader));
            }
        }
        catch (Exception error) when (MemberPath.NoteOrCatch(error, index))
        {
            // A key that is null, or there twice, or whose own hash code fails.
            PayloadErrors.Invalid(typeof(Dictionary<TKey, TValue>), error);
        }

        return dictionary;
    }
}
