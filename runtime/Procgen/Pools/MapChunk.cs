using Procgen.CompilerServices;
using Procgen.Calls;
using Procgen.Serialization;

namespace Procgen.Pools;

/// <summary>Where an item of a map stands.</summary>
internal enum ItemState : byte
{
    /// <summary>Not answered.</summary>
    Open,

    /// <summary>Its value is there.</summary>
    Returned,

    /// <summary>Its error is there.</summary>
    Failed,
}

/// <summary>Some items of a map that are sent together, and what becomes of each. Link threads write, one per item.</summary>
internal sealed class MapChunk<TItem, TResult>(MapRun<TItem, TResult> run, Target target, PoolWorkOptions options, long start, List<TItem>? items)
    : PoolWork(target, options)
{
    // Null where the target returns nothing.
    private readonly Codec<TResult>? _codec = (target as CallTarget<TResult>)?.Result;
    private Exception?[]? _errors;
    private TResult[] _values = [];
    private byte[] _states = [];

    /// <summary>The first item's place in the source.</summary>
    public long Start { get; } = start;

    public HandleScope Handles { get; } = new();

    public TResult[] Values => _values;

    public override bool IsWanted => !run.IsStopped;

    public ItemState StateOf(int index) => (ItemState)Volatile.Read(ref _states[index]);

    public Exception ErrorOf(int index) => _errors![index]!;

    public TItem ItemOf(int index) => items![index];

    /// <summary>Before it is sent: takes the encoded items over.</summary>
    public void Take(ItemEncoder encoder)
    {
        _values = new TResult[encoder.Count];
        _states = new byte[encoder.Count];
        encoder.MoveTo(this);
    }

    /// <summary>Instead of being sent: its one item could not be encoded.</summary>
    public void TakeUnencoded()
    {
        _values = new TResult[1];
        _states = new byte[1];
        SetItems([], 0, 1);
    }

    public bool IsOf(MapRun<TItem, TResult> other) => ReferenceEquals(run, other);

    public override void Complete(int index, ReadOnlySpan<byte> payload)
    {
        try
        {
            if (_codec is not null)
            {
                var reader = new PayloadReader(payload);
                _values[index] = _codec.Read(ref reader);
            }
        }
        catch (Exception error)
        {
            Fail(index, error);
            return;
        }

        run.CountBytes(payload.Length);
        Volatile.Write(ref _states[index], (byte)ItemState.Returned);
        run.OnReturned(this, index);
    }

    public override void Fail(int index, ReadOnlySpan<byte> payload, string origin) => Fail(index, RemoteError.ReadOrExplain(payload, Target.Throws, origin));

    public override void Fail(int index, Exception error)
    {
        Exception?[] errors = _errors ?? Interlocked.CompareExchange(ref _errors, new Exception?[_states.Length], null) ?? _errors;
        errors[index] = error;
        Volatile.Write(ref _states[index], (byte)ItemState.Failed);
        run.OnFailed(this, index, error);
    }

    public override void Abandon(CancellationToken token) => run.Stop(new OperationCanceledException("The pool was terminated.", token), cancelsRunning: false);

    protected override void OnSettling(int count) => run.OnSettling(count);

    protected override void OnSettled()
    {
        Handles.Dispose();
        run.OnChunkSettled();
    }
}
