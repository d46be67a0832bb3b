using Procgen;

namespace Overview;

/// <summary>
/// As in Python the default is set once, before it is used. Where Python makes a context for another method, whose locks
/// are no good in the processes of a second one, here any start may choose its own, and handles go everywhere.
/// </summary>
internal static class StartMethods
{
    public static async Task RunAsync()
    {
        ProcessDefaults.StartMethod = StartMethod.Standby;
        using var ids = new ProcessQueue<int>();
        await RunChildAsync($"by default {ProcessDefaults.StartMethod}", ids, new ProcessOptions());
        foreach (StartMethod method in ProcessDefaults.AvailableStartMethods)
            await RunChildAsync($"this one {method}", ids, new ProcessOptions { StartMethod = method });

        try
        {
            ProcessDefaults.StartMethod = StartMethod.Spawn;
        }
        catch (InvalidOperationException refusal)
        {
            Console.WriteLine(refusal.Message);
        }
    }

    [ProcessTarget]
    public static void PutId(ProcessQueue<int> ids) => ids.Put(Environment.ProcessId);

    private static async Task RunChildAsync(string how, ProcessQueue<int> ids, ProcessOptions options)
    {
        using ChildProcess child = ChildProcess.Start(StartMethodsTargets.PutId(ids), options);
        await child.Completion;
        Console.WriteLine($"{how}: {(ids.Take() == Environment.ProcessId ? "a thread of this process" : "a process of its own")}");
    }
}
