using NUnit.Framework;
using Procgen.Managers;
using Procgen.Tests.Processes;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Managers;

/// <summary>Queues whose items live in a manager's server.</summary>
public sealed class HostedQueueTests : ManagerTests
{
    [Test]
    public void Items_come_out_in_the_order_they_went_in()
    {
        using ProcessQueue<string?> queue = Manager.CreateQueue<string?>();
        Assert.That(queue.IsEmpty, Is.True);
        queue.Put("a");
        queue.Put(null);
        queue.Put(new string('x', 200_000));
        Assert.That(queue.Count, Is.EqualTo(3));
        Assert.That(queue.MaxSize, Is.Zero);
        Assert.That(queue.Take(), Is.EqualTo("a"));
        Assert.That(queue.Take(), Is.Null);
        Assert.That(queue.Take(), Has.Length.EqualTo(200_000));
        Assert.That(queue.TryTake(out _), Is.False);
        Assert.That(queue.TryTake(out _, TimeSpan.FromMilliseconds(20)), Is.False);
    }

    [Test]
    public async Task A_full_queue_makes_producers_wait_and_an_empty_one_consumers()
    {
        using ProcessQueue<int> queue = Manager.CreateQueue<int>(2);
        queue.Put(1);
        queue.Put(2);
        Assert.That(queue.IsFull, Is.True);
        Assert.That(queue.TryPut(3), Is.False);
        Assert.That(queue.TryPut(3, TimeSpan.FromMilliseconds(20)), Is.False);
        Task[] puts = [OnThread(() => queue.Put(3)), queue.PutAsync(4).AsTask()];
        int[] taken = [queue.Take(), queue.Take(), queue.Take(), await queue.TakeAsync()];
        await Task.WhenAll(puts).WaitAsync(Guard);
        Assert.That(taken.Take(2), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(taken.Skip(2), Is.EquivalentTo(new[] { 3, 4 }));

        Task<int>[] takes = [OnThread(queue.Take), queue.TakeAsync().AsTask()];
        queue.Put(5);
        queue.Put(6);
        Assert.That(await Task.WhenAll(takes).WaitAsync(Guard), Is.EquivalentTo(new[] { 5, 6 }));
    }

    [Test]
    public async Task Completion_ends_consumers_and_producers()
    {
        using ProcessQueue<int> queue = Manager.CreateQueue<int>(1);
        queue.Put(1);
        Task blocked = OnThread(() => queue.Put(2));
        QueueLease<int> lease = queue.Lease();
        await blocked.WaitAsync(Guard);
        Task late = OnThread(() => queue.Put(3));
        Task<List<int>> reading = Task.Run(async () =>
        {
            List<int> items = [];
            await foreach (int item in queue.ReadAllAsync()) items.Add(item);
            return items;
        });
        await late.WaitAsync(Guard);
        queue.CompleteAdding();
        Assert.That(() => queue.Put(4), Throws.InvalidOperationException);
        Assert.That(queue.IsAddingCompleted, Is.True);
        Assert.That(queue.IsCompleted, Is.False, "an item is leased");
        lease.Dispose();
        Assert.That(await reading.WaitAsync(Guard), Is.EquivalentTo(new[] { 1, 2, 3 }));
        Assert.That(queue.IsCompleted, Is.True);
        Assert.That(() => queue.Take(), Throws.InvalidOperationException);
        Assert.That(queue.TryTake(out _, Timeout.InfiniteTimeSpan), Is.False);
    }

    [Test]
    public void Leased_items_that_come_back_stand_in_front_in_their_order()
    {
        using ProcessQueue<int> queue = Manager.CreateQueue<int>();
        foreach (int item in Enumerable.Range(1, 4)) queue.Put(item);
        QueueLease<int> first = queue.Lease();
        QueueLease<int> second = queue.Lease();
        QueueLease<int> third = queue.Lease();
        Assert.That(queue.Count, Is.EqualTo(1));
        second.Complete();
        first.Dispose();
        third.Dispose();

        Assert.That(new[] { queue.Take(), queue.Take(), queue.Take() }, Is.EqualTo(new[] { 1, 3, 4 }));
        Assert.That(() => second.Complete(), Throws.InvalidOperationException);
    }

    [Test]
    public async Task Joining_waits_for_every_item_to_be_reported_done()
    {
        using ProcessQueue<int> queue = Manager.CreateQueue<int>();
        Assert.That(queue.Join(TimeSpan.Zero), Is.True);
        queue.Put(1);
        queue.Put(2);
        Task joining = queue.JoinAsync();
        Assert.That(queue.Join(TimeSpan.FromMilliseconds(20)), Is.False);
        queue.Lease().Complete();
        queue.Take();
        Assert.That(joining.IsCompleted, Is.False);
        queue.TaskDone();
        await joining.WaitAsync(Guard);
        Assert.That(queue.Join(Guard), Is.True);
        Assert.That(queue.TaskDone, Throws.InvalidOperationException);
    }

    [Test]
    public async Task Cancelled_puts_and_takes_lose_nothing()
    {
        using ProcessQueue<int> queue = Manager.CreateQueue<int>(1);
        int taken = 0;
        for (int i = 0; i < 500; i++)
        {
            using var source = new CancellationTokenSource();
            Task<int> take = queue.TakeAsync(source.Token).AsTask();
            Task cancelling = source.CancelAsync();
            await queue.PutAsync(i);
            try
            {
                Assert.That(await take.WaitAsync(Guard), Is.EqualTo(i));
                taken++;
            }
            catch (OperationCanceledException)
            {
                Assert.That(queue.TryTake(out int left, Guard) ? left : -1, Is.EqualTo(i));
            }

            await cancelling;
        }

        queue.Put(1);
        using var cancelled = new CancellationTokenSource();
        Task put = queue.PutAsync(2, cancelled.Token).AsTask();
        cancelled.Cancel();
        Assert.CatchAsync<OperationCanceledException>(() => put.WaitAsync(Guard));
        Assert.That(queue.Take(), Is.EqualTo(1));
        Assert.That(queue.TryTake(out _), Is.False, $"{taken} of the cancelled takes came first");
    }

    [Test]
    public void Disposal_ends_waits_and_a_lease_outlives_it()
    {
        ProcessQueue<int> queue = Manager.CreateQueue<int>();
        using ProcessQueue<int> other = Copy(queue);
        queue.Put(1);
        QueueLease<int> lease = queue.Lease();
        Task<int> waiting = OnThread(queue.Take);
        Task<int> pending = queue.TakeAsync().AsTask();
        queue.Dispose();
        Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.WaitAsync(Guard));
        Assert.ThrowsAsync<ObjectDisposedException>(() => pending.WaitAsync(Guard));
        lease.Dispose();

        Assert.That(other.Take(), Is.EqualTo(1));
    }

