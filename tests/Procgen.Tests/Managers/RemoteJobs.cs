using System.Net;
using Procgen.Managers;

namespace Procgen.Tests.Managers;

/// <summary>What the tests run in processes that reach a manager over a network.</summary>
internal static class RemoteJobs
{
    [ProcessTarget]
    public static string UseEverything(string host, int port, byte[] key, byte[]? certificate)
    {
        using ProcessManager manager = ProcessManager.Connect(
            new IPEndPoint(IPAddress.Parse(host), port), key, certificate is null ? null : Certificates.Trusting(certificate));
        ManagedList<int> list = manager.Find<ManagedList<int>>("list");
        ManagedDictionary<string, int> dictionary = manager.Find<ManagedDictionary<string, int>>("dictionary");
        ProcessLock mutex = manager.Find<ProcessLock>("lock");
        ProcessQueue<string> queue = manager.Find<ProcessQueue<string>>("queue");
        CounterProxy counter = manager.Find<CounterProxy>("counter");
        list.Add(3);
        if (mutex.TryAcquire()) return "the lock was free";
        queue.Put("waiting for the lock");
        using (mutex.EnterScope()) dictionary.AddOrUpdate("from the client", list.Count, (_, old) => old + 1);
        counter.Add(5);
        queue.Put("done");
        return string.Join(',', list);
    }

    [ProcessTarget]
    public static string UseNested(ManagedDictionary<string, ProcessQueue<int>> queues, ProcessCondition condition, ProcessBarrier barrier)
    {
        queues["inner"].Put(42);
        using (condition.EnterScope())
        {
            barrier.Wait();
            return condition.Wait() ? "notified" : "not notified";
        }
    }

    [ProcessTarget]
    public static void HoldLockAndLease(ProcessLock mutex, ProcessQueue<int> queue, ProcessEvent ready)
    {
        mutex.Acquire();
        QueueLease<int> lease = queue.Lease();
        ready.Set();
        Thread.Sleep(Timeout.Infinite);
        lease.Dispose();
    }

    /// <summary>The same in another network namespace.</summary>
    [ProcessTarget]
    public static string UseEverythingFrom(string space, string host, int port, byte[] key, byte[] certificate) =>
        NetworkNamespace.Run(space, () => $"{NetworkNamespace.OwnAddress()}: {UseEverything(host, port, key, certificate)}");

    [ProcessTarget]
    public static int CountObjects(int port, byte[] key)
    {
        using ProcessManager manager = ProcessManager.Connect(new IPEndPoint(IPAddress.Loopback, port), key);
        return manager.ObjectCount;
    }

    /// <summary>Lets go of its only proxy. Whether the connections end then, and only then.</summary>
    [ProcessTarget]
    public static bool LetGo(ManagedList<int> list)
    {
        ManagerClient client = list.Client;
        client.DisposeIfUnused();
        list.Add(1);
        list.Dispose();
        client.DisposeIfUnused();
        return client.IsDisposed;
    }
}
