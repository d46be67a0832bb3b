using Procgen;

namespace ProcessBasics;

/// <summary>
/// A daemon is ended with the process that started it; any other child is waited for. The article warns that a daemon may
/// go on when the main process has gone: not here, also when the main process is killed.
/// </summary>
internal static class Daemons
{
    /// <summary>More than anybody here waits for.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(1);

    /// <summary>The daemon never says that it exits.</summary>
    public static void RunWithoutJoin() => _ = StartBoth(Long);

    /// <summary>Both say that they exit.</summary>
    public static void RunWithJoin()
    {
        (ChildProcess daemon, ChildProcess nonDaemon) = StartBoth(TimeSpan.FromSeconds(2));
        daemon.Join();
        nonDaemon.Join();
    }

    /// <summary>After a second the daemon is still at work.</summary>
    public static void RunWithJoinTimeout()
    {
        (ChildProcess daemon, ChildProcess nonDaemon) = StartBoth(Long);
        daemon.Join(TimeSpan.FromSeconds(1));
        Console.WriteLine($"IsAlive: {daemon.IsAlive}");
        nonDaemon.Join();
    }

    [ProcessTarget]
    public static async Task Daemon(ProcessEvent hasStarted, TimeSpan work)
    {
        Console.WriteLine($"Starting: {CurrentProcess.Name}");
        hasStarted.Set();
        await Task.Delay(work);
        Console.WriteLine($"Exiting : {CurrentProcess.Name}");
    }

    [ProcessTarget]
    public static void NonDaemon()
    {
        Console.WriteLine($"Starting: {CurrentProcess.Name}");
        Console.WriteLine($"Exiting : {CurrentProcess.Name}");
    }

    /// <summary>The article sleeps for a second to have the daemon start first; an event says when it has.</summary>
    private static (ChildProcess Daemon, ChildProcess NonDaemon) StartBoth(TimeSpan daemonsWork)
    {
        using var hasStarted = new ProcessEvent();
        var daemon = new ChildProcess(DaemonsTargets.Daemon(hasStarted, daemonsWork)) { Name = "daemon", Daemon = true };
        var nonDaemon = new ChildProcess(DaemonsTargets.NonDaemon()) { Name = "non-daemon", Daemon = false };
        daemon.Start();
        hasStarted.Wait();
        nonDaemon.Start();
        return (daemon, nonDaemon);
    }
}