    [Test]
    public void Disposing_a_queue_ends_a_wait_that_has_hardly_begun()
    {
        for (int i = 0; i < 1_000; i++)
        {
            ProcessQueue<int> queue = Manager.CreateQueue<int>();
            using var both = new Barrier(2);
            Task waiting = OnThread(() =>
            {
                both.SignalAndWait();
                Thread.SpinWait(20 * (i % 50));
                queue.TakeAsync().AsTask().GetAwaiter().GetResult();
            });
            both.SignalAndWait();
            queue.Dispose();

            Assert.That(async () => await waiting.WaitAsync(Guard), Throws.TypeOf<ObjectDisposedException>(), $"round {i}");
        }
    }

    [Test]
    public async Task A_killed_processs_leases_stand_in_front_again()
    {
        using ProcessQueue<int> queue = Manager.CreateQueue<int>();
        using ProcessEvent ready = Manager.CreateEvent();
        foreach (int item in Enumerable.Range(1, 5)) queue.Put(item);
        using ChildProcess child = ChildProcess.Start(ManagedJobsTargets.LeaseAndHold(queue, 3, ready));
        Assert.That(ready.Wait(Guard), Is.True);
        Assert.That(queue.Count, Is.EqualTo(2));
        child.Kill();
        Await(() => queue.Count == 5, "the leases");

        List<int> items = [];
        queue.CompleteAdding();
        await foreach (int item in queue.ReadAllAsync()) items.Add(item);
        Assert.That(items, Is.EqualTo(Enumerable.Range(1, 5)));
    }

