using System.Buffers.Binary;

namespace Procgen.Pools;

/// <summary>Some items of a work that wait together for a worker.</summary>
/// <param name="Work">Whose they are.</param>
/// <param name="First">The first one's place in it.</param>
/// <param name="Count">How many.</param>
/// <param name="Offset">Where the first one's bytes begin.</param>
/// <param name="Attempts">How often the first one has been interrupted.</param>
internal sealed record WorkRange(PoolWork Work, int First, int Count, int Offset, int Attempts)
{
    public static WorkRange All(PoolWork work) => new(work, 0, work.Count, 0, 0);

    /// <summary>The bytes of these items.</summary>
    public ReadOnlySpan<byte> Bytes => Work.Items.AsSpan(Offset, EndOffset - Offset);

    private int EndOffset => First + Count == Work.Count ? Work.ItemsLength : OffsetOf(Count);

    /// <summary>What is left without the first items.</summary>
    public WorkRange Without(int count) => new(Work, First + count, Count - count, OffsetOf(count), 0);

    /// <summary>The first items only.</summary>
    public WorkRange Take(int count) => this with { Count = count };

    /// <summary>One item alone, to be run again.</summary>
    public WorkRange Again(int index) => new(Work, First + index, 1, OffsetOf(index), Attempts + 1);

    private int OffsetOf(int index)
    {
        int offset = Offset;
        for (int i = 0; i < index; i++) offset += sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(Work.Items.AsSpan(offset));
        return offset;
    }
}
