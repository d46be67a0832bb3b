namespace Procgen.Tests.Queues;

/// <summary>What the queue tests run in child processes.</summary>
internal static class QueueJobs
{
    [ProcessTarget]
    public static void PutRange(ProcessQueue<int> queue, int count)
    {
        for (int i = 0; i < count; i++) queue.Put(i);
    }

    /// <summary>CPython's _test_put: takes what the parent put once it is told to, then says so.</summary>
    [ProcessTarget]
    public static int TakeAll(ProcessQueue<int> queue, int count)
    {
        int sum = 0;
        for (int i = 0; i < count; i++) sum += queue.Take();
        return sum;
    }

    [ProcessTarget]
    public static List<int> ReadAll(ProcessQueue<int> queue) => [.. queue.ReadAll()];

    [ProcessTarget]
    public static void PutBytes(ProcessQueue<byte[]> queue, int length) => queue.Put(new byte[length]);

    [ProcessTarget]
    public static int WorkOff(ProcessQueue<int> queue)
    {
        int done = 0;
        foreach (int item in queue.ReadAll())
        {
            if (item < 0) throw new InvalidOperationException("A negative item.");
            queue.TaskDone();
            done++;
        }

        return done;
    }

    /// <summary>Leases two items, completes the second, tells the parent, and waits to be killed.</summary>
    [ProcessTarget]
    public static void LeaseAndHang(ProcessQueue<int> queue, ProcessQueue<int> leased)
    {
        QueueLease<int> kept = queue.Lease();
        using QueueLease<int> done = queue.Lease();
        done.Complete();
        leased.Put(kept.Value);
        Thread.Sleep(Timeout.Infinite);
    }

    [ProcessTarget]
    public static void TakeAndHang(ProcessQueue<int> queue, ProcessQueue<int> ready)
    {
        ready.Put(0);
        queue.Take();
        Thread.Sleep(Timeout.Infinite);
    }

    /// <summary>Answers on the queue that came with the question.</summary>
    [ProcessTarget]
    public static void Answer(ProcessQueue<Question> questions)
    {
        foreach (Question question in questions.ReadAll())
        {
            using ProcessQueue<int> answers = question.Answers;
            answers.Put(question.Number * question.Number);
        }
    }

    [ProcessTarget]
    public static void PassOn(ProcessQueue<int> queue, int count)
    {
        using ChildProcess grandchild = ChildProcess.Start(QueueJobsTargets.PutRange(queue, count));
        grandchild.Join();
    }

    [ProcessTarget]
    public static bool TimesOut(ProcessQueue<int> queue) => !queue.TryTake(out _, TimeSpan.FromMilliseconds(50));

    [ProcessTarget]
    public static async Task<int> SumAsync(ProcessQueue<int> queue, CancellationToken cancellationToken)
    {
        int sum = 0;
        await foreach (int item in queue.ReadAllAsync(cancellationToken).ConfigureAwait(false)) sum += item;
        return sum;
    }
}

/// <summary>A question, and where the answer goes.</summary>
public sealed class Question
{
    public int Number { get; set; }

    public required ProcessQueue<int> Answers { get; set; }
}
