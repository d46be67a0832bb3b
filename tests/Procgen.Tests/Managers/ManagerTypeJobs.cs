using System.Net;

namespace Procgen.Tests.Managers;

/// <summary>What children do with each type that a manager makes.</summary>
internal static class ManagerTypeJobs
{
    [ProcessTarget]
    public static void PutToEach(ManagedList<ProcessQueue<int>> queues)
    {
        for (int i = 0; i < queues.Count; i++) queues[i].Put(i);
    }

    [ProcessTarget]
    public static void UseSignals(
        ProcessEvent signal, ProcessLock plain, ProcessRecursiveLock recursive, ProcessSemaphore semaphore, ProcessCondition condition, ProcessBarrier barrier)
    {
        using (condition.EnterScope())
        {
            signal.Set();
            barrier.Wait();
            plain.Release();
            recursive.Acquire();
            recursive.Acquire();
            semaphore.Release();
            condition.Wait();
            recursive.Release();
            recursive.Release();
        }
    }

    [ProcessTarget]
    public static void UseData(
        ProcessQueue<int> queue, ManagedList<int> list, ManagedDictionary<string, int> dictionary, ManagedValue<int> value, ManagedArray<int> array, ManagedNamespace names)
    {
        dictionary["b"] = queue.Count;
        value.Value = queue.Take() + 1;
        queue.TaskDone();
        names.Set("x", queue.Take());
        list.Add(list.Count + 1);
        dictionary["a"] = 10;
        array[1] = 10;
        queue.TaskDone();
    }

    [ProcessTarget]
    public static void PutRemotely(int port, byte[] key, string[] values)
    {
        using ProcessManager manager = ProcessManager.Connect(new IPEndPoint(IPAddress.Loopback, port), key);
        ProcessQueue<string> queue = manager.Find<ProcessQueue<string>>("queue");
        foreach (string value in values) queue.Put(value);
    }

    [ProcessTarget]
    public static void SayWhereItRuns(SharedValue<int> ran) => ran.Value = Environment.ProcessId;

    [ProcessTarget]
    public static void Refuse() => throw new InvalidOperationException("no server today");
}
