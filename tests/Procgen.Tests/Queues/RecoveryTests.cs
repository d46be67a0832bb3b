using NUnit.Framework;
using Procgen.Queues;

namespace Procgen.Tests.Queues;

/// <summary>What a process that was killed at one certain instant leaves, laid by hand; the torture test kills at all of them.</summary>
[CancelAfter(60_000)]
public class RecoveryTests
{
    [TestCase(LogLayout.TailLatch)]
    [TestCase(LogLayout.HeadLatch)]
    public void A_latch_whose_holder_died_is_taken_over(int latch)
    {
        using LogFixture fixture = new();
        fixture.Put("before"u8);
        fixture.At<ulong>(latch) = DeadProcess.Token;
        fixture.Put("after"u8);
        Assert.That(fixture.Take(), Is.EqualTo("before"u8.ToArray()));
        Assert.That(fixture.Take(), Is.EqualTo("after"u8.ToArray()));
        Assert.That(fixture.At<ulong>(latch), Is.Zero);
    }

    [Test]
    public void A_large_item_whose_producer_died_before_the_publishing_store_is_no_item_and_its_pages_are_free()
    {
        using LogFixture fixture = new();
        uint run = fixture.Memory.Heap.Allocate(100_000);
        fixture.Memory.Heap.SetOwner(run, linked: true);
        fixture.At<ulong>(LogLayout.PublishingTail) = new LogPosition(1, 2).Word;
        fixture.At<uint>(LogLayout.PublishingRun) = run;
        fixture.At<ulong>(LogLayout.TailLatch) = DeadProcess.Token;
        fixture.Put("next"u8);
        Assert.That(fixture.OwnerOf(run), Is.EqualTo(OwnerToken.None));
        Assert.That(fixture.Take(), Is.EqualTo("next"u8.ToArray()));
    }

    [Test]
    public void A_large_item_whose_producer_died_after_the_publishing_store_is_there()
    {
        using LogFixture fixture = new();
        byte[] large = new byte[100_000];
        fixture.Put(large);
        fixture.At<ulong>(LogLayout.PublishingTail) = fixture.At<ulong>(LogLayout.Tail);
        fixture.At<uint>(LogLayout.PublishingRun) = fixture.FirstRun;
        fixture.At<ulong>(LogLayout.TailLatch) = DeadProcess.Token;
        fixture.Put("next"u8);
        Assert.That(fixture.Take(), Has.Length.EqualTo(large.Length));
        Assert.That(fixture.Take(), Is.EqualTo("next"u8.ToArray()));
    }

    [Test]
    public void A_lease_whose_taker_died_before_the_head_moved_is_dropped_and_the_item_is_still_the_next()
    {
        using LogFixture fixture = new();
        fixture.Put("only"u8);
        ulong head = fixture.At<ulong>(LogLayout.Head);
        Assert.That(fixture.TryTake(lease: true, out _), Is.EqualTo(TakeOutcome.Done));
        fixture.At<ulong>(LogLayout.Head) = head;
        fixture.At<int>(LogLayout.LeasingRecord) = 1;
        fixture.At<ulong>(LogLayout.HeadLatch) = DeadProcess.Token;
        Assert.That(fixture.Take(), Is.EqualTo("only"u8.ToArray()));
        Assert.That(fixture.Log.Head.Leased, Is.Zero);
        Assert.That(fixture.Log.Head.Leases.Owner(0), Is.EqualTo(OwnerToken.None));
    }

    [Test]
    public void A_lease_whose_holder_died_while_completing_it_counts_once()
    {
        using LogFixture fixture = new();
        fixture.Put("a"u8);
        fixture.Put("b"u8);
        Assert.That(fixture.TryTake(lease: true, out _), Is.EqualTo(TakeOutcome.Done));
        fixture.At<uint>(LogLayout.CompletedDone) = 1;
        fixture.Log.Head.Leases.Owner(0) = OwnerToken.Completing;
        fixture.At<ulong>(LogLayout.HeadLatch) = DeadProcess.Token;
        Assert.That(fixture.Take(), Is.EqualTo("b"u8.ToArray()));
        Assert.That(fixture.Log.Head.Done, Is.EqualTo(1));
        Assert.That(fixture.Log.Head.Leased, Is.Zero);
    }

    [Test]
    public void Pages_that_a_dead_process_had_reserved_are_found_when_the_heap_is_swept()
    {
        using LogFixture fixture = new();
        uint dead = fixture.Memory.Heap.Allocate(200_000);
        uint living = fixture.Memory.Heap.Allocate(200_000);
        fixture.OwnerOf(dead) = DeadProcess.Token;
        fixture.Memory.Heap.Sweep(fixture.Log.Settle);
        Assert.That(fixture.OwnerOf(dead), Is.EqualTo(OwnerToken.None));
        Assert.That(fixture.OwnerOf(living), Is.EqualTo(OwnerToken.Current));
    }

    /// <summary>A log with its memory laid open.</summary>
    private sealed class LogFixture : IDisposable
    {
        private readonly ItemBuffer _buffer = new();

        public LogFixture() => Log = Memory.Open(0);

        public QueueMemory Memory { get; } = QueueMemory.Create(logs: 1, extra: 0, maxItems: 0, maxVolume: 0);

        public ItemLog Log { get; }

        /// <summary>The run of the first item, which is a large one.</summary>
        public uint FirstRun => Memory.Heap.Pages.At<uint>(At<uint>(LogLayout.HeadSegment), LogLayout.SegmentData + LogLayout.UnitSize);

        public ref T At<T>(int offset)
            where T : unmanaged => ref Memory.Block.At<T>(QueueMemory.ExtraStart(0) + offset);

        public ref ulong OwnerOf(uint page) => ref Memory.Heap.Pages.Entry<ulong>(page, HeapLayout.EntryOwner);

        public void Put(ReadOnlySpan<byte> item) =>
            Assert.That(Log.TryPut(Log.Prepare(item, ItemKind.Message), item), Is.EqualTo(PutOutcome.Done));

        public TakeOutcome TryTake(bool lease, out TakenItem item) => Log.TryTake(new TakeRequest(Lease: lease), _buffer, out item);

        public byte[] Take()
        {
            Assert.That(TryTake(lease: false, out TakenItem item), Is.EqualTo(TakeOutcome.Done));
            byte[] bytes = item.Run != 0 ? Log.BytesOf(item.Run, item.Length).ToArray() : _buffer.Written.ToArray();
            Log.Release(item.Run);
            return bytes;
        }

        public void Dispose() => Memory.Dispose();
    }
}
