namespace Procgen.Tests.SharedMemory;

/// <summary>What the tests of shared memory run in child processes.</summary>
internal static class MemoryJobs
{
    [ProcessTarget]
    public static void Increment(Procgen.SharedMemory memory) => memory.Span[0]++;

    [ProcessTarget]
    public static void IncrementByName(string name)
    {
        using Procgen.SharedMemory memory = Procgen.SharedMemory.Attach(name);
        memory.Span[0]++;
    }

    [ProcessTarget]
    public static void HoldNamed(string name, ProcessEvent ready)
    {
        Procgen.SharedMemory.Create(100, name);
        ready.Set();
        Thread.Sleep(Timeout.Infinite);
    }

    [ProcessTarget]
    public static void Hold(Procgen.SharedMemory memory, ProcessEvent ready)
    {
        ready.Set();
        Thread.Sleep(Timeout.Infinite);
        GC.KeepAlive(memory);
    }

    [ProcessTarget]
    public static void PutArray(ProcessQueue<SharedArray<int>> queue, int length)
    {
        using SharedArray<int> made = new(length);
        made.Span.Fill(7);
        queue.Put(made);
    }

    /// <summary>A grandchild makes it; this ends as soon as it has.</summary>
    [ProcessTarget]
    public static void LetPutArray(ProcessQueue<SharedArray<int>> queue, int length)
    {
        using ChildProcess child = ChildProcess.Start(MemoryJobsTargets.PutArray(queue, length));
        child.Join();
    }
}
