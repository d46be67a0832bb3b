namespace Procgen.Tests.Pools;

/// <summary>What the torture tests run: each call notes that it has begun.</summary>
internal static class PoolTortureJobs
{
    private const string Runs = "runs";

    [ProcessTarget]
    public static void Begin(SharedArray<int> runs, WorkerContext worker) => worker.State[Runs] = runs;

    [ProcessTarget]
    public static int Square(int call, WorkerContext worker)
    {
        Note(call, worker);
        return unchecked(call * call);
    }

    [ProcessTarget]
    public static int SquareLater(int call, int milliseconds, WorkerContext worker)
    {
        Note(call, worker);
        Thread.Sleep(milliseconds);
        return unchecked(call * call);
    }

    [ProcessTarget]
    public static async Task<int> WaitForCancellation(int call, WorkerContext worker, CancellationToken cancellationToken)
    {
        Note(call, worker);
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return call;
    }

    [ProcessTarget]
    public static int Spin(int call, WorkerContext worker)
    {
        Note(call, worker);
        PoolJobs.Spin();
        return call;
    }

    /// <summary>Does what the kind of the item says, and comes back with <see cref="TortureItem.Result"/>.</summary>
    [ProcessTarget]
    public static byte[] Do(TortureItem item, IProgress<int> progress, WorkerContext worker)
    {
        Note(item.Number, worker);

        // Long enough for a batch to be taken back in part.
        if (item.Number % 2 == 0) PoolJobs.SpinFor(TimeSpan.FromMicroseconds(100));
        switch (item.Kind)
        {
            case TortureKind.Slow:
                Thread.Sleep(item.Number % 8);
                break;
            case TortureKind.Reporting:
                progress.Report(item.Number);
                break;
            case TortureKind.Failing:
                throw new FormatException($"{item.Number}");
            case TortureKind.Endless:
                PoolJobs.Spin();
                break;
        }

        return item.Result();
    }

    private static void Note(int call, WorkerContext worker) => Interlocked.Increment(ref ((SharedArray<int>)worker.State[Runs]!)[call]);
}

/// <summary>What an item of a map does in the worker.</summary>
public enum TortureKind : byte
{
    /// <summary>It is done at once, and its result fits into the ring.</summary>
    Tiny,

    /// <summary>It takes up to 7 ms.</summary>
    Slow,

    /// <summary>It reports, so that its result comes in a frame of its own.</summary>
    Reporting,

    /// <summary>Its result is longer than what goes into the ring.</summary>
    Large,

    /// <summary>Its result goes through shared memory.</summary>
    Huge,

    /// <summary>It throws.</summary>
    Failing,

    /// <summary>It never ends.</summary>
    Endless,
}

/// <summary>An item of a map.</summary>
public readonly record struct TortureItem(int Number, TortureKind Kind)
{
    /// <summary>What the target gives for it.</summary>
    public byte[] Result()
    {
        byte[] result = new byte[Kind switch
        {
            TortureKind.Large => 40_000,
            TortureKind.Huge => 300_000,
            _ => sizeof(int),
        }];
        BitConverter.TryWriteBytes(result, Number);
        BitConverter.TryWriteBytes(result.AsSpan(^sizeof(int)), Number);
        return result;
    }
}
