using Procgen.CompilerServices;

namespace Procgen.Tests.Pools;

/// <summary>Targets that are given handles; of a pipe end, the other end tells who still counts as open.</summary>
internal static class PoolHandleJobs
{
    [ProcessTarget]
    public static void Touch(Connection<int> end) => end.Dispose();

    [ProcessTarget]
    public static void WaitFor(ProcessEvent signal) => signal.Wait();

    /// <summary>Says whether it was cancelled before it was let go.</summary>
    [ProcessTarget]
    public static int WaitUnlessCancelled(ProcessEvent opened, SharedValue<int> cancelled, CancellationToken cancellationToken)
    {
        try
        {
            opened.WaitAsync(cancellationToken).AsTask().GetAwaiter().GetResult();
            return 0;
        }
        catch (OperationCanceledException)
        {
            cancelled.Value = 1;
            throw;
        }
    }

    [ProcessTarget]
    public static void Meet(ProcessBarrier all) => all.Wait();

    [ProcessTarget]
    public static void TouchWith(Connection<int> end, Prickly prickly) => end.Dispose();

    [ProcessTarget]
    public static HalfWritten ReturnHalf() => new(new ProcessQueue<int>(), new Prickly());

    [ProcessTarget]
    public static async Task<HalfWritten> ReturnHalfLater()
    {
        await Task.Yield();
        return ReturnHalf();
    }

    /// <summary>Reports a queue that nobody else holds while another report begins, which fails after it.</summary>
    [ProcessTarget]
    public static void ReportBesideAFailure(int item, IProgress<GatedQueue> progress)
    {
        using var queue = new ProcessQueue<int>();
        queue.Put(item);
        using var hasBegun = new ManualResetEventSlim();
        using var isReported = new ManualResetEventSlim();
        var failure = Task.Run(() => progress.Report(new GatedQueue(new Gate { Closes = Fail }, queue, new Gate())));
        hasBegun.Wait();
        progress.Report(new GatedQueue(new Gate(), queue, new Gate()));
        isReported.Set();
        try
        {
            failure.GetAwaiter().GetResult();
        }
        catch (FormatException)
        {
        }

        void Fail()
        {
            hasBegun.Set();
            isReported.Wait();
            throw new FormatException("after the other");
        }
    }

    /// <summary>Reports a queue, and when that has been heard reports it again, which fails behind the queue.</summary>
    [ProcessTarget]
    public static void ReportAndFailToReportAgain(int item, IProgress<GatedQueue> progress)
    {
        using var queue = new ProcessQueue<int>();
        queue.Put(item);
        progress.Report(new GatedQueue(new Gate(), queue, new Gate()));
        SpinWait.SpinUntil(() => queue.Count == 0);
        try
        {
            progress.Report(new GatedQueue(new Gate(), queue, new Gate { Closes = static () => throw new FormatException("not again") }));
        }
        catch (FormatException)
        {
        }
    }

    /// <summary>As <see cref="ReportAndFailToReportAgain"/>, with a queue in the place of the second report, which is full.</summary>
    [ProcessTarget]
    public static void ReportAndFindAQueueFull(int item, ProcessQueue<ProcessQueue<int>> full, IProgress<GatedQueue> progress)
    {
        using var queue = new ProcessQueue<int>();
        queue.Put(item);
        progress.Report(new GatedQueue(new Gate(), queue, new Gate()));
        SpinWait.SpinUntil(() => queue.Count == 0);
        if (full.TryPut(queue, TimeSpan.Zero)) throw new InvalidOperationException("there was room");
    }

    [ProcessTarget]
    public static IEnumerable<ProcessQueue<int>> Queues(int count)
    {
        for (int i = 0; i < count; i++)
        {
            using var queue = new ProcessQueue<int>();
            yield return queue;
        }
    }

    [ProcessTarget]
    public static ProcessQueue<int> ReturnQueueAfter(ProcessEvent begun, ProcessEvent opened)
    {
        begun.Set();
        opened.Wait();
        return new ProcessQueue<int>();
    }

    [ProcessTarget]
    public static IEnumerable<int> SendAndYield(Connection<int> end, int count)
    {
        using (end)
        {
            for (int i = 0; i < count; i++)
            {
                end.Send(i);
                yield return i;
            }
        }
    }
}

/// <summary>Its queue is neither written nor opened before its first gate has been passed.</summary>
internal sealed record GatedQueue(Gate Before, ProcessQueue<int> Queue, Gate After);

/// <summary>Whoever writes it waits for one thing, whoever reads it for another.</summary>
[ProcessCodec(typeof(GateCodec))]
internal sealed class Gate
{
    public static Action Opens { get; set; } = static () => { };

    public Action? Closes { get; init; }
}

internal sealed class GateCodec : Codec<Gate>
{
    public override void Write(ref PayloadWriter writer, Gate value) => value.Closes?.Invoke();

    public override Gate Read(ref PayloadReader reader)
    {
        Gate.Opens();
        return new Gate();
    }
}

/// <summary>Cannot be written to its end.</summary>
internal sealed record HalfWritten(ProcessQueue<int> Queue, Prickly Prickly);

/// <summary>Cannot be written.</summary>
[ProcessCodec(typeof(PricklyCodec))]
internal sealed class Prickly;

internal sealed class PricklyCodec : Codec<Prickly>
{
    public override void Write(ref PayloadWriter writer, Prickly value) => throw new FormatException("do not touch");

    public override Prickly Read(ref PayloadReader reader) => new();
}

/// <summary>Crosses by a codec that can only be made after something that workers do not do.</summary>
[ProcessCodec(typeof(FussyCodec))]
internal sealed class Fussy;

internal sealed class FussyCodec : Codec<Fussy>
{
    public FussyCodec()
    {
        if (!IsReady) throw new FormatException("not before Main");
    }

    public static bool IsReady { get; set; }

    public override void Write(ref PayloadWriter writer, Fussy value)
    {
    }

    public override Fussy Read(ref PayloadReader reader) => new();
}

/// <summary>Crosses by a codec whose constructor ends a worker.</summary>
[ProcessCodec(typeof(DeadlyCodec))]
internal sealed class Deadly;

internal sealed class DeadlyCodec : Codec<Deadly>
{
    public DeadlyCodec()
    {
        if (CurrentProcess.IsWorker) Environment.Exit(7);
    }

    public override void Write(ref PayloadWriter writer, Deadly value)
    {
    }

    public override Deadly Read(ref PayloadReader reader) => new();
}

internal static class DeadlyJobs
{
    [ProcessTarget]
    public static Deadly Make() => new();
}

internal static class FussyJobs
{
    [ProcessTarget]
    public static Fussy Make() => new();
}
