using Procgen.CompilerServices;

namespace Procgen.Pools;

/// <summary>Some items of a work that wait together for a worker.</summary>
/// <param name="Work">Whose they are.</param>
/// <param name="First">The first one's place in it.</param>
/// <param name="Count">How many.</param>
/// <param name="Attempts">How often the first one has been interrupted.</param>
internal sealed record WorkRange(PoolWork Work, int First, int Count, int Attempts)
{
    /// <summary>How many bytes these items' arguments take.</summary>
    public int Length => Work.Items.StartOf(First + Count) - Work.Items.StartOf(First);

    public static WorkRange All(PoolWork work) => new(work, 0, work.Count, 0);

    /// <summary>What is left without the first items.</summary>
    public WorkRange Without(int count) => new(Work, First + count, Count - count, 0);

    /// <summary>The first items only.</summary>
    public WorkRange Take(int count) => this with { Count = count };

    /// <summary>One item alone, to be run again.</summary>
    public WorkRange Again(int index) => new(Work, First + index, 1, Attempts + 1);

    /// <summary>Writes the items as <see cref="Launching.BatchItems"/> reads them.</summary>
    public void Write(ref PayloadWriter writer)
    {
        EncodedItems items = Work.Items;
        int start = items.StartOf(First);
        if (Count > 1)
        {
            writer.WriteMemory(start);
            writer.WriteMemorySpan<int>(items.Ends.AsSpan(First, Count));
        }

        if (items.Segment is { } segment) writer.WriteMemory(segment.RangeOf(start, Length));
        else writer.WriteMemorySpan<byte>(items.Array.AsSpan(start, Length));
    }
}
