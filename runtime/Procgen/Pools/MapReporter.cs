using System.Diagnostics;
using Procgen.Calls;

namespace Procgen.Pools;

/// <summary>Tells a caller how far a map has come, at most 20 times a second, on a thread of its own.</summary>
internal sealed class MapReporter(IProgress<MapProgress> progress, long? total)
{
    private static readonly long Pause = Stopwatch.Frequency / 20;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly CallbackThread _thread = new("Procgen map progress");
    private long _last;
    private int _isPosted;

    public void Report(long completed, long failed)
    {
        long now = Stopwatch.GetTimestamp();
        if (now - Volatile.Read(ref _last) < Pause || Interlocked.Exchange(ref _isPosted, 1) == 1) return;
        Volatile.Write(ref _last, now);
        _thread.Post(() =>
        {
            Tell(completed, failed);
            Volatile.Write(ref _isPosted, 0);
        });
    }

    /// <summary>Reports the end, and then goes on.</summary>
    public Task EndAsync(long completed, long failed)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _thread.Finish(() =>
        {
            Tell(completed, failed);
            told.SetResult();
        });
        return told.Task;
    }

    private void Tell(long completed, long failed)
    {
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_started);
        double rate = elapsed > TimeSpan.Zero ? (completed + failed) / elapsed.TotalSeconds : 0;
        TimeSpan? remaining = total is { } all && rate > 0 ? TimeSpan.FromSeconds(Math.Min((all - completed - failed) / rate, 1e9)) : null;
        try
        {
            progress.Report(new MapProgress(completed, failed, total, rate, remaining));
        }
        catch (Exception)
        {
            // A report that fails must not end the map: its results are worth more.
        }
    }
}
