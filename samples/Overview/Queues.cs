using Procgen;

namespace Overview;

/// <summary>
/// First in, first out. A queue here is shared memory: an item is there as soon as <c>Put</c> returns, no thread has to
/// send it on, so that <c>IsEmpty</c> does not lie for a moment and a process that ends has nothing to flush.
/// </summary>
internal static class Queues
{
    public static void Run()
    {
        using var queue = new ProcessQueue<Message>();
        using ChildProcess child = ChildProcess.Start(QueuesTargets.Put(queue));
        Console.WriteLine(queue.Take());
        child.Join();
        Console.WriteLine($"IsEmpty {queue.IsEmpty}, a further one within 10 ms: {queue.TryTake(out _, TimeSpan.FromMilliseconds(10))}");
    }

    [ProcessTarget]
    public static void Put(ProcessQueue<Message> queue)
    {
        Console.WriteLine("put an object to queue...");
        queue.Put(new Message("33", 44, null));
    }
}
