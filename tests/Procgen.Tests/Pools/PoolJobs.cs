using System.Diagnostics.Metrics;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text;
using Procgen.Launching;
using Procgen.Shared;

namespace Procgen.Tests.Pools;

/// <summary>What the tests run on pools.</summary>
internal static class PoolJobs
{
    private static CallBoard? s_board;

    [ProcessTarget]
    public static int Square(int x) => x * x;

    [ProcessTarget]
    public static void Nothing(int x)
    {
    }

    [ProcessTarget]
    public static int IdHere() => Environment.ProcessId;

    [ProcessTarget]
    public static int Sleep(int milliseconds)
    {
        Thread.Sleep(milliseconds);
        return milliseconds;
    }

    [ProcessTarget]
    public static int SquareOrDie(int x, int deadly)
    {
        if (x == deadly) Environment.FailFast(null);
        return x * x;
    }

    [ProcessTarget]
    public static int SquareOrExit(int x, int deadly)
    {
        if (x == deadly) Environment.Exit(7);
        return x * x;
    }

    [ProcessTarget]
    public static int SquareOrSpin(int x, int endless)
    {
        while (x == endless) Thread.SpinWait(100);
        return x * x;
    }

    [ProcessTarget]
    public static int SquareOrThrow(int x, int bad) => x == bad ? throw new FormatException($"bad {x}") : x * x;

    [ProcessTarget]
    public static int SquareOrThrowCanceled(int x, int bad) => x == bad ? throw new TaskCanceledException("gave up") : x * x;

    /// <summary>Waits on the first worker only.</summary>
    [ProcessTarget]
    public static void WaitOnFirst(ProcessEvent opened, WorkerContext worker)
    {
        if (worker.WorkerIndex == 0) opened.Wait();
    }

    /// <summary>Reports three values that begin with the attempt, and dies of the first.</summary>
    [ProcessTarget]
    public static int ReportAndExitOnce(SharedValue<int> attempts, IProgress<int> progress)
    {
        int attempt = ++attempts.Value;
        for (int i = 0; i < 3; i++) progress.Report((10 * attempt) + i);
        if (attempt == 1) Environment.Exit(3);
        return attempt;
    }

