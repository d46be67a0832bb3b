using Procgen.Calls;
using Procgen.Shared;

namespace Procgen.Pools;

/// <summary>One call or stream.</summary>
internal sealed class CallWork : PoolWork
{
    private readonly PendingCall _call;
    private CancellationTokenRegistration _cancellation;
    private (PoolMember Member, uint Batch)? _source;
    private int _isWithdrawn;

    /// <summary>Encodes the call, so that its arguments may change afterwards.</summary>
    /// <param name="call">The call.</param>
    /// <param name="options">What holds for it.</param>
    /// <param name="heap">Where long arguments go.</param>
    public CallWork(PendingCall call, PoolWorkOptions options, SegmentHeap? heap)
        : base(call.Item.Target, options)
    {
        _call = call;
        SetItems(ItemEncoder.Encode(call.Item, call.Handles, heap));
    }

    /// <summary>A stream whose call was encoded before.</summary>
    public CallWork(PendingCall call, PoolWorkOptions options, EncodedItems items)
        : base(call.Item.Target, options)
    {
        _call = call;
        SetItems(items);
    }

    /// <summary>Where it was sent last. Under the pool's lock.</summary>
    public Assignment? Assignment { get; private set; }

    public override bool CanRunAgain => _source is null;

    public override bool IsWanted => !_call.HasEnded;

    /// <summary>Whether its caller has been told of an end that the worker knows nothing of: what a codec or a progress of the caller's threw.</summary>
    public bool IsForsaken => _call.HasEnded && !_call.IsAnswered;

    public override bool HasReported
    {
        get => _call.HasReported;
        set => _call.HasReported = value;
    }

    /// <summary>Whoever cancels ends the call at once and has the pool withdraw it.</summary>
    public void WithdrawFrom(PoolCore core, CancellationToken token)
    {
        if (!token.CanBeCanceled) return;
        _cancellation = token.UnsafeRegister(static (state, token) =>
        {
            (CallWork work, PoolCore core) = ((CallWork, PoolCore))state!;
            work._call.Cancel(token);
            core.Withdraw(work);
        }, (this, core));
        if (_call.HasEnded) _cancellation.Unregister();
    }

    /// <summary>True once.</summary>
    public bool TryWithdraw() => Interlocked.Exchange(ref _isWithdrawn, 1) == 0;

    public override void OnAssigned(Assignment assignment) => Assignment = assignment;

    public override void Complete(int index, ReadOnlySpan<byte> payload)
    {
        _call.IsAnswered = true;
        _call.Complete(payload);
    }

    public override void Fail(int index, ReadOnlySpan<byte> payload, string origin)
    {
        _call.IsAnswered = true;
        _call.Fail(payload, origin);
    }

    public override void Fail(int index, Exception error) => _call.Fail(error);

    public override void Abandon(Exception reason)
    {
        if (reason is OperationCanceledException cancellation) _call.Cancel(cancellation.CancellationToken);
        else _call.Fail(reason);
        _cancellation.Unregister(); // It may never be settled: its caller's token outlives the pool.
    }

    /// <summary>A stream's item; false where nobody wants it.</summary>
    public bool TryAddItem(PoolMember member, uint batch, ReadOnlySpan<byte> payload, int credit)
    {
        _source = (member, batch);
        return _call.TryAddItem(payload, credit);
    }

    /// <summary>The reader of a stream has taken that many bytes.</summary>
    public void AddCredit(int bytes)
    {
        if (_source is (PoolMember member, uint batch)) member.AddCredit(batch, bytes);
    }

    public override void Report(int index, int argument, ReadOnlySpan<byte> payload) => _call.Report(argument, payload);

    public override void EndLate() => _cancellation.Unregister();

    /// <summary>Whose end is told later can be cancelled until then: its caller's progress may take its time.</summary>
    protected override void OnSettled()
    {
        if (_call.HasEnded) _cancellation.Unregister();
    }
}
