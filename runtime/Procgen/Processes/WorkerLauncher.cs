using Procgen.Launching;
using Procgen.Worker;

namespace Procgen.Processes;

/// <summary>Brings a worker into being by the start method that its options ask for.</summary>
internal static class WorkerLauncher
{
    public static LaunchedWorker Launch(WorkerStart start, LaunchOptions options)
    {
        if (options.StartMethod == StartMethod.InProcess)
        {
            options.RequireNothingOfProcesses();
            return InProcessWorker.Start(start);
        }

        WorkerTicket ticket = LaunchPipe.NewTicket();
        return SpawnedWorker.Start(ticket, options.ToRequest(start.Name, ticket));
    }
}
