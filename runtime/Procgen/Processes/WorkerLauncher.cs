using Procgen.Launching;
using Procgen.Shared;
using Procgen.Telemetry;
using Procgen.Worker;

namespace Procgen.Processes;

/// <summary>Brings a worker into being by the start method that its options ask for.</summary>
internal static class WorkerLauncher
{
    public static LaunchedWorker Launch(WorkerStart start, LaunchOptions options)
    {
        LaunchedWorker launched = LaunchBy(start, options);

        // While it boots: whatever is used first of the library takes away what kills have left.
        StaleBlocks.SweepOnce();
        LaunchSockets.SweepOnce();
        if (options.HidesErrors && launched.Process.CanBeKilled && options.WaitsForDebugger(start.Name))
            DebuggerWait.Announce(start.Name, launched.Process.Id); // Where it says so, nobody may see it.
        if (ProcgenEvents.Log.IsEnabled()) Announce(start.Name, launched);
        return launched;
    }

    private static void Announce(string name, LaunchedWorker launched)
    {
        NativeProcess process = launched.Process;
        ProcgenEvents.Log.ProcessStarted(name, process.Id, launched.StartMethod.ToString());
        process.OnEnd(() => ProcgenEvents.Log.ProcessExited(name, process.Id, process.Status?.ExitCode ?? 0));
    }

    private static LaunchedWorker LaunchBy(WorkerStart start, LaunchOptions options)
    {
        if (options.StartMethod == StartMethod.InProcess)
        {
            options.RequireNothingOfProcesses();
            return InProcessWorker.Start(start);
        }

        if (options.StartMethod == StartMethod.Standby && options.SuitsReserve(start.Name) && TakeFromReserve(start, options) is { } taken) return taken;

        WorkerTicket ticket = LaunchPipe.NewTicket();
        return SpawnedWorker.Start(ticket, options.ToRequest(start.Name, ticket));
    }

    private static StandbyWorker? TakeFromReserve(WorkerStart start, LaunchOptions options)
    {
        if (start.Target is { } target) RecentTargets.Add(target);
        StandbyWorker? worker = WorkerReserve.TryTake(options.Environment, options.WorkingDirectory);
        if (worker is null) return null;
        try
        {
            if (options.Limits is { } limits) UnixProcess.Adjust(worker.Process.Id, limits);
            return worker;
        }
        catch when (!worker.Process.IsAlive)
        {
            worker.Dismiss();
            return null;
        }
        catch
        {
            worker.Dismiss();
            throw;
        }
    }
}
