using System.Runtime.CompilerServices;
using Procgen.CompilerServices;

namespace Procgen.Serialization;

/// <summary>The memory of <see cref="KeyValuePair{TKey,TValue}"/> where key and value are theirs.</summary>
internal static class PairMemory
{
    /// <summary>Whether pairs are written as memory: both types hold no references and have no codec of the user's.</summary>
    public static bool IsMemory<TKey, TValue>(Codec<TKey> key, Codec<TValue> value) =>
        !RuntimeHelpers.IsReferenceOrContainsReferences<KeyValuePair<TKey, TValue>>() && key is IMemoryCodec { IsMemory: true } && value is IMemoryCodec { IsMemory: true };
}

/// <inheritdoc cref="PairMemory"/>
/// <remarks>A pair's fields are private, but it is a sequential struct: the key, the value where it is aligned, and the rest.</remarks>
internal static class PairMemory<TKey, TValue>
{
    private static readonly int ValueAlignment = Unsafe.SizeOf<AfterByte>() - Unsafe.SizeOf<TValue>();

    /// <summary>Where in a pair's memory its value is.</summary>
    public static readonly int ValueOffset = (Unsafe.SizeOf<TKey>() + ValueAlignment - 1) / ValueAlignment * ValueAlignment;

    public static int Size => Unsafe.SizeOf<KeyValuePair<TKey, TValue>>();

    /// <summary>Part by part, each by its own codec and with zeros between them, so that equal pairs are equal bytes.</summary>
    public static void Write(ref PayloadWriter writer, Codec<TKey> keyCodec, Codec<TValue> valueCodec, TKey key, TValue value)
    {
        keyCodec.Write(ref writer, key);
        writer.ReserveZeroed(ValueOffset - Unsafe.SizeOf<TKey>());
        valueCodec.Write(ref writer, value);
        writer.ReserveZeroed(Size - ValueOffset - Unsafe.SizeOf<TValue>());
    }

    // As long as its field and the gap before it, which is the field's alignment: the runtime tells no other way.
    private readonly struct AfterByte(byte before, TValue value)
    {
        public readonly byte Before = before;
        public readonly TValue Value = value;
    }
}
