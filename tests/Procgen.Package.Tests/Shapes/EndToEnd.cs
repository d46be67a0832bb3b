using System.Net;
using System.Net.Sockets;
using Procgen;

namespace Shapes;

/// <summary>
/// What an app of every shape runs: not compiled here, but into the projects that the tests publish. It reports to the test
/// over a socket, as not every shape has a standard output of its own.
/// </summary>
public static class EndToEnd
{
    /// <summary>The port of 127.0.0.1 that the test listens on.</summary>
    private const string PortVariable = "SHAPE_PORT";

    /// <summary>How many workers are to be kept busy, each with a child that is busy too; without it, the program runs to its end.</summary>
    private const string BusyVariable = "SHAPE_BUSY";

    public static async Task RunAsync()
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, int.Parse(Environment.GetEnvironmentVariable(PortVariable)!));
        await using var report = new StreamWriter(connection.GetStream()) { AutoFlush = true };
        if (Environment.GetEnvironmentVariable(BusyVariable) is { } count) await KeepBusyAsync(int.Parse(count), report);
        await UseProcessesAsync(report);
        await UseReserveAsync(report);
        await UsePoolAsync(report);
        await UseQueueAsync(report);
        await UseLockAsync(report);
        await UseManagerAsync(report);
        await CrashAsync(report);
        await KillAsync(report);
        await CancelAsync(report);
        await LeaveStreamUnreadAsync();
    }

    /// <summary>What nobody reads any more keeps no app alive.</summary>
    private static async Task LeaveStreamUnreadAsync()
    {
        IAsyncEnumerator<byte[]> unread = ChildProcess.StreamAsync(WorkTargets.Megabytes(), new ProcessOptions { StartMethod = StartMethod.InProcess }).GetAsyncEnumerator();
        await unread.MoveNextAsync();
    }

    private static async Task UseProcessesAsync(StreamWriter report)
    {
        foreach (StartMethod method in new[] { StartMethod.Spawn, StartMethod.InProcess })
        {
            using var child = ChildProcess.Start(WorkTargets.Square(4), new ProcessOptions { StartMethod = method });
            await report.WriteLineAsync($"{method}: 4 x 4 = {await child.Completion}");
        }
    }

    /// <summary>Asks until one answers that booted well before it was asked: none waits for the first.</summary>
    private static async Task UseReserveAsync(StreamWriter report)
    {
        for (int i = 0; i < 160; i++)
        {
            DateTime asked = DateTime.Now;
            using var child = ChildProcess.Start(WorkTargets.BootTime(), new ProcessOptions { StartMethod = StartMethod.Standby });
            if (await child.Completion < asked.AddSeconds(-0.5))
            {
                await report.WriteLineAsync($"Standby: one that has waited, and ended with {await child.WaitForExitAsync()}");
                return;
            }

            await Task.Delay(TimeSpan.FromSeconds(0.75));
        }
    }

    private static async Task UsePoolAsync(StreamWriter report)
    {
        await using var pool = new ProcessPool(2);
        int[] squares = await pool.MapAsync(Enumerable.Range(0, 1000), WorkTargets.Square);
        string crashed = "nothing";
        try
        {
            await pool.RunAsync(WorkTargets.Crash());
        }
        catch (WorkerCrashedException crash)
        {
            crashed = crash.TargetName ?? "?";
        }

        await report.WriteLineAsync($"pool: {squares.Sum()}, {crashed} crashed, then {await pool.RunAsync(WorkTargets.Square(3))}");
    }

    private static async Task UseQueueAsync(StreamWriter report)
    {
        using var numbers = new ProcessQueue<int>();
        using var squares = new ProcessQueue<Squared>();
        using var child = ChildProcess.Start(WorkTargets.SquareAll(numbers, squares));
        for (int x = 1; x <= 4; x++) numbers.Put(x);
        numbers.CompleteAdding();
        List<int> all = [];
        await foreach (Squared square in squares.ReadAllAsync()) all.Add(square.Area);
        await child.Completion;
        await report.WriteLineAsync($"queue: {string.Join(' ', all)}");
    }

    private static async Task UseLockAsync(StreamWriter report)
    {
        using var gate = new ProcessLock();
        using var count = new SharedValue<int>();
        ChildProcess[] children = [.. Enumerable.Range(0, 3).Select(_ => ChildProcess.Start(WorkTargets.CountUnder(gate, count, 200)))];
        foreach (ChildProcess child in children)
        {
            await child.Completion;
            child.Dispose();
        }

        await report.WriteLineAsync($"lock: counted to {count.Value}");
    }

    private static async Task UseManagerAsync(StreamWriter report)
    {
        using ProcessManager manager = ProcessManager.Start();
        using CounterProxy counter = manager.CreateCounter(5);
        await using IAsyncEnumerator<Change> changes = counter.Changed.GetAsyncEnumerator();
        int six = await counter.AddAsync(1);
        await changes.MoveNextAsync();
        using var adding = ChildProcess.Start(WorkTargets.Add(counter, 4));
        await report.WriteLineAsync($"manager: counted to {six}, told {changes.Current.By}, elsewhere {await adding.Completion}, by name {counter["one"]}");
    }

    private static async Task CrashAsync(StreamWriter report)
    {
        using var crashing = ChildProcess.Start(WorkTargets.Crash());
        try
        {
            await crashing.Completion;
        }
        catch (WorkerCrashedException crash)
        {
            await report.WriteLineAsync($"{crash.TargetName} ended with {crash.ExitCode}");
        }
    }

    private static async Task KillAsync(StreamWriter report)
    {
        using var endless = ChildProcess.Start(WorkTargets.WaitAsync());
        endless.Kill();
        await report.WriteLineAsync($"killed: {await endless.WaitForExitAsync()}");
    }

    private static async Task CancelAsync(StreamWriter report)
    {
        using var cancellation = new CancellationTokenSource();
        using var endless = ChildProcess.Start(WorkTargets.WaitAsync(), cancellationToken: cancellation.Token);
        cancellation.Cancel();
        try
        {
            await endless.Completion;
        }
        catch (OperationCanceledException)
        {
            await report.WriteLineAsync("cancelled");
        }
    }

    /// <summary>Reports this process's id, then those of its children and theirs once all of them are busy, and waits to be killed.</summary>
    private static async Task KeepBusyAsync(int count, StreamWriter report)
    {
        using var ids = new ProcessQueue<int>();
        using var everybodyIsThere = new ProcessEvent();
        List<ChildProcess> children = [];
        for (int i = 0; i < count; i++) children.Add(ChildProcess.Start(WorkTargets.BeBusy(ids, everybodyIsThere, hasChild: true)));
        Task firstToEnd = Task.WhenAny(children.Select(static child => child.Completion)).Unwrap();
        for (int i = 0; i < 2 * count; i++) Console.WriteLine($"process {await TakeAsync()} is there");
        everybodyIsThere.Set();
        List<int> busy = [Environment.ProcessId];
        for (int i = 0; i < 2 * count; i++) busy.Add(await TakeAsync());
        await report.WriteLineAsync(string.Join(' ', busy));
        await firstToEnd;

        async Task<int> TakeAsync()
        {
            Task<int> id = ids.TakeAsync().AsTask();
            if (await Task.WhenAny(id, firstToEnd) == firstToEnd) await firstToEnd;
            return await id;
        }
    }
}

