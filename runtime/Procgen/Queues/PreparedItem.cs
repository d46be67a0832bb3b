namespace Procgen.Queues;

/// <summary>An item that is ready to be published: small ones as the bytes that the producer holds, large ones in a run of pages.</summary>
/// <param name="Length">The item's length in bytes.</param>
/// <param name="Kind">What the bytes are.</param>
/// <param name="Run">The first page of its run, which belongs to this process until then; 0 for a small item.</param>
internal readonly record struct PreparedItem(int Length, ItemKind Kind, uint Run)
{
    /// <summary>How many bytes stand in the log itself.</summary>
    public int InlineLength => Run == 0 ? Length : sizeof(uint);
}
