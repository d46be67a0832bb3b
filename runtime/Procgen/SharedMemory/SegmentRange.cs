using System.Runtime.InteropServices;

namespace Procgen.Shared;

/// <summary>Where a payload lies in the segments of a block, as it is told to the process that reads it.</summary>
/// <param name="Segment">Where its segment begins in the block's file.</param>
/// <param name="Size">How long the segment is.</param>
/// <param name="Start">Where the payload begins in the segment.</param>
/// <param name="Length">How long it is.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct SegmentRange(long Segment, long Size, int Start, int Length)
{
    public const int EncodedLength = 24;

    public static SegmentRange Read(ReadOnlySpan<byte> source) => MemoryMarshal.Read<SegmentRange>(source);

    public void Write(Span<byte> destination) => MemoryMarshal.Write(destination, in this);
}