    /// <summary>Keeps pools while somebody listens who fails at once.</summary>
    [ProcessTarget]
    public static int SquareWithBadListener(int x)
    {
        using var told = new CountdownEvent(2);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name != "Procgen") return;
            if (!told.IsSet) told.Signal();
            throw new FormatException("no listener");
        };
        listener.Start();
        using var pool = new ProcessPool(1);
        int square = pool.Run(PoolJobsTargets.Square(x));
        return told.Wait(TimeSpan.FromMinutes(1)) ? pool.Run(PoolJobsTargets.Square(square)) : 0;
    }

    /// <summary>Writes where it should not, as a native library may, and dies of it: over the results that have not been collected.</summary>
    [ProcessTarget]
    public static int SquareOrScribble(int x, int bad)
    {
        if (x == bad - 10)
        {
            var blocks = (Dictionary<Guid, SharedBlock>)typeof(SharedBlock).GetField("s_open", BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null)!;
            s_board = CallBoard.Open(blocks.Values.Single(static block => block.Size is > CallBoard.RingLength and < 2 * CallBoard.RingLength));
        }

        if (x != bad) return x * x;
        s_board!.Ring(0, CallBoard.RingLength).Fill(0x7F);
        Environment.FailFast(null);
        return 0;
    }

    [ProcessTarget]
    public static void PrintAndExit(int code)
    {
        Console.WriteLine("going");
        Environment.Exit(code);
    }

    [ProcessTarget]
    public static void Exit(int code) => Environment.Exit(code);

    [ProcessTarget]
    public static void Spin()
    {
        while (true) Thread.SpinWait(100);
    }

    [ProcessTarget]
    public static void SpinWith(int[] numbers) => Spin();

    [ProcessTarget]
    public static async Task<int> WaitForCancellation(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return 0;
    }

    [ProcessTarget]
    public static void Report(int count, IProgress<int> progress)
    {
        for (int i = 0; i < count; i++) progress.Report(i);
    }

    [ProcessTarget]
    public static int ReportAll(int count, IProgress<int> progress)
    {
        Report(count, progress);
        return count;
    }

    [ProcessTarget]
    public static int ReportAllOrExit(int x, int deadly, IProgress<int> progress)
    {
        Report(3, progress);
        if (x == deadly) Environment.Exit(7);
        return x;
    }

    /// <summary>Every other one reports, so that its result comes in a frame of its own.</summary>
    [ProcessTarget]
    public static int SpinAndReportSome(int x, IProgress<int> progress)
    {
        SpinFor(TimeSpan.FromMicroseconds(100));
        if (x % 2 == 0) progress.Report(x);
        return x;
    }

    /// <summary>Every other one is longer than what goes into the ring, and not long enough for shared memory.</summary>
    [ProcessTarget]
    public static byte[] SpinAndReturnSome(int x)
    {
        SpinFor(TimeSpan.FromMicroseconds(100));
        return new byte[x % 2 == 0 ? 40_000 : 10];
    }

    [ProcessTarget]
    public static void ReportAndSpin(IProgress<int> progress)
    {
        progress.Report(0);
        Spin();
    }

    [ProcessTarget]
    public static IEnumerable<int> Count(int to)
    {
        for (int i = 0; i < to; i++) yield return i;
    }

    [ProcessTarget]
    public static byte[] Echo(byte[] bytes) => bytes;

    [ProcessTarget]
    public static byte[] EchoOrExit(byte[] bytes)
    {
        if (bytes[0] == 13) Environment.Exit(7);
        return bytes;
    }

    /// <summary>The caller's trace and the span that is the target's parent there.</summary>
    [ProcessTarget]
    public static string? CurrentSpan() => Activity.Current is { } current ? $"{current.TraceId} {current.ParentSpanId}" : null;

    [ProcessTarget]
    public static IEnumerable<string?> CurrentSpans(int count)
    {
        for (int i = 0; i < count; i++) yield return CurrentSpan();
    }

    [ProcessTarget]
    public static string Cultures() => $"{CultureInfo.CurrentCulture.Name} {CultureInfo.CurrentUICulture.Name}";

    [ProcessTarget]
    public static async Task Hold(byte[] bytes, CancellationToken cancellationToken) => await Task.Delay(Timeout.Infinite, cancellationToken);

    [ProcessTarget]
    public static int LengthOf(string text) => text.Length;

    [ProcessTarget]
    public static int LengthOfAndReport(string text, IProgress<int> progress)
    {
        progress.Report(text.Length);
        return text.Length;
    }

    [ProcessTarget]
    public static Labelled LabelBadly() => new("\ud800");

    [ProcessTarget]
    public static int Sum(int[] numbers) => numbers.Sum();

    [ProcessTarget]
    public static void Remember(string key, int value, WorkerContext worker) => worker.State[key] = value;

    [ProcessTarget]
    public static void FailToBegin() => throw new FormatException("cannot begin");

    /// <summary>Every third attempt gets through; none below zero does.</summary>
    [ProcessTarget]
    public static void ExitUnlessThird(SharedValue<int> attempts)
    {
        int attempt = Interlocked.Increment(ref attempts.Value);
        if (attempt <= 0 || attempt % 3 != 0) Environment.Exit(7);
    }

    /// <summary>The first attempts do not get through.</summary>
    [ProcessTarget]
    public static void ExitUpTo(int last, SharedValue<int> attempts)
    {
        if (Interlocked.Increment(ref attempts.Value) <= last) Environment.Exit(7);
    }

    [ProcessTarget]
    public static int Recall(string key, WorkerContext worker) => worker.State.TryGetValue(key, out object? value) ? (int)value! : -1;

    [ProcessTarget]
    public static string Place(WorkerContext worker) => $"{worker.WorkerName} {worker.WorkerIndex}";

    [ProcessTarget]
    public static void AppendLine(string file, string line)
    {
        while (true)
        {
            try
            {
                // Unlike File.AppendAllText, which looks for the end and writes there while others do the same.
                using var stream = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.None);
                stream.Write(Encoding.UTF8.GetBytes(line + "\n"));
                return;
            }
            catch (IOException)
            {
                Thread.Yield(); // Another worker has it open: one writes at a time.
            }
        }
    }

    [ProcessTarget]
    public static int Allocate(int megabytes)
    {
        Kept.Add(GC.AllocateArray<byte>(megabytes << 20, pinned: true));
        Kept[^1].AsSpan().Fill(1);
        return Environment.ProcessId;
    }

    [ProcessTarget]
    public static bool IsHit(int x) => x == 3;

    private static readonly List<byte[]> Kept = [];

    public static void SpinFor(TimeSpan time)
    {
        long began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < time) Thread.SpinWait(10);
    }
}

public sealed record Labelled(string Label);
