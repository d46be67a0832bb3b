using Procgen.CompilerServices;

namespace Procgen.Tests.Processes;

/// <summary>Has nothing good to say about itself.</summary>
public sealed class SpeechlessException : Exception
{
    public override string Message => throw new InvalidOperationException("no words");
}

[ProcessCodec(typeof(TalkativeCodec))]
internal sealed class Talkative
{
    public int Number { get; init; }
}

internal sealed class TalkativeCodec : Codec<Talkative>
{
    public static IProgress<int>? Progress { get; set; }

    public override void Write(ref PayloadWriter writer, Talkative value)
    {
        writer.WriteUnmanaged(value.Number);
        Progress?.Report(2);
        writer.WriteUnmanaged(value.Number + 1);
    }

    public override Talkative Read(ref PayloadReader reader) => new() { Number = (reader.ReadUnmanaged<int>() * 10) + reader.ReadUnmanaged<int>() };
}

/// <summary>What a target may leave behind, or do to the process that runs it.</summary>
internal static class LifeJobs
{
    [ProcessTarget]
    public static async Task<int> LeaveStreamUnread()
    {
        // Never disposed: that is the point.
        IAsyncEnumerator<int> items = ChildProcess.StreamAsync(JobsTargets.Count(int.MaxValue)).GetAsyncEnumerator();
        await items.MoveNextAsync();
        return items.Current;
    }

    [ProcessTarget]
    public static void ThrowSpeechless() => throw new SpeechlessException();

    [ProcessTarget]
    public static int UseWhatCannotBeDisposed(WorkerContext worker)
    {
        worker.GetOrAdd(static () => new Undisposable());
        return 5;
    }

    [ProcessTarget]
    public static int Length(byte[] bytes) => bytes.Length;

    /// <summary>Counts in a process that does not come to its end by itself.</summary>
    [ProcessTarget]
    public static IEnumerable<int> CountAndStay(int to)
    {
        AppDomain.CurrentDomain.ProcessExit += static (_, _) => Thread.Sleep(Timeout.Infinite);
        for (int i = 0; i < to; i++) yield return i;
    }

    /// <summary>Returns, and its process waits for a child of its own.</summary>
    [ProcessTarget]
    public static void LeaveWaiterBehind(ProcessEvent gate) => ChildProcess.Start(LifeJobsTargets.WaitFor(gate));

    [ProcessTarget]
    public static void ReportAndLeaveWaiterBehind(ProcessEvent gate, IProgress<int> progress)
    {
        progress.Report(0);
        LeaveWaiterBehind(gate);
    }

    [ProcessTarget]
    public static void WaitFor(ProcessEvent gate) => gate.Wait();

    /// <summary>Returns the daemon's id.</summary>
    [ProcessTarget]
    public static int LeaveStoppedDaemonBehind()
    {
        int daemon = ChildProcess.Start(JobsTargets.Spin(), new ProcessOptions { Daemon = true }).Id!.Value;
        Signals.Send(daemon, Signals.Stop);
        return daemon;
    }

    /// <summary>The id of the process that a child of this one runs in.</summary>
    [ProcessTarget]
    public static async Task<int> IdOfChild()
    {
        using ChildProcess<int> child = ChildProcess.Start(JobsTargets.IdHere());
        return await child.Completion;
    }

    /// <summary>What becomes of a child that never connects; in a process of its own, as the limit holds for all.</summary>
    [ProcessTarget]
    public static async Task WaitForSleeper(string program)
    {
        ProcessDefaults.StartTimeout = TimeSpan.FromMilliseconds(200);
        using ChildProcess<int> child = ChildProcess.Start(JobsTargets.IdHere(), new ProcessOptions { ExecutablePath = program });
        await child.Completion;
    }

    /// <summary>A result whose codec reports progress while it writes.</summary>
    [ProcessTarget]
    public static Talkative Talk(IProgress<int> progress)
    {
        progress.Report(1);
        TalkativeCodec.Progress = progress;
        return new Talkative { Number = 5 };
    }

    [ProcessTarget]
    public static int LeaveForegroundThread()
    {
        new Thread(static () => Thread.Sleep(Timeout.Infinite)) { IsBackground = false }.Start();
        return 5;
    }

    private sealed class Undisposable : IDisposable
    {
        public void Dispose() => throw new InvalidOperationException("cannot be disposed");
    }
}
