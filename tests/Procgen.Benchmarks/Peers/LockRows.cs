using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Procgen.Benchmarks.Peers;

/// <summary>Locks, and data that processes share in place.</summary>
internal static class LockRows
{
    private const int Numbers = 10_000_000;

    public static IReadOnlyList<PeerRow> All { get; } =
    [
        new("lock uncontended", "ns", Bound.AtMost(0.5), UncontendedAsync, Peer.Python("lock_uncontended.py")),
        new("lock contended by 2 processes", "ns", Bound.AtMost(0.7), ContendedAsync, Peer.Python("lock_contended.py")),
        new("sum of 10,000,000 shared doubles in a child, first pass, against an array in process", "ms", Bound.AtMost(3), static samples => SumInChildAsync(samples, firstPass: true), Peer.InProcess(SumHere)),
        new("sum of 10,000,000 shared doubles in a child, later passes, against an array in process", "ms", Bound.AtMost(1.1), static samples => SumInChildAsync(samples, firstPass: false), Peer.InProcess(SumHere)),
    ];

    private static Task UncontendedAsync(Samples samples)
    {
        const int Count = 2_000_000;
        using var mutex = new ProcessLock();
        for (int i = 0; i < 9; i++)
        {
            long started = Stopwatch.GetTimestamp();
            LockWork.AcquireAndRelease(mutex, Count);
            if (i >= 2) samples.Add(Stopwatch.GetElapsedTime(started).TotalNanoseconds / Count);
        }

        return Task.CompletedTask;
    }

    private static async Task ContendedAsync(Samples samples)
    {
        const int Count = 500_000;
        for (int i = 0; i < 5; i++)
        {
            using var mutex = new ProcessLock();
            using var gate = new ProcessBarrier(2);
            using ChildProcess<long[]> first = ChildProcess.Start(LockWorkTargets.Contend(mutex, gate, Count));
            using ChildProcess<long[]> second = ChildProcess.Start(LockWorkTargets.Contend(mutex, gate, Count));
            long[] one = await first.Completion.ConfigureAwait(false);
            long[] other = await second.Completion.ConfigureAwait(false);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(Math.Min(one[0], other[0]), Math.Max(one[1], other[1]));
            if (i >= 1) samples.Add(elapsed.TotalNanoseconds / (2 * Count));
        }
    }

    private static async Task SumInChildAsync(Samples samples, bool firstPass)
    {
        using var numbers = new SharedArray<double>(Numbers);
        numbers.Span.Fill(0.5);
        for (int i = 0; i < 3; i++)
        {
            using ChildProcess<double[]> child = ChildProcess.Start(LockWorkTargets.Sum(numbers));
            double[] passes = await child.Completion.ConfigureAwait(false);
            foreach (double pass in firstPass ? passes.AsSpan(0, 1) : passes.AsSpan(1)) samples.Add(pass);
        }
    }

    private static Task SumHere(Samples samples)
    {
        double[] numbers = new double[Numbers];
        Array.Fill(numbers, 0.5);
        foreach (double pass in LockWork.SumPasses(numbers).AsSpan(1)) samples.Add(pass);
        return Task.CompletedTask;
    }
}

/// <summary>What the children run.</summary>
internal static class LockWork
{
    [ProcessTarget]
    public static long[] Contend(ProcessLock mutex, ProcessBarrier gate, int count)
    {
        gate.Wait();
        long started = Stopwatch.GetTimestamp();
        AcquireAndRelease(mutex, count);
        return [started, Stopwatch.GetTimestamp()];
    }

    [ProcessTarget]
    public static double[] Sum(SharedArray<double> numbers) => SumPasses(numbers.Span);

    public static void AcquireAndRelease(ProcessLock mutex, int count)
    {
        for (int i = 0; i < count; i++)
        {
            mutex.Acquire();
            mutex.Release();
        }
    }

    /// <summary>Milliseconds of each of six passes.</summary>
    public static double[] SumPasses(ReadOnlySpan<double> numbers)
    {
        var passes = new double[6];
        foreach (ref double pass in passes.AsSpan())
        {
            long started = Stopwatch.GetTimestamp();
            if (SumOf(numbers) != numbers.Length / 2.0) throw new InvalidOperationException("wrong sum");
            pass = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        return passes;
    }

    // Optimised at once: what is measured is the memory, not the tiers of the compiler.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double SumOf(ReadOnlySpan<double> numbers)
    {
        double sum = 0;
        foreach (double number in numbers) sum += number;
        return sum;
    }
}
