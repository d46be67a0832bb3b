using System.Diagnostics;
using NUnit.Framework;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.SharedMemory;

/// <summary>A process that may open no further file, and so can look neither at others nor at their memory.</summary>
[Platform("Linux")]
public sealed class DescriptorLimitTests
{
    private const string Limiter = "/usr/bin/prlimit";

    [Test]
    public async Task It_does_not_take_the_living_holder_of_a_lock_for_dead()
    {
        using ProcessLock mutex = new();
        using ProcessEvent limited = new();
        mutex.Acquire();
        using ChildProcess<bool> child = ChildProcess.Start(MemoryJobsTargets.TryAcquireWithoutDescriptors(mutex, limited));
        await LimitAsync(child);
        limited.Set();

        Assert.That(await child.Completion.WaitAsync(Guard), Is.False);
        mutex.Release();
    }

    [Test]
    public async Task It_is_told_so_when_it_takes_a_handle()
    {
        using ProcessQueue<SharedArray<int>> queue = new();
        using SharedArray<int> array = new(1);
        using ProcessEvent limited = new();
        queue.Put(array);
        using ChildProcess<string?> child = ChildProcess.Start(MemoryJobsTargets.TakeArrayWithoutDescriptors(queue, limited));
        await LimitAsync(child);
        limited.Set();

        Assert.That(await child.Completion.WaitAsync(Guard), Does.Contain("too many open files"));
    }

    /// <summary>Leaves a process few descriptors, which it can take up itself.</summary>
    internal static async Task LimitAsync(ChildProcess child)
    {
        if (!File.Exists(Limiter)) Assert.Ignore($"Needs {Limiter} to leave a process few descriptors.");
        using Process process = Process.Start(Limiter, [$"--pid={child.Id}", "--nofile=200:200"]);
        await process.WaitForExitAsync();
    }
}