[ManagedObject]
public class Counter(int start)
{
    private int _value = start;

    public event EventHandler<Change>? Changed;

    public int this[string name] => name.Length;

    public int Add(int by)
    {
        _value += by;
        Changed?.Invoke(this, new Change { By = by });
        return _value;
    }
}

public class Change : EventArgs
{
    public int By { get; init; }
}

/// <summary>What only a type argument names: its codec is found when the queue is made.</summary>
public sealed record Squared(string Root, int Area);

/// <summary>What the workers run.</summary>
public static class Work
{
    [ProcessTarget]
    public static int Square(int x) => x * x;

    [ProcessTarget]
    public static IEnumerable<byte[]> Megabytes()
    {
        while (true) yield return new byte[1 << 20];
    }

    [ProcessTarget]
    public static DateTime BootTime()
    {
        using var self = System.Diagnostics.Process.GetCurrentProcess();
        return self.StartTime;
    }

    [ProcessTarget]
    public static int Add(CounterProxy counter, int by) => counter.Add(by);

    [ProcessTarget]
    public static void SquareAll(ProcessQueue<int> numbers, ProcessQueue<Squared> squares)
    {
        foreach (int x in numbers.ReadAll()) squares.Put(new Squared($"{x}", x * x));
        squares.CompleteAdding();
    }

    [ProcessTarget]
    public static void CountUnder(ProcessLock gate, SharedValue<int> count, int times)
    {
        for (int i = 0; i < times; i++)
        {
            using ProcessLock.Scope scope = gate.EnterScope();
            count.Value++;
        }
    }

    [ProcessTarget]
    public static void Crash() => Environment.Exit(42);

    [ProcessTarget]
    public static Task WaitAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);

    /// <summary>Says its process's id when it is there and again when it is busy, and never returns.</summary>
    [ProcessTarget]
    public static void BeBusy(ProcessQueue<int> ids, ProcessEvent everybodyIsThere, bool hasChild)
    {
        using ChildProcess? child = hasChild ? ChildProcess.Start(WorkTargets.BeBusy(ids, everybodyIsThere, hasChild: false)) : null;
        ids.Put(Environment.ProcessId);
        everybodyIsThere.Wait();
        ids.Put(Environment.ProcessId);
        for (uint x = 1; x != 0; x = (x * 2) + 1)
        {
            if (x == uint.MaxValue) x = 1;
        }
    }
}
