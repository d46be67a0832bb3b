using Procgen.CompilerServices;
using Procgen.Serialization;
using Procgen.Telemetry;

namespace Procgen.Calls;

/// <summary>
/// A call that was accepted and has not ended: ends exactly once, with its result or one error. Called by reader threads;
/// nobody's code runs on them (continuations and callbacks go elsewhere).
/// </summary>
internal abstract class PendingCall(IWorkItem item)
{
    private int _ended;

    public IWorkItem Item { get; } = item;

    public string TargetName => Item.Target.Name;

    /// <summary>Keeps the handles among the arguments open until the call has ended.</summary>
    public HandleScope Handles { get; } = new();

    public bool HasEnded => Volatile.Read(ref _ended) != 0;

    /// <summary>
    /// Whether the worker has sent its answer, and has nothing more to do for this call; set by whoever hears it. Its caller hears
    /// of the end only after all that was reported.
    /// </summary>
    public bool IsAnswered { get; set; }

    /// <summary>The target returned; <paramref name="payload"/> is its result.</summary>
    public void Complete(ReadOnlySpan<byte> payload)
    {
        if (!TryEnd("result")) return;
        try
        {
            OnResult(payload);
        }
        catch (Exception error)
        {
            OnError(error);
        }
    }

    /// <summary>The target threw; <paramref name="payload"/> is its error.</summary>
    public void Fail(ReadOnlySpan<byte> payload, string origin) => Fail(RemoteError.ReadOrExplain(payload, Item.Target, origin));

    public void Fail(Exception error)
    {
        if (TryEnd("error")) OnError(error);
    }

    /// <summary>It was never sent.</summary>
    public void Withdraw(Exception error)
    {
        Handles.Withdraw();
        Fail(error);
    }

    public void Cancel(CancellationToken token)
    {
        if (TryEnd("cancelled")) OnCanceled(token);
    }

    /// <summary>Whether progress was reported: then the end goes the same way, so that it comes after.</summary>
    public bool HasReported { get; set; }

    /// <summary>A stream's next item, which took <paramref name="credit"/>; false where the call has ended or is no stream.</summary>
    public virtual bool TryAddItem(ReadOnlySpan<byte> payload, int credit) => false;

    /// <summary>Hands a progress value to the caller's <see cref="IProgress{T}"/>; what that throws ends the call.</summary>
    public void Report(int index, ReadOnlySpan<byte> payload)
    {
        if (HasEnded) return;
        try
        {
            var reader = new PayloadReader(payload);
            Item.ReportProgress(index, ref reader);
        }
        catch (Exception error)
        {
            Fail(error);
        }
    }

    protected abstract void OnResult(ReadOnlySpan<byte> payload);

    protected abstract void OnError(Exception error);

    protected abstract void OnCanceled(CancellationToken token);

    private bool TryEnd(string outcome)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0) return false;
        ProcgenEvents.Log.CallEnded(TargetName, outcome);
        Handles.Dispose();
        return true;
    }
}

/// <summary>A call whose caller waits for the end only.</summary>
internal sealed class PendingVoid(ProcessCall call) : PendingCall(call)
{
    private readonly TaskCompletionSource _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Task => _source.Task;

    protected override void OnResult(ReadOnlySpan<byte> payload) => _source.TrySetResult();

    protected override void OnError(Exception error) => _source.TrySetException(error);

    protected override void OnCanceled(CancellationToken token) => _source.TrySetCanceled(token);
}

/// <summary>A call whose caller waits for its result.</summary>
internal sealed class PendingResult<TResult>(ProcessCall<TResult> call) : PendingCall(call)
{
    private readonly TaskCompletionSource<TResult> _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<TResult> Task => _source.Task;

    protected override void OnResult(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        TResult result = call.Target.Result.Read(ref reader);
        _source.TrySetResult(result);
    }

    protected override void OnError(Exception error) => _source.TrySetException(error);

    protected override void OnCanceled(CancellationToken token) => _source.TrySetCanceled(token);
}
