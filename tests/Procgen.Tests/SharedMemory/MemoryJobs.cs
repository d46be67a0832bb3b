using Microsoft.Win32.SafeHandles;
using Procgen.Shared;

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
    public static void StartAnother()
    {
        using ChildProcess child = ChildProcess.Start(MemoryJobsTargets.Nothing());
        child.Join();
    }

    [ProcessTarget]
    public static void Nothing()
    {
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

    [ProcessTarget]
    public static void LeaseArrayAndHang(ProcessQueue<SharedArray<int>> queue, ProcessEvent leased)
    {
        QueueLease<SharedArray<int>> lease = queue.Lease();
        leased.Set();
        Thread.Sleep(Timeout.Infinite);
        GC.KeepAlive(lease);
    }

    [ProcessTarget]
    public static int LengthOf(SharedArray<int> array) => array.Length;

    /// <summary>A grandchild makes it; this ends as soon as it has.</summary>
    [ProcessTarget]
    public static void LetPutArray(ProcessQueue<SharedArray<int>> queue, int length)
    {
        using ChildProcess child = ChildProcess.Start(MemoryJobsTargets.PutArray(queue, length));
        child.Join();
    }

    /// <summary>Puts something that only this process holds into two queues, looks what has arrived when it is told to, and waits to be killed.</summary>
    [ProcessTarget]
    public static void PutArrayTwice(ProcessQueue<SharedArray<int>> first, ProcessQueue<SharedArray<int>> second, ProcessEvent look, ProcessEvent looked)
    {
        using (SharedArray<int> made = new([7, 7]))
        {
            first.Put(made);
            second.Put(made);
        }

        look.Wait();
        _ = HandlesInTransit.IsSomethingToBeLeft;
        looked.Set();
        Thread.Sleep(Timeout.Infinite);
    }

    [ProcessTarget]
    public static void PutMemory(ProcessQueue<Procgen.SharedMemory> queue)
    {
        using Procgen.SharedMemory made = Procgen.SharedMemory.Create(10);
        queue.Put(made);
    }

    /// <summary>Puts something that only this process holds, and waits to be killed.</summary>
    [ProcessTarget]
    public static void PutArrayAndHang(ProcessQueue<SharedArray<int>> queue)
    {
        queue.Put(new SharedArray<int>(1));
        Thread.Sleep(Timeout.Infinite);
    }

    [ProcessTarget]
    public static bool TryAcquireWithoutDescriptors(ProcessLock mutex, ProcessEvent limited)
    {
        limited.Wait();
        List<SafeFileHandle> all = TakeAllDescriptors();
        bool taken = mutex.TryAcquire(TimeSpan.FromMilliseconds(200));
        all.ForEach(static handle => handle.Dispose());
        return taken;
    }

    [ProcessTarget]
    public static string? TakeArrayWithoutDescriptors(ProcessQueue<SharedArray<int>> queue, ProcessEvent limited)
    {
        limited.Wait();
        List<SafeFileHandle> all = TakeAllDescriptors();
        string? message = null;
        try
        {
            queue.Take();
        }
        catch (IOException error)
        {
            message = error.Message;
        }

        all.ForEach(static handle => handle.Dispose());
        return message;
    }

    internal static List<SafeFileHandle> TakeAllDescriptors()
    {
        List<SafeFileHandle> all = [];
        try
        {
            while (true) all.Add(File.OpenHandle("/dev/null"));
        }
        catch (IOException)
        {
            return all;
        }
    }
}
