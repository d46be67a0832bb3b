using System.Diagnostics;
using Procgen.Calls;

namespace Procgen.Pools;

/// <summary>
/// Tells a caller how far a map has come, at most 20 times a second, on a thread of its own: from the first report on, until
/// <see cref="EndAsync"/> or <see cref="Stop"/>.
/// </summary>
internal sealed class MapReporter(IProgress<MapProgress> progress, long? total)
{
    private static readonly long Pause = Stopwatch.Frequency / 20;
    private readonly object _gate = new();
    private readonly long _started = Stopwatch.GetTimestamp();
    private CallbackThread? _thread;
    private Task? _end;
    private long _last;
    private int _isPosted;
    private long _completed;
    private long _failed;

    private CallbackThread Thread => _thread ??= new CallbackThread("Procgen map progress");

    public void Report(long completed, long failed)
    {
        long now = Stopwatch.GetTimestamp();
        if (now - Volatile.Read(ref _last) < Pause || Interlocked.Exchange(ref _isPosted, 1) == 1) return;
        Volatile.Write(ref _last, now);
        lock (_gate)
        {
            // Items may still end after their map has.
            if (_end is not null) return;
            Thread.Post(() =>
            {
                Tell(completed, failed);
                Volatile.Write(ref _isPosted, 0);
            });
        }
    }

    /// <summary>Reports the end, once, and then goes on.</summary>
    public Task EndAsync(long completed, long failed)
    {
        lock (_gate)
        {
            if (_end is not null) return _end;
            var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Thread.Finish(() =>
            {
                Tell(completed, failed);
                told.SetResult();
            });
            return _end = told.Task;
        }
    }

    /// <summary>Nothing more is reported: of a map that has ended early, and needless of others.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            if (_end is not null) return;
            _end = Task.CompletedTask;
            _thread?.Finish(static () => { });
        }
    }

    /// <summary>On the thread. Who was held up after counting would tell of what has been passed.</summary>
    private void Tell(long completed, long failed)
    {
        completed = _completed = Math.Max(_completed, completed);
        failed = _failed = Math.Max(_failed, failed);
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
