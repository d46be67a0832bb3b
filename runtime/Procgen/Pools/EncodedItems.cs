namespace Procgen.Pools;

/// <summary>The arguments of some items, encoded one after another.</summary>
/// <param name="Bytes">All of them.</param>
/// <param name="Ends">Where each one ends; null where there is only one.</param>
internal readonly record struct EncodedItems(byte[] Bytes, int[]? Ends)
{
    public static readonly EncodedItems None = new([], null);

    public int Count => Ends?.Length ?? 1;

    /// <summary>Where an item begins, or, behind the last one, where all end.</summary>
    public int StartOf(int index) => index == 0 ? 0 : Ends is null ? Bytes.Length : Ends[index - 1];
}
