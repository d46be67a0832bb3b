using Procgen.Shared;

namespace Procgen.Pools;

/// <summary>The arguments of some items, encoded one after another: in an array, or, where they are long, in shared memory.</summary>
/// <param name="Array">All of them.</param>
/// <param name="Segment">Where they are instead.</param>
/// <param name="Length">How many bytes.</param>
/// <param name="Ends">Where each one ends; null where there is only one.</param>
internal readonly record struct EncodedItems(byte[] Array, SharedSegment? Segment, int Length, int[]? Ends)
{
    public static readonly EncodedItems None = new([], null, 0, null);

    public int Count => Ends?.Length ?? 1;

    /// <summary>Where an item begins, or, behind the last one, where all end.</summary>
    public int StartOf(int index) => index == 0 ? 0 : Ends is null ? Length : Ends[index - 1];
}
