using Procgen;

namespace ProcessBasics;

/// <summary>
/// A process that hangs is ended by force. As in the article it takes a moment: <c>Join</c> waits for it, and the exit code
/// says which signal it was.
/// </summary>
internal static class Termination
{
    public static void Run()
    {
        using var child = new ChildProcess(TerminationTargets.SlowWorker());
        Console.WriteLine($"BEFORE: {child} {child.IsAlive}");

        child.Start();
        Console.WriteLine($"DURING: {child} {child.IsAlive}");

        // Whether it is alive right after this is a matter of luck, so this does not say.
        child.Terminate();
        Console.WriteLine("TERMINATED");

        child.Join();
        Console.WriteLine($"JOINED: {child} {child.IsAlive}");
    }

    [ProcessTarget]
    public static async Task SlowWorker()
    {
        await Task.Delay(TimeSpan.FromMinutes(1));
        Console.WriteLine("Finished worker");
    }
}
