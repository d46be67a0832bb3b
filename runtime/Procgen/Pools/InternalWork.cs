using Procgen.Calls;

namespace Procgen.Pools;

/// <summary>A chore on one worker: initializer, finalizer, or one that runs on each.</summary>
internal sealed class InternalWork : PoolWork
{
    private readonly ProcessCall _call;
    private Action<Exception?>? _ended;
    private Exception? _reportError;

    /// <param name="chore">What to run.</param>
    /// <param name="ended">Called once, on a link thread, with what went wrong.</param>
    public InternalWork(Chore chore, Action<Exception?> ended)
        : base(chore.Call.Target, PoolWorkOptions.Internal)
    {
        _call = chore.Call;
        _ended = ended;
        SetItems(chore.Items);
    }

    public override bool IsWanted => true;

    public override bool IsInternal => true;

    public override bool HasReported { get; set; }

    public override void Complete(int index, ReadOnlySpan<byte> payload) => End(_reportError);

    public override void Fail(int index, ReadOnlySpan<byte> payload, string origin) => End(RemoteError.ReadOrExplain(payload, _call.Target, origin));

    public override void Fail(int index, Exception error) => End(error);

    public override void Abandon(Exception reason) => End(reason);

    /// <summary>What the caller's progress throws is the chore's outcome, but only once the worker is through with it: a worker is not told to end while it runs.</summary>
    public override void Report(int index, int argument, ReadOnlySpan<byte> payload)
    {
        if (_reportError is not null) return;
        try
        {
            var reader = new CompilerServices.PayloadReader(payload);
            ((IWorkItem)_call).ReportProgress(argument, ref reader);
        }
        catch (Exception error)
        {
            _reportError = error;
        }
    }

    private void End(Exception? error) => Interlocked.Exchange(ref _ended, null)?.Invoke(error);
}
