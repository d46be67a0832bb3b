namespace Procgen.Queues;

/// <summary>The eight bytes before each item of an <see cref="ItemLog"/>.</summary>
/// <param name="Word">
/// Low half: the item's length in bytes, and its kind in the top bit. High half: the size of all items so far in
/// units of 64 bytes, this one included, modulo 2^32; from it each end knows how much lies between them.
/// </param>
internal readonly record struct EntryHeader(ulong Word)
{
    private const uint KindBit = 0x8000_0000;

    public EntryHeader(int length, ItemKind kind, uint volume)
        : this(((ulong)volume << 32) | (uint)length | (kind == ItemKind.Bytes ? KindBit : 0))
    {
    }

    /// <summary>Says that the rest of the segment is unused and the next item stands in the next one.</summary>
    public static EntryHeader Skip => new(uint.MaxValue);

    public bool IsSkip => (uint)Word == uint.MaxValue;

    public int Length => (int)((uint)Word & ~KindBit);

    public ItemKind Kind => ((uint)Word & KindBit) != 0 ? ItemKind.Bytes : ItemKind.Message;

    public uint Volume => (uint)(Word >> 32);

    /// <summary>What an item of this length adds to <see cref="Volume"/>.</summary>
    public static uint VolumeOf(int length) => ((uint)length + 63) / 64;
}

/// <summary>What the bytes of an item are.</summary>
internal enum ItemKind
{
    /// <summary>An encoded value.</summary>
    Message,

    /// <summary>Bytes as they were given.</summary>
    Bytes,
}
