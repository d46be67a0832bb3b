using Procgen;

namespace ProcessBasics;

/// <summary>No argument is needed to tell a child its name: each has one, by default the third of its kind is Process-3.</summary>
internal static class Names
{
    public static void Run()
    {
        var service = new ChildProcess(NamesTargets.MyService()) { Name = "my_service" };
        var first = new ChildProcess(NamesTargets.Worker()) { Name = "worker 1" };
        var second = new ChildProcess(NamesTargets.Worker());
        ChildProcess[] jobs = [first, second, service];
        foreach (ChildProcess job in jobs) job.Start();
        foreach (ChildProcess job in jobs) job.Join();
    }

    [ProcessTarget]
    public static Task Worker() => WorkAsync(TimeSpan.FromSeconds(2));

    [ProcessTarget]
    public static Task MyService() => WorkAsync(TimeSpan.FromSeconds(3));

    private static async Task WorkAsync(TimeSpan time)
    {
        Console.WriteLine($"{CurrentProcess.Name} Starting");
        await Task.Delay(time);
        Console.WriteLine($"{CurrentProcess.Name} Exiting");
    }
}
