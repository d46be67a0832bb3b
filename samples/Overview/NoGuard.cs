using Procgen;

namespace Overview;

/// <summary>
/// Without <c>if __name__ == '__main__'</c> a Python child that imports the main module starts a child, and Python ends
/// this with a RuntimeError. A worker never runs <c>Main</c>: "hello" is printed once, and nothing needs a guard.
/// </summary>
internal static class NoGuard
{
    public static void Run()
    {
        var child = new ChildProcess(NoGuardTargets.Foo());
        child.Start();
        child.Join();
        Console.WriteLine($"Main ran in one process, and {child.Name} ended with {child.ExitCode}");
    }

    [ProcessTarget]
    public static void Foo() => Console.WriteLine("hello");
}
