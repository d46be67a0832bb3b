namespace Procgen.Tests.Processes;

/// <summary>Has nothing good to say about itself.</summary>
public sealed class SpeechlessException : Exception
{
    public override string Message => throw new InvalidOperationException("no words");
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

    private sealed class Undisposable : IDisposable
    {
        public void Dispose() => throw new InvalidOperationException("cannot be disposed");
    }
}
