namespace Procgen.Shared;

/// <summary>The segments of another process's <see cref="SegmentHeap"/> as this one sees them: mapped once each.</summary>
/// <remarks>One thread at a time.</remarks>
internal sealed class SegmentViews(SharedBlock block)
{
    private readonly Dictionary<long, SharedView> _views = [];

    /// <summary>The bytes of a payload.</summary>
    /// <exception cref="InvalidDataException">There can be no such payload.</exception>
    public ReadOnlySpan<byte> Read(SegmentRange range) => ViewOf(range).GetSpan(range.Start, range.Length);

    /// <summary>Gives the segment back to its owner.</summary>
    public void Release(SegmentRange range) => Volatile.Write(ref ViewOf(range).At<int>(0), 0);

    public void Close()
    {
        foreach (SharedView view in _views.Values) view.Dispose();
        _views.Clear();
    }

    private SharedView ViewOf(SegmentRange range)
    {
        if (!_views.TryGetValue(range.Segment, out SharedView? view) && IsPossible(range)) _views.Add(range.Segment, view = block.Map(range.Segment, range.Size));
        if (view is null || range.Start < SharedSegment.HeaderLength || range.Length < 0 || range.Start > view.Length - range.Length)
            throw new InvalidDataException("A payload was announced that no segment of shared memory can hold.");
        return view;
    }

    private bool IsPossible(SegmentRange range) =>
        range.Segment >= block.MappableFrom && range.Segment % SharedBlock.Granularity == 0
        && range.Size >= SegmentHeap.SmallestSize && range.Size <= SegmentHeap.Capacity - range.Segment;
}
