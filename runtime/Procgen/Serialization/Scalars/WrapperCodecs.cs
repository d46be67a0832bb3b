using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Procgen.Serialization;

namespace Procgen.CompilerServices;

/// <summary>Lazy values: written made.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class LazyCodec<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(Codec<T> value) : Codec<Lazy<T>>
{
    /// <inheritdoc/>
    public override void Write(ref PayloadWriter writer, Lazy<T>? lazy)
    {
        if (lazy is null)
        {
            writer.WriteNullObject();
            return;
        }

        if (lazy.GetType() != typeof(Lazy<T>)) PayloadErrors.MoreDerived(lazy.GetType(), typeof(Lazy<T>), union: false);
        writer.BeginObject(1);
        value.Write(ref writer, lazy.Value);
        writer.EndObject();
    }

    /// <inheritdoc/>
    public override Lazy<T> Read(ref PayloadReader reader)
    {
        if (!reader.TryBeginObject(out int count, 1, nameof(Lazy<T>))) return null!;
        T made = count > 0 ? value.Read(ref reader) : default!;
        reader.EndObject();
        return new Lazy<T>(made);
    }
}

/// <summary>A key and a value, one after the other; where both are their memory, so is the pair.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class KeyValuePairCodec<TKey, TValue>(Codec<TKey> key, Codec<TValue> value) : Codec<KeyValuePair<TKey, TValue>>, IMemoryCodec
{
    private readonly bool _isMemory = PairMemory.IsMemory(key, value);

    private readonly int[] _flags = PairMemory.IsMemory(key, value) ? Flags.Join(Flags.Of(key), Flags.Of(value), PairMemory<TKey, TValue>.ValueOffset) : [];

    bool IMemoryCodec.IsMemory => _isMemory;

    int[] IMemoryCodec.Flags => _flags;

    /// <inheritdoc/>
    public override int MinimumSize => _isMemory ? PairMemory<TKey, TValue>.Size : key.MinimumSize + value.MinimumSize;

    /// <inheritdoc/>
    public override void Write(ref PayloadWriter writer, KeyValuePair<TKey, TValue> pair)
    {
        if (_isMemory)
        {
            PairMemory<TKey, TValue>.Write(ref writer, key, value, pair.Key, pair.Value);
            return;
        }

        key.Write(ref writer, pair.Key);
        value.Write(ref writer, pair.Value);
    }

    /// <inheritdoc/>
    public override KeyValuePair<TKey, TValue> Read(ref PayloadReader reader)
    {
        if (_isMemory) return reader.ReadFlagged<KeyValuePair<TKey, TValue>>(_flags);
        TKey first = key.Read(ref reader);
        return new KeyValuePair<TKey, TValue>(first, value.Read(ref reader));
    }
}
