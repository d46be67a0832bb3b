using NUnit.Framework;
using Procgen.Shared;

namespace Procgen.Tests.SharedMemory;

public sealed class SegmentHeapTests
{
    private SegmentHeap _heap = null!;

    [SetUp]
    public void Make() => _heap = new SegmentHeap();

    [TearDown]
    public void Close() => _heap.Close();

    [Test]
    public void No_memory_is_made_before_the_first_segment() => Assert.That(_heap.Block, Is.Null);

    [TestCase(1)]
    [TestCase(1 << 20)]
    [TestCase((8 << 20) + 17)]
    public void A_payload_is_read_by_another_view_of_the_same_block(int length)
    {
        SharedSegment segment = _heap.TryTake(length)!;
        new Random(1).NextBytes(segment.Bytes[..length]);
        byte[] written = segment.Bytes[..length].ToArray();
        SharedBlock there = _heap.Block!.OpenAgain();
        var views = new SegmentViews(there);
        SegmentRange range = segment.RangeOf(0, length);
        Assert.That(views.Read(range).ToArray(), Is.EqualTo(written));
        Assert.That(views.Read(segment.RangeOf(length - 1, 1))[0], Is.EqualTo(written[^1]));
        Assert.That(segment.IsFree, Is.False);
        views.Release(range);
        Assert.That(segment.IsFree, Is.True);
        views.Close();
        there.Release();
    }

    [Test]
    public void A_segment_that_was_given_back_is_used_again()
    {
        SharedSegment first = _heap.TryTake(1 << 20)!;
        SharedSegment second = _heap.TryTake(1 << 20)!;
        Assert.That(second, Is.Not.SameAs(first));
        first.Release();
        Assert.That(_heap.TryTake(900_000), Is.SameAs(first));
        Assert.That(_heap.TryTake(1 << 20), Is.Not.SameAs(first).And.Not.SameAs(second));
    }

    [Test]
    public void What_fits_nowhere_gets_no_segment()
    {
        Assert.That(_heap.TryTake(long.MaxValue), Is.Null);
        _heap.Close();
        Assert.That(_heap.TryTake(1), Is.Null);
    }

    [Test]
    public void Ranges_that_no_segment_can_have_are_refused()
    {
        SegmentRange good = _heap.TryTake(1000)!.RangeOf(0, 1000);
        var views = new SegmentViews(_heap.Block!);
        SegmentRange[] bad =
        [
            good with { Segment = good.Segment + 1 },
            good with { Segment = -SharedBlock.Granularity },
            good with { Segment = long.MaxValue / SharedBlock.Granularity * SharedBlock.Granularity },
            good with { Segment = good.Segment + SharedBlock.Granularity, Size = 0 },
            good with { Segment = good.Segment + SharedBlock.Granularity, Size = long.MaxValue },
            good with { Start = 0 },
            good with { Length = -1 },
            good with { Start = (int)good.Size - 1, Length = 2 },
            good with { Start = int.MaxValue, Length = int.MaxValue },
        ];
        foreach (SegmentRange range in bad) Assert.Throws<InvalidDataException>(() => views.Read(range), range.ToString());
        views.Close();
    }

    [Test]
    public void A_buffer_moves_to_shared_memory_when_it_grows_long()
    {
        var buffer = new PayloadBuffer { Heap = _heap };
        byte[] piece = new byte[10_000];
        var all = new List<byte>();
        for (int i = 0; i < 100; i++)
        {
            Array.Fill(piece, (byte)i);
            buffer.Append(piece);
            all.AddRange(piece);
            Assert.That(buffer.IsShared, Is.EqualTo(buffer.Length >= SegmentHeap.LargeFrom));
        }

        Assert.That(buffer.Written.ToArray(), Is.EqualTo(all));
        buffer.Truncate(5);
        Assert.That(buffer.Written.ToArray(), Is.EqualTo(new byte[5]));
        SharedSegment segment = buffer.Detach()!;
        Assert.That(segment.IsFree, Is.False);
        buffer.Append(piece);
        buffer.Clear();
        Assert.That(buffer.Length, Is.Zero);
    }

    [Test]
    public void A_buffer_that_gets_no_longer_segment_goes_on_in_this_process()
    {
        var buffer = new PayloadBuffer { Heap = _heap };
        byte[] piece = new byte[200_000];
        Array.Fill(piece, (byte)7);
        buffer.Append(piece);
        Assert.That(buffer.IsShared, Is.True);
        _heap.Close();
        buffer.Append(piece);
        Assert.That(buffer.IsShared, Is.False);
        Assert.That(buffer.Length, Is.EqualTo(400_000));
    }
}
