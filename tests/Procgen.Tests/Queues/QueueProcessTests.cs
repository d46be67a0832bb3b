using NUnit.Framework;

namespace Procgen.Tests.Queues;

/// <summary>The scenarios of CPython's _TestQueue, _TestSimpleQueue and _TestJoinableQueue that need other processes.</summary>
[CancelAfter(120_000)]
public class QueueProcessTests
{
    [Test]
    public void A_child_takes_what_the_parent_put()
    {
        using ProcessQueue<int> queue = new(maxSize: 6);
        for (int i = 1; i <= 6; i++) queue.Put(i);
        Assert.That(queue.IsFull, Is.True);
        using ChildProcess<int> child = ChildProcess.Start(QueueJobsTargets.TakeAll(queue, 6));
        Assert.That(child.Completion.Result, Is.EqualTo(21));
        Assert.That(queue.IsEmpty, Is.True);
    }

    [Test]
    public void The_parent_takes_what_a_child_put_in_order()
    {
        using ProcessQueue<int> queue = new();
        using ChildProcess child = ChildProcess.Start(QueueJobsTargets.PutRange(queue, 10_000));
        Assert.That(queue.TakeSome(10_000), Is.EqualTo(Enumerable.Range(0, 10_000)));
        child.Completion.Wait();
    }

    [Test]
    public void A_child_may_end_right_after_putting_and_be_joined_before_the_items_are_taken()
    {
        // CPython's guide says that this deadlocks: a megabyte put, joined, then got.
        using ProcessQueue<byte[]> queue = new();
        using ChildProcess child = new(QueueJobsTargets.PutBytes(queue, 1 << 20));
        child.Start();
        Assert.That(child.Join(TimeSpan.FromMinutes(1)), Is.True);
        Assert.That(queue.Take(), Has.Length.EqualTo(1 << 20));
    }

    [Test]
    public void A_timeout_in_a_child_is_kept()
    {
        using ProcessQueue<int> queue = new();
        using ChildProcess<bool> child = ChildProcess.Start(QueueJobsTargets.TimesOut(queue));
        Assert.That(child.Completion.Result, Is.True);
    }

    [Test]
    public void Join_waits_for_the_work_of_four_children()
    {
        using ProcessQueue<int> queue = new();
        ChildProcess<int>[] workers = [.. Enumerable.Range(0, 4).Select(_ => ChildProcess.Start(QueueJobsTargets.WorkOff(queue)))];
        for (int i = 0; i < 1000; i++) queue.Put(i);
        Assert.That(queue.Join(TimeSpan.FromMinutes(1)), Is.True);
        Assert.That(queue.IsEmpty, Is.True);
        queue.CompleteAdding();
        Assert.That(workers.Sum(worker => worker.Completion.Result), Is.EqualTo(1000));
        foreach (ChildProcess<int> worker in workers) worker.Dispose();
    }

    [Test]
    public void Every_item_goes_to_one_of_several_readers()
    {
        using ProcessQueue<int> queue = new();
        ChildProcess<List<int>>[] readers = [.. Enumerable.Range(0, 3).Select(_ => ChildProcess.Start(QueueJobsTargets.ReadAll(queue)))];
        for (int i = 0; i < 20_000; i++) queue.Put(i);
        queue.CompleteAdding();
        List<int>[] taken = [.. readers.Select(reader => reader.Completion.Result)];
        Assert.That(taken, Is.All.Ordered);
        Assert.That(taken.SelectMany(items => items).Order(), Is.EqualTo(Enumerable.Range(0, 20_000)));
        foreach (ChildProcess<List<int>> reader in readers) reader.Dispose();
    }

    [Test]
    public void What_a_killed_process_leased_comes_back_to_the_front()
    {
        using ProcessQueue<int> queue = new();
        using ProcessQueue<int> leased = new();
        for (int i = 0; i < 3; i++) queue.Put(i);
        using ChildProcess child = ChildProcess.Start(QueueJobsTargets.LeaseAndHang(queue, leased));
        Assert.That(leased.Take(), Is.Zero);
        Assert.That(queue.TakeSome(1), Is.EqualTo(new[] { 2 }));
        Task<int> waiting = queue.TakeAsync().AsTask();
        child.Kill();
        Assert.That(waiting.Result, Is.Zero);
        queue.TaskDone();
        queue.TaskDone();
        Assert.That(queue.Join(TimeSpan.Zero), Is.True);
    }

    [Test]
    public void A_process_killed_while_it_waits_takes_nothing_with_it()
    {
        using ProcessQueue<int> queue = new();
        using ProcessQueue<int> ready = new();
        for (int i = 0; i < 3; i++)
        {
            using ChildProcess child = ChildProcess.Start(QueueJobsTargets.TakeAndHang(queue, ready));
            ready.Take();
            child.Kill();
            child.Join();
            queue.Put(i);
            Assert.That(queue.Take(), Is.EqualTo(i));
        }
    }

    [Test]
    public void A_queue_travels_inside_an_item()
    {
        using ProcessQueue<Question> questions = new();
        using ChildProcess child = ChildProcess.Start(QueueJobsTargets.Answer(questions));
        for (int i = 0; i < 20; i++)
        {
            using ProcessQueue<int> answers = new();
            questions.Put(new Question { Number = i, Answers = answers });
            Assert.That(answers.Take(), Is.EqualTo(i * i));
        }

        questions.CompleteAdding();
        child.Completion.Wait();
    }

    [Test]
    public void An_item_keeps_the_queue_in_it_open_until_it_was_taken()
    {
        using ProcessQueue<Question> questions = new();
        using ProcessQueue<int> answers = new();
        ProcessQueue<int> handle = new(((Procgen.Queues.SharedQueueState)answers.State).OpenAgain());
        questions.Put(new Question { Number = 5, Answers = handle });
        handle.Dispose();
        using ChildProcess child = ChildProcess.Start(QueueJobsTargets.Answer(questions));
        Assert.That(answers.Take(), Is.EqualTo(25));
        questions.CompleteAdding();
        child.Completion.Wait();
    }

    [Test]
    public void A_queue_is_passed_on_to_a_grandchild()
    {
        using ProcessQueue<int> queue = new();
        using ChildProcess child = ChildProcess.Start(QueueJobsTargets.PassOn(queue, 100));
        Assert.That(queue.TakeSome(100), Is.EqualTo(Enumerable.Range(0, 100)));
        child.Completion.Wait();
    }

    [Test]
    public async Task Items_are_read_asynchronously_in_a_child()
    {
        using ProcessQueue<int> queue = new();
        using ChildProcess<int> child = ChildProcess.Start(QueueJobsTargets.SumAsync(queue));
        for (int i = 0; i < 1000; i++) await queue.PutAsync(i);
        queue.CompleteAdding();
        Assert.That(await child.Completion, Is.EqualTo(499_500));
    }
}
