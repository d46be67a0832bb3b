using NUnit.Framework;

namespace Procgen.Tests.Queues;

[CancelAfter(60_000)]
public class CancellationTests
{
    [Test]
    public async Task A_blocked_take_can_be_cancelled_and_loses_nothing()
    {
        using QueueFixture<int> fixture = new();
        using CancellationTokenSource source = new();
        Task taker = Task.Factory.StartNew(() => fixture.Queue.Take(source.Token), TaskCreationOptions.LongRunning);
        await source.CancelAsync();
        Assert.That(async () => await taker, Throws.InstanceOf<OperationCanceledException>());
        fixture.Queue.Put(1);
        Assert.That(fixture.Queue.Take(), Is.EqualTo(1));
        Assert.That(() => fixture.Queue.Take(source.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task A_blocked_put_can_be_cancelled_and_puts_nothing()
    {
        using QueueFixture<int> fixture = new(maxSize: 1);
        fixture.Queue.Put(1);
        using CancellationTokenSource source = new();
        Task sync = Task.Factory.StartNew(() => fixture.Queue.Put(2, source.Token), TaskCreationOptions.LongRunning);
        Task async = fixture.Queue.PutAsync(3, source.Token).AsTask();
        await source.CancelAsync();
        Assert.That(async () => await sync, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(async () => await async, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(fixture.Queue.Take(), Is.EqualTo(1));
        Assert.That(fixture.Queue.IsEmpty, Is.True);
    }

    [Test]
    public async Task Cancelled_async_takes_lose_nothing_however_the_race_ends()
    {
        using QueueFixture<int> fixture = new();
        ProcessQueue<int> other = fixture.OpenAgain();
        List<int> taken = [];
        int seed = Environment.TickCount;
        TestContext.Out.WriteLine($"seed {seed}");
        Random random = new(seed);
        const int Rounds = 300;
        for (int i = 0; i < Rounds; i++)
        {
            using CancellationTokenSource source = new();
            Task<int> taker = fixture.Queue.TakeAsync(source.Token).AsTask();
            Task canceller = Task.Run(source.Cancel);
            Thread.SpinWait(random.Next(2000));
            other.Put(i);
            await canceller;
            try
            {
                taken.Add(await taker);
            }
            catch (OperationCanceledException)
            {
                // Then the item is still there.
            }
        }

        while (fixture.Queue.TryTake(out int item)) taken.Add(item);
        Assert.That(taken, Is.EqualTo(Enumerable.Range(0, Rounds)));
    }

    [Test]
    public async Task Waiting_asynchronously_parks_no_pool_thread()
    {
        using QueueFixture<int> fixture = new();
        Task<int>[] takers = [.. Enumerable.Range(0, 300).Select(_ => fixture.Queue.TakeAsync().AsTask())];
        for (int i = 0; i < takers.Length; i++) fixture.Queue.Put(i);
        int[] items = await Task.WhenAll(takers);
        Assert.That(items, Is.EquivalentTo(Enumerable.Range(0, takers.Length)));
        Assert.That(ThreadPool.ThreadCount, Is.LessThan(100));
    }

    [Test]
    public async Task Async_puts_wait_for_space_one_after_another()
    {
        using QueueFixture<int> fixture = new(maxSize: 2);
        Task putter = Task.Run(async () =>
        {
            for (int i = 0; i < 2000; i++) await fixture.Queue.PutAsync(i);
            fixture.Queue.CompleteAdding();
        });
        List<int> items = [];
        await foreach (int item in fixture.OpenAgain().ReadAllAsync()) items.Add(item);
        await putter;
        Assert.That(items, Is.EqualTo(Enumerable.Range(0, 2000)));
    }
}
