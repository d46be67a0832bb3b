using NUnit.Framework;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Synchronization;

public sealed class SharedValueTests
{
    private enum Colour : byte
    {
        Red,
        Green,
    }

    [Test]
    public void Every_type_without_references_fits()
    {
        AssertKeeps(7);
        AssertKeeps(-3.25);
        AssertKeeps('x');
        AssertKeeps(long.MinValue);
        AssertKeeps(Colour.Green);
        AssertKeeps(new DateTime(2026, 11, 20, 0, 0, 0, DateTimeKind.Utc));
        AssertKeeps((Left: 1, Right: 2.5f));
    }

    [Test]
    public async Task Children_change_it_under_its_lock()
    {
        using SharedValue<int> counter = new(5);
        ChildProcess[] children = [.. Enumerable.Range(0, 2).Select(_ => ChildProcess.Start(SyncJobsTargets.CountRecursively(counter, 5_000)))];
        SyncJobs.CountRecursively(counter, 5_000);
        foreach (ChildProcess child in children)
        {
            await child.Completion.WaitAsync(Guard);
            child.Dispose();
        }

        Assert.That(counter.Value, Is.EqualTo(15_005));
    }

    [Test]
    public async Task Atomic_operations_need_no_lock()
    {
        using SharedValue<long> counter = new();
        using SharedValue<long> copy = Copy(counter);
        await Task.WhenAll(OnThread(() => Add(counter)), OnThread(() => Add(copy))).WaitAsync(Guard);

        Assert.That(counter.Value, Is.EqualTo(20_000));

        static void Add(SharedValue<long> value)
        {
            for (int i = 0; i < 10_000; i++) Interlocked.Increment(ref value.Value);
        }
    }

    [Test]
    public void Two_values_share_a_lock_that_disposing_one_leaves_alone()
    {
        using ProcessRecursiveLock mutex = new();
        SharedValue<int> first = new(1, mutex);
        using SharedValue<int> second = new(2, mutex);
        first.Dispose();

        Assert.That(second.Lock, Is.SameAs(mutex));
        using (second.Lock.EnterScope()) Assert.That(second.Value, Is.EqualTo(2));
    }

    [Test]
    public void After_disposal_it_is_gone()
    {
        SharedValue<int> value = new(1);
        ProcessRecursiveLock mutex = value.Lock;
        value.Dispose();
        value.Dispose();

        Assert.That(() => value.Value, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(mutex.Acquire, Throws.TypeOf<ObjectDisposedException>());
    }

    private static void AssertKeeps<T>(T something)
        where T : unmanaged
    {
        using SharedValue<T> value = new(something);
        using SharedValue<T> copy = Copy(value);
        Assert.That(copy.Value, Is.EqualTo(something));
        value.Value = default;
        Assert.That(copy.Value, Is.EqualTo(default(T)));
    }
}