    [Test]
    public void A_consumer_that_is_killed_while_it_waits_takes_nothing_with_it()
    {
        using ProcessQueue<int> queue = Manager.CreateQueue<int>();
        using ProcessEvent ready = Manager.CreateEvent();
        using ChildProcess child = ChildProcess.Start(ManagedJobsTargets.TakeOne(queue, ready));
        Assert.That(ready.Wait(Guard), Is.True);
        Signals.Send(child.Id!.Value, 19); // SIGSTOP: it is handed the item, and never says that it came.
        queue.Put(7);
        child.Kill();

        Assert.That(queue.TryTake(out int item, Guard), Is.True);
        Assert.That(item, Is.EqualTo(7));
    }

    [Test]
    public void Letting_go_of_a_queue_takes_back_no_more_than_the_server_was_told()
    {
        using ManagedValue<int> before = Manager.CreateValue(0);
        ProcessQueue<int> queue = Manager.CreateQueue<int>();
        ulong id = before.ObjectId + 1;

        // As if this process had opened it again already when it lets go of it.
        Manager.Client.Send(ManagerRequest.Create(ManagerOp.AddReference).Add(id));
        for (int i = 0; i < 5; i++)
        {
            queue.Put(i);
            using QueueLease<int> lease = queue.Lease();
            lease.Complete();
        }

        queue.Dispose();
        ManagedValue<int> after = Manager.CreateValue(0);
        after.Dispose();
        Await(() => !Lives(after.ObjectId, ManagerOp.Get), "the end of what was let go of last");
        Assert.That(Lives(id, ManagerOp.Status), Is.True);
        Manager.Client.Send(ManagerRequest.Create(ManagerOp.Release).Add(1).Add(id));
        Await(() => !Lives(id, ManagerOp.Status), "the end of the queue");
    }

    [Test]
    public async Task Producers_and_consumers_in_several_processes_pass_every_item_once()
    {
        const int Each = 150;
        using ProcessQueue<int> queue = Manager.CreateQueue<int>(3);
        using ManagedList<int> taken = Manager.CreateList<int>();
        ChildProcess[] consumers = [.. Enumerable.Range(0, 2).Select(_ => ChildProcess.Start(ManagedJobsTargets.TakeAll(queue, taken)))];
        ChildProcess[] producers = [.. Enumerable.Range(0, 2).Select(i => ChildProcess.Start(ManagedJobsTargets.PutRange(queue, i * Each, Each)))];
        await Task.WhenAll(producers.Select(child => child.Completion)).WaitAsync(Guard);
        queue.CompleteAdding();
        await Task.WhenAll(consumers.Select(child => child.Completion)).WaitAsync(Guard);
        foreach (ChildProcess child in producers.Concat(consumers)) child.Dispose();

        Assert.That(taken, Is.EquivalentTo(Enumerable.Range(0, 2 * Each)));
    }

    [Test]
    public void Handles_nest_in_one_another()
    {
        using ProcessQueue<ProcessQueue<int>> queues = Manager.CreateQueue<ProcessQueue<int>>();
        using ManagedDictionary<string, ProcessLock> locks = Manager.CreateDictionary<string, ProcessLock>();
        using (ProcessQueue<int> inner = Manager.CreateQueue<int>())
        using (ProcessLock mutex = Manager.CreateLock())
        {
            inner.Put(5);
            queues.Put(inner);
            mutex.Acquire();
            locks["held"] = mutex;
        }

        using ProcessQueue<int> again = queues.Take();
        using ProcessLock held = locks["held"];
        Assert.That(again.Take(), Is.EqualTo(5));
        Assert.That(held.TryAcquire(), Is.False);
        held.Release();
        Assert.That(held.TryAcquire(), Is.True);
    }

    private bool Lives(ulong id, ManagerOp question)
    {
        try
        {
            Manager.Client.Send(ManagerRequest.Create(question, id));
            return true;
        }
        catch (ConnectionLostException)
        {
            return false;
        }
    }
}
