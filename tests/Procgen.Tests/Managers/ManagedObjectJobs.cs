namespace Procgen.Tests.Managers;

/// <summary>What other processes do with managed objects.</summary>
internal static class ManagedObjectJobs
{
    [ProcessTarget]
    public static int AddMany(CounterProxy counter, int times)
    {
        for (int i = 0; i < times; i++) counter.Add(1);
        return counter.ProcessId;
    }

    [ProcessTarget]
    public static int[] AddToAll(List<CounterProxy> counters) => [.. counters.Select(counter => counter.Add(10))];

    [ProcessTarget]
    public static CounterProxy Same(CounterProxy counter) => counter;

    [ProcessTarget]
    public static async Task ListenForeverAsync(CounterProxy counter, IProgress<int> heard)
    {
        await foreach (int value in counter.Changed) heard.Report(value);
    }

    [ProcessTarget]
    public static void WaitForever(WaiterProxy waiter, IProgress<bool> started)
    {
        Task wait = waiter.WaitAsync();
        started.Report(true);
        wait.GetAwaiter().GetResult();
    }

    [ProcessTarget]
    public static int ConnectAndAdd(string path, byte[] key)
    {
        using ProcessManager manager = ProcessManager.Connect(new System.Net.Sockets.UnixDomainSocketEndPoint(path), key);
        using CounterProxy counter = manager.Find<CounterProxy>("counter");
        return counter.Add(5);
    }

    [ProcessTarget]
    public static int ConnectOverTcpAndAdd(int port, byte[] key)
    {
        using ProcessManager manager = ProcessManager.Connect(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, port), key);
        using CounterProxy counter = manager.Find<CounterProxy>("counter");
        using CounterProxy mine = manager.CreateCounter(100);
        return counter.Add(5) + mine.Add(1);
    }
}
