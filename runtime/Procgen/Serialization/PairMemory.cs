using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Procgen.CompilerServices;

namespace Procgen.Serialization;

/// <summary>The memory of <see cref="KeyValuePair{TKey,TValue}"/> where key and value are theirs.</summary>
internal static class PairMemory
{
    /// <summary>Whether pairs are written as memory: both types hold no references and have no codec of the user's.</summary>
    public static bool IsMemory<TKey, TValue>(Codec<TKey> key, Codec<TValue> value) =>
        !RuntimeHelpers.IsReferenceOrContainsReferences<KeyValuePair<TKey, TValue>>() && key is IMemoryCodec && value is IMemoryCodec;
}

/// <inheritdoc cref="PairMemory"/>
internal static class PairMemory<TKey, TValue>
{
    private static readonly int KeyOffset = OffsetOf(key: true);
    private static readonly int ValueOffset = OffsetOf(key: false);

    public static int Size => Unsafe.SizeOf<KeyValuePair<TKey, TValue>>();

    /// <summary>Part by part over zeros, so that padding is zero whatever the stack held there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(ref PayloadWriter writer, TKey key, TValue value)
    {
        ref byte slot = ref writer.ReserveZeroed(Size);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref slot, KeyOffset), key);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref slot, ValueOffset), value);
    }

    // The fields are private and their order is the runtime's: fill one with ones and see where they are.
    private static int OffsetOf(bool key)
    {
        TKey keyBits = default!;
        TValue valueBits = default!;
        if (key) Bytes(ref keyBits).Fill(0xFF);
        else Bytes(ref valueBits).Fill(0xFF);
        KeyValuePair<TKey, TValue>[] pairs = [new(keyBits, valueBits)];
        return Bytes(ref pairs[0]).IndexOf((byte)0xFF);
    }

    private static Span<byte> Bytes<T>(ref T value) => MemoryMarshal.CreateSpan(ref Unsafe.As<T, byte>(ref value), Unsafe.SizeOf<T>());
}
