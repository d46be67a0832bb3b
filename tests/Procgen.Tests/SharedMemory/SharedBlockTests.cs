using NUnit.Framework;
using Procgen.Serialization;
using Procgen.Shared;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.SharedMemory;

public sealed class SharedBlockTests
{
    [Test]
    public void A_second_view_sees_the_same_memory_at_another_address()
    {
        SharedBlock block = SharedBlock.Create(100);
        SharedBlock again = block.OpenAgain();
        block.At<int>(96) = 7;

        Assert.That(again.At<int>(96), Is.EqualTo(7));
        Assert.That(again.Id, Is.EqualTo(block.Id));
        again.Release();
        Assert.That(block.At<int>(96), Is.EqualTo(7));
        block.Release();
    }

    [Test]
    public void Ranges_behind_the_first_are_mapped_by_anyone_in_any_order_and_given_back()
    {
        SharedBlock block = SharedBlock.Create(100, SharedBlock.MaxCapacity);
        SharedBlock again = block.OpenAgain();
        long far = block.MappableFrom + (1000 * SharedBlock.Granularity);
        using SharedView view = block.Map(far, SharedBlock.Granularity);
        using SharedView same = again.Map(far, SharedBlock.Granularity);
        view.At<long>(8) = 5;
        Assert.That(same.At<long>(8), Is.EqualTo(5));

        block.Discard(far, SharedBlock.Granularity);

        if (OperatingSystem.IsLinux()) Assert.That(same.At<long>(8), Is.Zero);
        again.Release();
        block.Release();
    }

    [Test]
    public void Addresses_stay_harmless_after_the_last_release()
    {
        SharedBlock block = SharedBlock.Create(8);
        block.At<int>(0) = 5;
        block.Release();

        block.At<int>(0)++;
        Assert.That(() => block.AddReference(), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void A_handle_on_its_way_keeps_the_memory_open()
    {
        using HandleScope scope = new(isAwaited: true);
        byte[] handle;
        using (Procgen.SharedMemory memory = Procgen.SharedMemory.Create(10))
        {
            memory.Span[3] = 3;
            handle = Write(memory, scope);
        }

        Assert.That(scope.IsEmpty, Is.False);
        Assert.That(scope.IsAttached, Is.False);
        Assert.That(scope.WaitUntilAttached(TimeSpan.FromMilliseconds(10)), Is.False);
        using Procgen.SharedMemory arrived = Read<Procgen.SharedMemory>(handle);
        Assert.That(scope.WaitUntilAttached(Guard), Is.True);
        scope.Dispose();
        Assert.That(arrived.Span[3], Is.EqualTo(3));
    }

    [Test]
    public void A_handle_to_what_is_gone_says_so()
    {
        byte[] handle;
        using (Procgen.SharedMemory memory = Procgen.SharedMemory.Create(10)) handle = Write(memory);

        Assert.That(() => Read<Procgen.SharedMemory>(handle), Throws.TypeOf<ConnectionLostException>());
    }

    [Test]
    public void A_handle_works_as_long_as_any_process_holds_the_memory()
    {
        using ProcessEvent ready = new();
        byte[] handle;
        ChildProcess child;
        using (Procgen.SharedMemory memory = Procgen.SharedMemory.Create(10))
        {
            memory.Span[3] = 3;
            handle = Write(memory);
            child = ChildProcess.Start(MemoryJobsTargets.Hold(memory, ready));
            ready.Wait(Guard);
        }

        // The call still holds it for the child; what matters here is that the handle finds somebody's.
        using (Procgen.SharedMemory found = Read<Procgen.SharedMemory>(handle)) Assert.That(found.Span[3], Is.EqualTo(3));
        child.Kill();
        child.Join(Guard);
        child.Dispose();
    }

    [Test]
    public void Nothing_stays_open_after_disposal()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("Counts descriptors in /proc.");
        using ProcessLock warm = new();
        int before = Descriptors();
        for (int i = 0; i < 500; i++)
        {
            using ProcessLock first = new();
            using ProcessLock second = Copy(first);
        }

        Assert.That(Descriptors(), Is.LessThan(before + 100));

        static int Descriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;
    }
}
