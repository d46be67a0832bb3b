using System.Diagnostics;

namespace Procgen.Benchmarks.Peers;

/// <summary>Objects in a manager's server.</summary>
internal static class ManagerRows
{
    private const int Clients = 8;
    private const int SetsEach = 20_000;
    private const int PythonSetsEach = 2_000;
    private const int BatchItems = 100_000;

    public static IReadOnlyList<PeerRow> All { get; } =
    [
        new("manager: start, one item of a dictionary, shutdown, against `spawn`", "ms", Bound.None, StartAsync, Peer.Python("manager_start.py", "spawn")),
        new("manager: set an item of a dictionary", "µs", Bound.AtMost(0.6), SetAsync, Peer.Python("manager_dict_set.py")),
        new("manager: call a method of an own class's object", "µs", Bound.AtMost(0.6), CallAsync, Peer.Python("manager_custom.py")),
        new("manager: 8 clients set items of one dictionary", "sets/s", Bound.AtLeast(4), ClientsAsync, Peer.Python("manager_clients.py", $"{PythonSetsEach}")),
        new("manager: append 100,000 items in one AddRange, against append", "items/s", Bound.AtLeast(50), AppendAsync, Peer.Python("manager_batch.py", "append")),
        new("manager: read 100,000 items in one GetMany, against d[key]", "items/s", Bound.AtLeast(50), ReadAsync, Peer.Python("manager_batch.py", "get")),
    ];

    private static Task StartAsync(Samples samples)
    {
        int next = 0;
        return samples.AddMillisecondsAsync(2, 11, () =>
        {
            using ProcessManager manager = ProcessManager.Start();
            using ManagedDictionary<int, int> shared = manager.CreateDictionary<int, int>();
            shared[1] = ++next;
            if (shared[1] != next) throw new InvalidOperationException("wrong item");
            return Task.CompletedTask;
        });
    }

    private static async Task SetAsync(Samples samples)
    {
        const int Count = 10_000;
        using ProcessManager manager = ProcessManager.Start();
        using ManagedDictionary<int, int> shared = manager.CreateDictionary<int, int>();
        await samples.AddMicrosecondsEachAsync(2, 7, Count, () =>
        {
            ManagerWork.SetRange(shared, 0, Count);
            return Task.CompletedTask;
        }).ConfigureAwait(false);
    }

    private static async Task CallAsync(Samples samples)
    {
        const int Count = 10_000;
        using ProcessManager manager = ProcessManager.Start();
        using TallyProxy tally = manager.CreateTally();
        await samples.AddMicrosecondsEachAsync(2, 7, Count, () =>
        {
            for (int i = 0; i < Count; i++) tally.Add(i);
            return Task.CompletedTask;
        }).ConfigureAwait(false);
    }

    private static async Task ClientsAsync(Samples samples)
    {
        using ProcessManager manager = ProcessManager.Start();
        for (int round = 0; round < 4; round++)
        {
            using ManagedDictionary<int, int> shared = manager.CreateDictionary<int, int>();
            using var gate = new ProcessBarrier(Clients + 1);
            ChildProcess[] clients = [.. Enumerable.Range(0, Clients).Select(n => ChildProcess.Start(ManagerWorkTargets.SetOwn(shared, gate, n * SetsEach, SetsEach)))];
            gate.Wait();
            long started = Stopwatch.GetTimestamp();
            foreach (ChildProcess client in clients) await client.Completion.ConfigureAwait(false);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
            foreach (ChildProcess client in clients) client.Dispose();
            if (shared.Count != Clients * SetsEach) throw new InvalidOperationException("items are missing");
            if (round >= 1) samples.Add(Clients * SetsEach / elapsed.TotalSeconds);
        }
    }

    private static async Task AppendAsync(Samples samples)
    {
        using ProcessManager manager = ProcessManager.Start();
        await samples.AddRateAsync(4, 7, BatchItems, () =>
        {
            using ManagedList<int> items = manager.CreateList<int>();
            items.AddRange(Enumerable.Range(0, BatchItems));
            return Task.CompletedTask;
        }).ConfigureAwait(false);
    }

    private static async Task ReadAsync(Samples samples)
    {
        using ProcessManager manager = ProcessManager.Start();
        using ManagedDictionary<int, int> known = manager.CreateDictionary<int, int>();
        known.SetMany(Enumerable.Range(0, BatchItems).Select(static x => KeyValuePair.Create(x, x)));
        await samples.AddRateAsync(4, 7, BatchItems, () =>
        {
            if (known.GetMany(Enumerable.Range(0, BatchItems)).Count != BatchItems) throw new InvalidOperationException("items are missing");
            return Task.CompletedTask;
        }).ConfigureAwait(false);
    }
}

/// <summary>Python's class of the same row.</summary>
[ManagedObject]
internal sealed class Tally
{
    private long _value;

    public long Add(int by) => Interlocked.Add(ref _value, by);
}

/// <summary>What the clients run.</summary>
internal static class ManagerWork
{
    [ProcessTarget]
    public static void SetOwn(ManagedDictionary<int, int> shared, ProcessBarrier gate, int first, int count)
    {
        // The fresh process has compiled what it needs before the time begins.
        SetRange(shared, first, count);
        gate.Wait();
        SetRange(shared, first, count);
    }

    public static void SetRange(ManagedDictionary<int, int> shared, int first, int count)
    {
        for (int x = first; x < first + count; x++) shared[x] = x;
    }
}
