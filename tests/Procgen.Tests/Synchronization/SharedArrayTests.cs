using NUnit.Framework;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Synchronization;

public sealed class SharedArrayTests
{
    [Test]
    public void It_begins_with_zeros_or_with_a_copy()
    {
        using SharedArray<int> zeros = new(3);
        int[] source = [4, 5, 6];
        using SharedArray<int> copy = new(source);
        source[0] = 0;

        Assert.That(zeros, Is.EqualTo(new[] { 0, 0, 0 }));
        Assert.That(copy, Is.EqualTo(new[] { 4, 5, 6 }));
        Assert.That(copy, Has.Length.EqualTo(3));
    }

    [Test]
    public void Elements_are_changed_in_place_by_index_span_memory_and_foreach()
    {
        using SharedArray<long> array = new(4);
        array[1] = 1;
        array.Span[2] = 2;
        array.Memory.Span[3] = 3;
        foreach (ref long value in array) value *= 10;

        Assert.That(array.Span.ToArray(), Is.EqualTo(new long[] { 0, 10, 20, 30 }));
    }

    [Test]
    public void What_is_outside_is_refused()
    {
        using SharedArray<int> array = new(2);
        using SharedArray<int> empty = new(0);

        Assert.That(() => array[2], Throws.TypeOf<IndexOutOfRangeException>());
        Assert.That(() => array[-1], Throws.TypeOf<IndexOutOfRangeException>());
        Assert.That(() => empty[0], Throws.TypeOf<IndexOutOfRangeException>());
        Assert.That(() => new SharedArray<int>(-1), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public async Task A_child_works_on_the_same_elements()
    {
        using SharedArray<int> array = new([1, 2, 3]);
        using ChildProcess child = ChildProcess.Start(SyncJobsTargets.Square(array));
        await child.Completion;

        Assert.That(array, Is.EqualTo(new[] { 1, 4, 9 }));
    }

    [Test]
    public async Task A_large_one_is_summed_by_a_child()
    {
        using SharedArray<double> array = new(1_000_000);
        array.Span.Fill(0.5);
        using ChildProcess<double> child = ChildProcess.Start(SyncJobsTargets.Sum(array));

        Assert.That(await child.Completion, Is.EqualTo(500_000));
    }

    [Test]
    [Platform("Linux")]
    public async Task A_child_that_reads_all_of_it_has_no_copy()
    {
        const int Length = 10_000_000;
        const long Bytes = Length * sizeof(double);
        using SharedArray<double> array = new(Length);
        array.Span.Fill(0.5);
        using var child = ChildProcess.Start(SyncJobsTargets.SumAndWeigh(array));
        (double sum, long own, long shared) = await child.Completion.WaitAsync(Guard);

        Assert.That(sum, Is.EqualTo(Length / 2.0));
        Assert.That(shared, Is.GreaterThan(Bytes * 9 / 10), "it was read where it stands");
        Assert.That(own, Is.LessThan(Bytes / 8), "and nowhere else");
    }

    [Test]
    public async Task One_that_a_child_made_arrives_although_the_child_ends()
    {
        using ChildProcess<SharedArray<int>> child = ChildProcess.Start(SyncJobsTargets.MakeArray(1_000));
        using SharedArray<int> array = await child.Completion;
        await child.WaitForExitAsync();

        Assert.That(array, Is.EqualTo(Enumerable.Range(0, 1_000)));
    }

    [Test]
    public async Task Memory_goes_into_asynchronous_methods()
    {
        using SharedArray<byte> array = new(8);
        using MemoryStream stream = new([1, 2, 3, 4, 5, 6, 7, 8]);
        await stream.ReadExactlyAsync(array.Memory);
        using System.Buffers.MemoryHandle pin = array.Memory.Pin();

        Assert.That(array[7], Is.EqualTo(8));
    }

    [Test]
    public void After_disposal_it_is_gone()
    {
        SharedArray<int> array = new(1);
        Memory<int> memory = array.Memory;
        array.Dispose();

        Assert.That(() => array[0], Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => array.Span.Length, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => memory.Span.Length, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => Write(array), Throws.TypeOf<ObjectDisposedException>());
    }
}
