using NUnit.Framework;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Managers;

/// <summary>A client elsewhere finds one of everything by name and uses it, while this process looks on.</summary>
internal static class RemoteScenario
{
    /// <param name="manager">The server, fresh.</param>
    /// <param name="use">What the client runs; it ends with <see cref="RemoteJobs.UseEverything"/>.</param>
    /// <returns>What the client says in the end.</returns>
    public static async Task<string> PlayAsync(ProcessManager manager, ProcessCall<string> use)
    {
        using ManagedList<int> list = manager.CreateList([1, 2]);
        using ManagedDictionary<string, int> dictionary = manager.CreateDictionary<string, int>();
        using ProcessLock mutex = manager.CreateLock();
        using ProcessQueue<string> queue = manager.CreateQueue<string>(1);
        using CounterProxy counter = manager.CreateCounter(10);
        manager.Publish("list", list);
        manager.Publish("dictionary", dictionary);
        manager.Publish("lock", mutex);
        manager.Publish("queue", queue);
        manager.Publish("counter", counter);
        mutex.Acquire();
        using ChildProcess<string> client = ChildProcess.Start(use);
        Assert.That(queue.Take(), Is.EqualTo("waiting for the lock"));
        mutex.Release();
        string said = await client.Completion.WaitAsync(Guard);

        Assert.That(dictionary["from the client"], Is.EqualTo(3));
        Assert.That(queue.Take(), Is.EqualTo("done"));
        Assert.That(counter.Value, Is.EqualTo(15));
        Assert.That(mutex.TryAcquire(Guard), Is.True);
        return said;
    }
}
