using Procgen;

namespace Overview;

/// <summary>
/// The members that the article lists. It warns that <c>terminate()</c> leaves orphans and damages pipes, queues and locks:
/// here the children of a terminated child end with it, and what it shared stays usable.
/// </summary>
internal static class ProcessClass
{
    public static void Run()
    {
        using var mayEnd = new ProcessEvent();
        var child = new ChildProcess(ProcessClassTargets.WaitFor(mayEnd), new() { Name = "listed", Daemon = true });
        Console.WriteLine($"before: Name {child.Name}, Daemon {child.Daemon}, IsAlive {child.IsAlive}, ExitCode {child.ExitCode?.ToString() ?? "none"}");
        Refused("Join before Start", () => child.Join());

        child.Start();
        Console.WriteLine($"started: IsAlive {child.IsAlive}, has an Id {child.Id > 0}, shares the AuthKey {child.AuthKey.Span.SequenceEqual(CurrentProcess.AuthKey.Span)}");
        Console.WriteLine($"Join for 50 ms: {child.Join(TimeSpan.FromMilliseconds(50))}, Sentinel set: {child.Sentinel.WaitOne(0)}");
        Refused("Start twice", child.Start);
        Refused("Daemon after Start", () => child.Daemon = false);
        Refused("Close while it runs", child.Close);

        mayEnd.Set();
        Console.WriteLine($"Join: {child.Join()}, and again: {child.Join()}, Sentinel set: {child.Sentinel.WaitOne(0)}");
        Console.WriteLine($"ended: IsAlive {child.IsAlive}, ExitCode {child.ExitCode}");
        child.Close();
        Refused("IsAlive after Close", () => _ = child.IsAlive);

        using var never = new ProcessEvent();
        using ChildProcess killed = ChildProcess.Start(ProcessClassTargets.WaitFor(never));
        killed.Kill();
        killed.Join();
        Console.WriteLine($"killed: ExitCode {killed.ExitCode}");
    }

    [ProcessTarget]
    public static void WaitFor(ProcessEvent happens) => happens.Wait();

    private static void Refused(string what, Action action)
    {
        try
        {
            action();
            Console.WriteLine($"{what}: accepted");
        }
        catch (InvalidOperationException refusal)
        {
            Console.WriteLine($"{what}: {refusal.GetType().Name}");
        }
    }
}
