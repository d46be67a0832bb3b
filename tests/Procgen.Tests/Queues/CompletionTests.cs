using NUnit.Framework;

namespace Procgen.Tests.Queues;

/// <summary>CompleteAdding, TaskDone and Join: CPython's JoinableQueue, and BlockingCollection's end.</summary>
[CancelAfter(60_000)]
public class CompletionTests
{
    [Test]
    public void A_completed_queue_gives_what_it_has_and_then_ends()
    {
        using QueueFixture<int> fixture = new();
        ProcessQueue<int> other = fixture.OpenAgain();
        fixture.Queue.Put(1);
        fixture.Queue.CompleteAdding();
        Assert.That(other.IsAddingCompleted, Is.True);
        Assert.That(other.IsCompleted, Is.False);
        Assert.That(() => other.Put(2), Throws.InvalidOperationException);
        Assert.That(() => other.TryPut(2), Throws.InvalidOperationException);
        Assert.That(other.Take(), Is.EqualTo(1));
        Assert.That(other.IsCompleted, Is.True);
        Assert.That(() => other.Take(), Throws.InvalidOperationException);
        Assert.That(async () => await other.TakeAsync(), Throws.InvalidOperationException);
        Assert.That(() => other.Lease(), Throws.InvalidOperationException);
        Assert.That(other.TryTake(out _, Timeout.InfiniteTimeSpan), Is.False);
        Assert.That(other.TryLease(out _, Timeout.InfiniteTimeSpan), Is.False);
    }

    [Test]
    public async Task Completing_ends_those_who_wait()
    {
        using QueueFixture<int> fixture = new();
        Task<List<int>> reader = Task.Factory.StartNew(() => fixture.OpenAgain().ReadAll().ToList(), TaskCreationOptions.LongRunning);
        Task<int> taker = fixture.Queue.TakeAsync().AsTask();
        fixture.Queue.CompleteAdding();
        Assert.That(await reader, Is.Empty);
        Assert.That(async () => await taker, Throws.InvalidOperationException);

        using QueueFixture<int> full = new(maxSize: 1);
        full.Queue.Put(1);
        Task putter = Task.Factory.StartNew(() => full.OpenAgain().Put(2), TaskCreationOptions.LongRunning);
        Task async = full.Queue.PutAsync(2).AsTask();
        full.Queue.CompleteAdding();
        Assert.That(async () => await putter, Throws.InvalidOperationException);
        Assert.That(async () => await async, Throws.InvalidOperationException);
    }

    [Test]
    public async Task Join_waits_until_every_item_is_reported_done()
    {
        using QueueFixture<int> fixture = new();
        ProcessQueue<int> worker = fixture.OpenAgain();
        Assert.That(fixture.Queue.Join(TimeSpan.Zero), Is.True);
        for (int i = 0; i < 10; i++) fixture.Queue.Put(i);
        Task joining = fixture.Queue.JoinAsync();
        Task<bool> blocked = Task.Factory.StartNew(() => fixture.Queue.Join(), TaskCreationOptions.LongRunning);
        for (int i = 0; i < 10; i++)
        {
            worker.Take();
            Assert.That(fixture.Queue.Join(TimeSpan.Zero), Is.False);
            Assert.That(joining.IsCompleted, Is.False);
            worker.TaskDone();
        }

        await joining;
        Assert.That(await blocked, Is.True);
        Assert.That(() => worker.TaskDone(), Throws.InvalidOperationException);
    }

    [Test]
    public void Join_gives_up_when_its_time_is_up()
    {
        using QueueFixture<int> fixture = new();
        fixture.Queue.Put(1);
        Assert.That(fixture.Queue.Join(TimeSpan.FromMilliseconds(50)), Is.False);
        using CancellationTokenSource source = new();
        Task joining = fixture.Queue.JoinAsync(source.Token);
        source.Cancel();
        Assert.That(async () => await joining, Throws.InstanceOf<OperationCanceledException>());
    }
}
