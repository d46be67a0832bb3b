using Procgen;

namespace JoiningAndMapping;

/// <summary>Both run at the same time; the last line waits for both.</summary>
internal static class TwoProcesses
{
    public static void Run()
    {
        using var first = new ChildProcess(TwoProcessesTargets.Job(1));
        using var second = new ChildProcess(TwoProcessesTargets.Job(2));
        first.Start();
        second.Start();

        first.Join();
        second.Join();
        Console.WriteLine("finish all subprocesses");
    }

    [ProcessTarget]
    public static void Job(int name) => Console.WriteLine($"{name}"); // one write, so that no other process's comes in between
}
