using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Procgen.Calls;
using Procgen.CompilerServices;
using Procgen.Launching;
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
internal sealed class MapChunk<TItem, TResult> : PoolWork
{
    private readonly MapRun<TItem, TResult> _run;
    private readonly List<TItem>? _items;

    // Null where the target returns nothing.
    private readonly Codec<TResult>? _codec;

    // Whether a value is its memory, which is read here: small results come by the million.
    private readonly bool _isMemory;

    // The items' calls, where the target reports: to whom. Null for one whose caller's progress has thrown, and once it has ended.
    private readonly List<ProcessCall?>? _calls;
    private Exception?[]? _reportErrors;
    private volatile bool _hasReported;
    private int _late;
    private Exception?[]? _errors;
    private TResult[] _values = [];
    private int _valuesFrom;
    private byte[] _states = [];

    /// <param name="run">The map.</param>
    /// <param name="target">What all items call.</param>
    /// <param name="options">What holds for each.</param>
    /// <param name="start">The first item's place in the source.</param>
    /// <param name="unit">How many items the caller wants to go together; null where that is the map's choice.</param>
    /// <param name="items">The items, where somebody wants them back.</param>
    public MapChunk(MapRun<TItem, TResult> run, Target target, PoolWorkOptions options, long start, int? unit, List<TItem>? items)
        : base(target, options)
    {
        _run = run;
        _items = items;
        _codec = (target as CallTarget<TResult>)?.Result;
        _isMemory = typeof(TResult).IsValueType && _codec == (object)UnmanagedCodec<TResult>.Instance;
        _calls = target.HasProgress ? [] : null;
        Start = start;
        Unit = unit ?? int.MaxValue;
    }

    /// <summary>The first item's place in the source.</summary>
    public long Start { get; }

    public HandleScope Handles { get; } = new();

    public override bool IsWanted => !_run.IsStopped;

    public override bool HasReported
    {
        get => _hasReported;
        set => _hasReported = value;
    }

    public ItemState StateOf(int index) => (ItemState)Volatile.Read(ref _states[index]);

    public override bool HasEnded(int index) => _states.Length > 0 && StateOf(index) != ItemState.Open;

    public TResult ValueOf(int index) => _values[_valuesFrom + index];

    public Exception ErrorOf(int index) => _errors![index]!;

    public TItem ItemOf(int index) => _items![index];

    /// <summary>Before it is sent: takes the encoded items over.</summary>
    /// <param name="items">The items.</param>
    /// <param name="values">Where the values go, from <paramref name="valuesFrom"/> on: nobody asks for a state.</param>
    /// <param name="valuesFrom">The first item's place there.</param>
    public void Take(EncodedItems items, TResult[] values, int valuesFrom)
    {
        _values = values;
        _valuesFrom = valuesFrom;
        SetItems(items);
    }

    /// <inheritdoc cref="Take(EncodedItems, TResult[], int)"/>
    public void Take(EncodedItems items)
    {
        _states = new byte[items.Count];
        Take(items, new TResult[items.Count], 0);
    }

    /// <summary>Keeps an item, where somebody wants it back, and its call, where that hears of reports.</summary>
    public void Keep(TItem item, ProcessCall call)
    {
        _items?.Add(item);
        _calls?.Add(call);
    }

    /// <summary>All values, at their places in the source.</summary>
    public void CopyTo(TResult[] all)
    {
        if (!ReferenceEquals(all, _values)) _values.AsSpan(_valuesFrom, Count).CopyTo(all.AsSpan((int)Start));
    }

    public bool IsOf(MapRun<TItem, TResult> other) => ReferenceEquals(_run, other);

    public override void Complete(int index, ReadOnlySpan<byte> payload)
    {
        if (_reportErrors?[index] is { } reportError)
        {
            Fail(index, reportError);
            return;
        }

        if (!TryKeep(index, payload, out Exception? problem))
        {
            Fail(index, problem);
            return;
        }

        HearNoMore(index);
        _run.OnReturned(this, index, 1, payload.Length);
    }

    /// <summary>What the caller's progress throws is the item's outcome, but only once the worker is through with it: each item ends once.</summary>
    public override void Report(int index, int argument, ReadOnlySpan<byte> payload)
    {
        if (!IsWanted || _calls?[index] is not { } call) return;
        try
        {
            var reader = new PayloadReader(payload);
            call.ReportProgress(argument, ref reader);
        }
        catch (Exception error)
        {
            Exception?[] errors = _reportErrors ?? Interlocked.CompareExchange(ref _reportErrors, new Exception?[Count], null) ?? _reportErrors;
            errors[index] = error;
            HearNoMore(index);
        }
    }

    public override void OnAdmitted() => _run.OnChunkAdmitted();

    public override void BeLate() => Interlocked.Increment(ref _late);

    public override void EndLate() => _run.OnSettling(1);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // A first map must not wait for the loop's final code.
    public override int Complete(ref ResultCursor results, uint batch, int first)
    {
        int count = 0;
        int from = 0;
        int kept = 0;
        long told = results.PayloadBytes;
        while (results.TryTakeReturned(batch, out int index, out ReadOnlySpan<byte> payload))
        {
            count++;
            index += first;
            if (!TryKeep(index, payload, out Exception? problem))
            {
                Fail(index, problem);
                continue;
            }

            if (index != from + kept)
            {
                if (kept > 0) _run.OnReturned(this, from, kept, results.PayloadBytes - told);
                told = results.PayloadBytes;
                from = index;
                kept = 0;
            }

            kept++;
        }

        if (kept > 0) _run.OnReturned(this, from, kept, results.PayloadBytes - told);
        return count;
    }

    public override void Fail(int index, ReadOnlySpan<byte> payload, string origin) => Fail(index, RemoteError.ReadOrExplain(payload, Target, origin));

    public override void Fail(int index, Exception error)
    {
        Exception?[] errors = _errors ?? Interlocked.CompareExchange(ref _errors, new Exception?[Count], null) ?? _errors;
        errors[index] = error;
        HearNoMore(index);
        if (_states.Length > 0) Volatile.Write(ref _states[index], (byte)ItemState.Failed);
        _run.OnFailed(this, index, error);
    }

    public override void Abandon(Exception reason)
    {
        _run.Break(reason);
        Handles.Dispose(); // It may never be settled.
    }

    /// <summary>The pool is through with so many items; the map is with those only that are not late, which <see cref="EndLate"/> counts.</summary>
    protected override void OnSettling(int count)
    {
        if (Volatile.Read(ref _late) != 0) count -= Interlocked.Exchange(ref _late, 0);
        _run.OnSettling(count);
    }

    protected override void OnSettled()
    {
        Handles.Dispose();
        _run.OnChunkSettled();
    }

    /// <summary>What an earlier worker of the item's had reported comes too late.</summary>
    private void HearNoMore(int index)
    {
        if (_calls is not null && index < _calls.Count) _calls[index] = null;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // As above.
    private bool TryKeep(int index, ReadOnlySpan<byte> payload, [NotNullWhen(false)] out Exception? problem)
    {
        problem = null;
        if ((uint)index >= (uint)Count) throw new InvalidDataException($"A worker answers item {index} of {Count}.");
        try
        {
            if (_codec is not null)
            {
                var reader = new PayloadReader(payload);
                _values[_valuesFrom + index] = _isMemory ? reader.ReadMemory<TResult>() : _codec.Read(ref reader);
            }
        }
        catch (Exception error)
        {
            problem = error;
            return false;
        }

        if (_states.Length > 0) Volatile.Write(ref _states[index], (byte)ItemState.Returned);
        return true;
    }
}
