using System.Net;
using Procgen.Tests.Connections;

namespace Procgen.Tests.Managers;

/// <summary>What the tests run in processes that share managed objects.</summary>
internal static class ManagedJobs
{
    [ProcessTarget]
    public static void Append(ManagedList<int> list, int from, int count)
    {
        for (int i = from; i < from + count; i++) list.Add(i);
    }

    [ProcessTarget]
    public static void Increment(ManagedDictionary<string, int> counts, string key, int times)
    {
        for (int i = 0; i < times; i++) counts.AddOrUpdate(key, 1, (_, old) => old + 1);
    }

    [ProcessTarget]
    public static void UpdateValue(ManagedValue<long> value, int times)
    {
        for (int i = 0; i < times; i++) value.Update(old => old + 1);
    }

    [ProcessTarget]
    public static string ReadNested(ManagedList<ManagedDictionary<string, int>> list) =>
        string.Join(",", list.Select(dictionary => string.Join("+", dictionary.OrderBy(item => item.Key).Select(item => $"{item.Key}{item.Value}"))));

    [ProcessTarget]
    public static void WorkOff(ProcessQueue<int?> queue, ManagedList<int> results)
    {
        while (queue.Take() is int item) results.Add(item * item);
    }

    [ProcessTarget]
    public static void WaitForLock(ProcessLock mutex, ProcessEvent arrived)
    {
        arrived.Set();
        mutex.Acquire();
        Thread.Sleep(Timeout.Infinite);
    }

    [ProcessTarget]
    public static void LeaseAndHold(ProcessQueue<int> queue, int count, ProcessEvent ready)
    {
        for (int i = 0; i < count; i++) queue.Lease();
        ready.Set();
        Thread.Sleep(Timeout.Infinite);
    }

    [ProcessTarget]
    public static int TakeOne(ProcessQueue<int> queue, ProcessEvent ready)
    {
        Task<int> taking = queue.TakeAsync().AsTask();
        ready.Set();
        return taking.GetAwaiter().GetResult();
    }

    [ProcessTarget]
    public static void PutRange(ProcessQueue<int> queue, int from, int count)
    {
        for (int i = from; i < from + count; i++) queue.Put(i);
    }

    [ProcessTarget]
    public static void TakeAll(ProcessQueue<int> queue, ManagedList<int> taken)
    {
        foreach (int item in queue.ReadAll()) taken.Add(item);
    }

    [ProcessTarget]
    public static void StartAndHold(SharedValue<int> server, ProcessEvent ready)
    {
        ProcessManager manager = ProcessManager.Start();
        manager.CreateLock().Acquire();
        server.Value = CurrentProcess.ActiveChildren.Single().Id!.Value;
        ready.Set();
        Thread.Sleep(Timeout.Infinite);
    }

    /// <summary>Starts a manager at a socket's file, and leaves it.</summary>
    /// <returns>Its server's process id.</returns>
    [ProcessTarget]
    public static int StartAtFile(string path, bool isPipe)
    {
        GC.KeepAlive(ProcessManager.Start(new ProcessManagerOptions { EndPoint = ListenerFileTests.At(path, isPipe) }));
        return CurrentProcess.ActiveChildren.Single().Id!.Value;
    }

    /// <summary>As <see cref="StartAtFile"/>, and waits to be killed.</summary>
    [ProcessTarget]
    public static void StartAtFileAndHold(string path, bool isPipe, SharedValue<int> server, ProcessEvent ready)
    {
        server.Value = StartAtFile(path, isPipe);
        ready.Set();
        Thread.Sleep(Timeout.Infinite);
    }

    /// <summary>Holds a lock and uses a list; again after it was taken for gone; and again when it has connected anew.</summary>
    [ProcessTarget]
    public static string UseBeforeAndAfter(int port, ProcessEvent ready, ProcessEvent isTakenForGone)
    {
        using ProcessManager manager = ProcessManager.Connect(new IPEndPoint(IPAddress.Loopback, port));
        using ManagedList<int> list = manager.Find<ManagedList<int>>("list");
        using ProcessLock mutex = manager.Find<ProcessLock>("lock");
        list.Add(1);
        mutex.Acquire();
        ready.Set();
        isTakenForGone.Wait();
        string outcomes = string.Join(' ', new Action[] { () => list.Add(0), () => list.Add(0), () => mutex.Release(), () => manager.CreateLock() }.Select(OutcomeOf));
        using ProcessManager again = ProcessManager.Connect(new IPEndPoint(IPAddress.Loopback, port));
        using ManagedList<int> found = again.Find<ManagedList<int>>("list");
        found.Add(2);
        return $"{outcomes} found";
    }

    [ProcessTarget]
    public static void InitializeForever(ProcessEvent begun)
    {
        begun.Set();
        Thread.Sleep(Timeout.Infinite);
    }

    [ProcessTarget]
    public static void InitializeBadly() => throw new FormatException("no good");

    [ProcessTarget]
    public static void DieSoon(int milliseconds)
    {
        var thread = new Thread(() =>
        {
            Thread.Sleep(milliseconds);
            System.Diagnostics.Process.GetCurrentProcess().Kill();
        });
        thread.Start();
    }

    [ProcessTarget]
    public static void CreateAndHold(int port, int count, ProcessEvent ready)
    {
        ProcessManager manager = ProcessManager.Connect(new IPEndPoint(IPAddress.Loopback, port));
        object[] made = [.. Enumerable.Range(0, count).Select(i => i % 2 == 0 ? (object)manager.CreateValue(i) : manager.CreateLock())];
        ready.Set();
        Thread.Sleep(Timeout.Infinite);
        GC.KeepAlive(made);
    }

    private static string OutcomeOf(Action action)
    {
        try
        {
            action();
            return "done";
        }
        catch (ConnectionLostException)
        {
            return "lost";
        }
    }
}
