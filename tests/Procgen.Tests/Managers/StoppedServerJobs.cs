using System.Net;
using Procgen.Managers;
using Procgen.Shared;
using Procgen.Synchronization;
using Procgen.Tests.Processes;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Managers;

/// <summary>What the tests run in processes whose manager's server is stopped, as by Ctrl+Z: it takes nothing in.</summary>
internal static class StoppedServerJobs
{
    /// <summary>More than any system keeps on its way to whoever does not read.</summary>
    private const int Long = 32 << 20;

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(200);

    /// <summary>Puts what cannot be sent, and says how that ended.</summary>
    [ProcessTarget]
    public static string PutLong(int port, int server, bool asynchronously)
    {
        using ProcessManager manager = ProcessManager.Connect(new IPEndPoint(IPAddress.Loopback, port));
        using ProcessQueue<byte[]> queue = manager.Find<ProcessQueue<byte[]>>("long");
        using var cancellation = new CancellationTokenSource();
        queue.PutAsync(new byte[1]).AsTask().GetAwaiter().GetResult();
        Stop(server);
        if (!asynchronously) return OutcomeOf(() => queue.TryPut(new byte[Long], Short));

        // Not before its task is there is it cancelled.
        Task putting = queue.PutAsync(new byte[Long], cancellation.Token).AsTask();
        Task later = queue.PutAsync(new byte[1], cancellation.Token).AsTask();
        cancellation.Cancel();
        return OutcomeOf(() => putting.GetAwaiter().GetResult()) + " " + OutcomeOf(() => later.GetAwaiter().GetResult());
    }

    /// <summary>Uses the server from more threads than there are connections, which may take any time to open.</summary>
    [ProcessTarget]
    public static string UseCold(int port, int server)
    {
        using ProcessManager manager = ProcessManager.Connect(new IPEndPoint(IPAddress.Loopback, port), options: new ProcessClientOptions { ConnectTimeout = Timeout.InfiniteTimeSpan });
        using ProcessQueue<int> queue = manager.Find<ProcessQueue<int>>("queue");
        using ProcessEvent signal = manager.CreateEvent();
        Stop(server);
        Task<string>[] all =
        [
            .. Enumerable.Range(0, 2).Select(_ => OnThread(() => OutcomeOf(() => queue.TryTake(out int _)))),
            OnThread(() => OutcomeOf(() => signal.Wait(Short))), OnThread(() => OutcomeOf(() => _ = queue.Count)),
        ];
        return string.Join(' ', all.Select(static one => one.Result));
    }

    /// <summary>Takes from as many threads at once as there are items, each over a connection of its own.</summary>
    [ProcessTarget]
    public static string TakeAll(int port, int server, int items)
    {
        using ProcessManager manager = ProcessManager.Connect(new IPEndPoint(IPAddress.Loopback, port));
        using ProcessQueue<int> queue = manager.Find<ProcessQueue<int>>("queue");
        Connection[] all = [.. Enumerable.Range(0, items).Select(_ => manager.Client.Rent())];
        foreach (Connection connection in all) manager.Client.Return(connection);
        Stop(server);
        Task<string>[] taking = [.. Enumerable.Range(0, items).Select(_ => OnThread(() => OutcomeOf(() => queue.TryTake(out int _, Short))))];
        return string.Join(' ', taking.Select(static one => one.Result).Distinct());
    }

    /// <summary>Shuts down a server that it has given up, having waited for a connection.</summary>
    [ProcessTarget]
    public static string ShutDownGivenUp(int port, int server)
    {
        var options = new ProcessClientOptions { ConnectTimeout = TimeSpan.FromSeconds(1) };
        using ProcessManager manager = ProcessManager.Connect(new IPEndPoint(IPAddress.Loopback, port), options: options);
        using Connection idle = manager.Client.Rent();
        Signals.Send(server, 19);
        string stopped = OutcomeOf(() => _ = manager.ObjectCount) + " " + OutcomeOf(manager.Shutdown);
        Signals.Send(server, 18);
        return $"{stopped} {OutcomeOf(manager.Shutdown)} {OutcomeOf(manager.Shutdown)}";
    }

    /// <summary>Shuts down a server over a connection that is open.</summary>
    [ProcessTarget]
    public static string ShutDown(int port, int server)
    {
        var options = new ProcessClientOptions { ConnectTimeout = TimeSpan.FromSeconds(1) };
        using ProcessManager manager = ProcessManager.Connect(new IPEndPoint(IPAddress.Loopback, port), options: options);
        manager.Client.Return(manager.Client.Rent());
        Stop(server);
        return OutcomeOf(manager.Shutdown);
    }

    /// <summary>Releases a plain lock as a condition does that does not wait for ever.</summary>
    [ProcessTarget]
    public static string ReleaseForWait(int port, int server)
    {
        using ProcessManager manager = ProcessManager.Connect(new IPEndPoint(IPAddress.Loopback, port));
        using ProcessLock mutex = manager.Find<ProcessLock>("lock");
        mutex.Acquire();
        Stop(server);
        return OutcomeOf(() => new ConditionLock.Plain(mutex).ReleaseAll(Deadline.Now));
    }

    /// <summary>It will not be waited for as long as servers usually are.</summary>
    private static void Stop(int server)
    {
        AnswerWatch.AnswerTime = TimeSpan.FromSeconds(2);
        Signals.Send(server, 19);
    }

    private static string OutcomeOf(Action action)
    {
        try
        {
            action();
            return "done";
        }
        catch (Exception error)
        {
            return error.GetType().Name;
        }
    }
}
