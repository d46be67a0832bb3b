using Procgen;

namespace Overview;

/// <summary>A child prints what it was given, its own id and its parent's.</summary>
internal static class FirstProcess
{
    public static void Run()
    {
        Console.WriteLine(CurrentProcess.Id);
        Console.WriteLine("main process start...");
        using var child = new ChildProcess(FirstProcessTargets.Print("hello"));
        child.Start();
        child.Join();
        Console.WriteLine("main process end!");
    }

    [ProcessTarget]
    public static void Print(string text) => Console.WriteLine($"{text} {CurrentProcess.Id} {CurrentProcess.Parent!.Id}");
}
