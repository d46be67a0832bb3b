using Procgen;

namespace Overview;

/// <summary>What the child writes, the parent reads: no copy is made. Each comes with a lock for what is more than one step.</summary>
internal static class ValueAndArray
{
    private const int Children = 4;
    private const int Times = 10_000;

    public static void Run()
    {
        using var number = new SharedValue<double>();
        using var array = new SharedArray<int>([0, 1, 2, 3, 4, 5]);
        using (ChildProcess child = ChildProcess.Start(ValueAndArrayTargets.Change(number, array))) child.Join();
        Console.WriteLine(number.Value);
        Console.WriteLine($"[{string.Join(", ", array.Span.ToArray())}]");

        // += reads, then writes: the article recommends the lock for it.
        using var counter = new SharedValue<int>();
        ChildProcess[] children = [.. Enumerable.Range(0, Children).Select(_ => ChildProcess.Start(ValueAndArrayTargets.Count(counter)))];
        foreach (ChildProcess child in children) child.Join();
        Console.WriteLine($"{Children} times {Times} is {counter.Value}");
    }

    [ProcessTarget]
    public static void Change(SharedValue<double> number, SharedArray<int> array)
    {
        number.Value = 3.333;
        foreach (ref int element in array) element = -element;
    }

    [ProcessTarget]
    public static void Count(SharedValue<int> counter)
    {
        for (int i = 0; i < Times; i++)
        {
            using (counter.Lock.EnterScope()) counter.Value++;
        }
    }
}
