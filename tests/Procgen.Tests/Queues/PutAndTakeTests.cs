using System.Diagnostics;
using NUnit.Framework;

namespace Procgen.Tests.Queues;

/// <summary>What CPython's _TestQueue asks of put, get, their timeouts, full, empty and qsize, between two handles of one queue.</summary>
[CancelAfter(60_000)]
public class PutAndTakeTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(60);

    [Test]
    public void Items_are_taken_in_the_order_in_which_they_were_put()
    {
        using QueueFixture<int> fixture = new();
        ProcessQueue<int> other = fixture.OpenAgain();
        for (int i = 0; i < 100_000; i++) fixture.Queue.Put(i);
        Assert.That(other.Count, Is.EqualTo(100_000));
        for (int i = 0; i < 100_000; i++) Assert.That(other.Take(), Is.EqualTo(i));
        Assert.That(fixture.Queue.IsEmpty, Is.True);
    }

    [Test]
    public void A_full_queue_refuses_at_once_or_after_the_timeout()
    {
        using QueueFixture<int> fixture = new(maxSize: 3);
        ProcessQueue<int> queue = fixture.Queue;
        Assert.That(queue.MaxSize, Is.EqualTo(3));
        Assert.That(queue.IsFull, Is.False);
        queue.Put(1);
        Assert.That(queue.TryPut(2), Is.True);
        Assert.That(queue.TryPut(3, Short), Is.True);
        Assert.That(queue.IsFull, Is.True);
        Assert.That(queue.TryPut(4), Is.False);
        Stopwatch watch = Stopwatch.StartNew();
        Assert.That(queue.TryPut(4, Short), Is.False);
        Assert.That(watch.Elapsed, Is.GreaterThanOrEqualTo(Short));
        Assert.That(queue.Take(), Is.EqualTo(1));
        Assert.That(queue.IsFull, Is.False);
        Assert.That(queue.TryPut(4), Is.True);
    }

    [Test]
    public void An_empty_queue_gives_nothing_at_once_or_after_the_timeout()
    {
        using QueueFixture<string> fixture = new();
        Assert.That(fixture.Queue.TryTake(out _), Is.False);
        Stopwatch watch = Stopwatch.StartNew();
        Assert.That(fixture.Queue.TryTake(out _, Short), Is.False);
        Assert.That(watch.Elapsed, Is.GreaterThanOrEqualTo(Short));
        fixture.OpenAgain().Put("late");
        Assert.That(fixture.Queue.TryTake(out string? item, Short), Is.True);
        Assert.That(item, Is.EqualTo("late"));
    }

    [Test]
    public async Task A_blocked_take_gets_the_next_item()
    {
        using QueueFixture<int> fixture = new();
        ProcessQueue<int> other = fixture.OpenAgain();
        Task<int> taker = Task.Factory.StartNew(other.Take, TaskCreationOptions.LongRunning);
        fixture.Queue.Put(7);
        Assert.That(await taker, Is.EqualTo(7));
    }

    [Test]
    public async Task A_blocked_put_goes_on_when_there_is_space()
    {
        using QueueFixture<int> fixture = new(maxSize: 1);
        ProcessQueue<int> other = fixture.OpenAgain();
        fixture.Queue.Put(1);
        Task putter = Task.Factory.StartNew(() => other.Put(2), TaskCreationOptions.LongRunning);
        Assert.That(fixture.Queue.Take(), Is.EqualTo(1));
        await putter;
        Assert.That(fixture.Queue.Take(), Is.EqualTo(2));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(8_000)]
    [TestCase(8_189)]
    [TestCase(20_000)]
    [TestCase(1_000_000)]
    [TestCase(20_000_000)]
    public void Items_of_any_size_arrive_whole(int length)
    {
        using QueueFixture<byte[]> fixture = new();
        ProcessQueue<byte[]> other = fixture.OpenAgain();
        byte[] item = new byte[length];
        new Random(length).NextBytes(item);
        for (int i = 0; i < 3; i++) fixture.Queue.Put(item);
        for (int i = 0; i < 3; i++) Assert.That(other.Take().AsSpan().SequenceEqual(item), Is.True);
    }

    [Test]
    public void Small_and_large_items_keep_their_order()
    {
        using QueueFixture<byte[]> fixture = new();
        ProcessQueue<byte[]> other = fixture.OpenAgain();
        Random random = new(5);
        int[] lengths = [.. Enumerable.Range(0, 3000).Select(_ => random.Next(100) == 0 ? random.Next(100_000) : random.Next(3000))];
        int taken = 0;
        for (int i = 0; i < lengths.Length; i++)
        {
            byte[] item = new byte[lengths[i]];
            Array.Fill(item, (byte)i);
            fixture.Queue.Put(item);
            if (random.Next(2) == 0) Check(taken++);
        }

        while (taken < lengths.Length) Check(taken++);

        void Check(int index)
        {
            byte[] item = other.Take();
            Assert.That(item, Has.Length.EqualTo(lengths[index]));
            Assert.That(item.All(value => value == (byte)index), Is.True);
        }
    }

    [Test]
    public void Memory_is_used_again()
    {
        using QueueFixture<byte[]> fixture = new();
        byte[] small = new byte[500];
        byte[] large = new byte[50_000];
        uint top = 0;
        for (int round = 0; round < 200; round++)
        {
            for (int i = 0; i < 200; i++) fixture.Queue.Put(small);
            for (int i = 0; i < 5; i++) fixture.Queue.Put(large);
            for (int i = 0; i < 205; i++) fixture.Queue.Take();
            if (round == 10) top = Top(fixture.Queue);
        }

        Assert.That(Top(fixture.Queue), Is.EqualTo(top));

        static uint Top(ProcessQueue<byte[]> queue) => ((Procgen.Queues.SharedQueueState)queue.State).PagesUsed;
    }

    [TestCase(0)]
    [TestCase(10)]
    public async Task Many_producers_and_consumers_lose_and_double_nothing(int maxSize)
    {
        const int Producers = 4, Consumers = 4, Each = 20_000;
        using QueueFixture<long> fixture = new(maxSize);
        Task[] producers = [.. Enumerable.Range(0, Producers).Select(producer =>
        {
            ProcessQueue<long> queue = fixture.OpenAgain();
            return Task.Factory.StartNew(
                () =>
                {
                    for (int i = 0; i < Each; i++) queue.Put(((long)producer << 32) | (uint)i);
                },
                TaskCreationOptions.LongRunning);
        })];
        Task<List<long>>[] consumers = [.. Enumerable.Range(0, Consumers).Select(_ =>
        {
            ProcessQueue<long> queue = fixture.OpenAgain();
            return Task.Factory.StartNew(() => queue.ReadAll().ToList(), TaskCreationOptions.LongRunning);
        })];

        await Task.WhenAll(producers);
        fixture.Queue.CompleteAdding();
        List<long>[] taken = await Task.WhenAll(consumers);
        foreach (List<long> items in taken)
        {
            foreach (IGrouping<long, long> ofOne in items.GroupBy(item => item >> 32)) Assert.That(ofOne, Is.Ordered);
        }

        Assert.That(taken.Sum(items => items.Count), Is.EqualTo(Producers * Each));
        Assert.That(taken.SelectMany(items => items).Distinct().Count(), Is.EqualTo(Producers * Each));
    }

    [Test]
    public void A_disposed_handle_throws_and_others_go_on()
    {
        using QueueFixture<int> fixture = new();
        ProcessQueue<int> other = fixture.OpenAgain();
        other.Dispose();
        other.Dispose();
        Assert.That(() => other.Put(1), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => other.Take(), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => other.Count, Throws.TypeOf<ObjectDisposedException>());
        fixture.Queue.Put(1);
        Assert.That(fixture.Queue.Take(), Is.EqualTo(1));
    }

    [Test]
    public void Disposing_a_handle_ends_the_calls_that_wait_in_it()
    {
        using QueueFixture<int> fixture = new();
        ProcessQueue<int> other = fixture.OpenAgain();
        Task sync = Task.Factory.StartNew(() => other.Take(), TaskCreationOptions.LongRunning);
        Task async = other.TakeAsync().AsTask();
        other.Dispose();
        Assert.That(async () => await sync, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(async () => await async, Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void An_item_that_cannot_be_encoded_is_refused_at_once_and_leaves_no_trace()
    {
        using QueueFixture<string> fixture = new(maxSize: 2);
        ProcessQueue<string> queue = fixture.Queue;
        queue.Put("first");
        for (int i = 0; i < 5; i++) Assert.That(() => queue.Put("\ud800"), Throws.TypeOf<ProcessSerializationException>());
        Assert.That(queue.Count, Is.EqualTo(1));
        queue.Put("second");
        Assert.That(queue.Take(), Is.EqualTo("first"));
        Assert.That(queue.Take(), Is.EqualTo("second"));
    }

    [Test]
    public void Arguments_are_checked()
    {
        Assert.That(() => new ProcessQueue<int>(-1), Throws.TypeOf<ArgumentOutOfRangeException>());
        using ProcessQueue<int> queue = new();
        Assert.That(() => queue.TryTake(out _, TimeSpan.FromSeconds(-2)), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => queue.TryPut(1, TimeSpan.FromSeconds(-2)), Throws.TypeOf<ArgumentOutOfRangeException>());
    }
}
