using Procgen.Calls;
using Procgen.Framing;
using Procgen.Serialization;
using Procgen.Telemetry;

namespace Procgen.Pools;

/// <summary>The items of one target; each enumeration is a call of its own.</summary>
internal sealed class PoolStream<T> : IAsyncEnumerable<T>
{
    private readonly PoolCore _core;
    private readonly ProcessStream<T> _stream;
    private readonly PoolWorkOptions _options;
    private readonly CancellationToken _cancellationToken;
    private readonly EncodedItems _encoded;

    // Not disposed: the stream may be enumerated again as long as it exists.
    private readonly HandleScope _handles = new();

    public PoolStream(PoolCore core, ProcessStream<T> stream, PoolWorkOptions options, CancellationToken cancellationToken)
    {
        _core = core;
        _stream = stream;
        _options = options;
        _cancellationToken = cancellationToken;
        _encoded = ItemEncoder.Encode(stream, _handles);
    }

    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new Enumerator(this, cancellationToken);

    /// <summary>Reads on the calling thread, woken by reader threads.</summary>
    public IEnumerable<T> Read()
    {
        using var run = new Run(this, default);
        var arrived = new SemaphoreSlim(0);
        run.Pending.Arrived = () => arrived.Release();
        run.Begin();
        while (true)
        {
            bool isOver = run.Pending.Items.Completion.IsCompleted;
            while (run.TryTake(out T? item)) yield return item!;
            if (isOver) break;
            arrived.Wait();
        }

        run.Pending.Items.Completion.GetAwaiter().GetResult();
    }

    /// <summary>One enumeration.</summary>
    private sealed class Run : IDisposable
    {
        private readonly PoolStream<T> _source;
        private readonly CancellationToken _token;
        private readonly CancellationTokenSource? _linked;
        private CallWork? _work;
        private int _taken;

        public Run(PoolStream<T> source, CancellationToken cancellationToken)
        {
            _source = source;
            _token = Tokens.Join(out _linked, source._cancellationToken, cancellationToken);
            Pending = new PendingStream<T>(source._stream);
        }

        public PendingStream<T> Pending { get; }

        public bool HasBegun => _work is not null;

        public void Begin()
        {
            _token.ThrowIfCancellationRequested();
            ProcgenEvents.Log.CallStarted(Pending.TargetName, _source._core.Settings.Name);
            CallSpans.EndWith(CallSpans.Begin(Pending.TargetName, _source._core.Settings.Name, out string? traceParent), Pending.Items.Completion);
            PoolWorkOptions options = traceParent is null ? _source._options : _source._options with { TraceParent = traceParent };
            _work = new CallWork(Pending, options, _source._encoded);
            _source._core.Submit(_work, _token);
        }

        public bool TryTake(out T? item)
        {
            bool any = Pending.Items.TryRead(out (T Item, int Credit) next);
            item = next.Item;
            if (!any) return false;
            _taken += next.Credit;
            if (_taken < FrameLimits.StreamWindow / 8) return true;

            // The worker may send more once an eighth of the window has been read.
            _work!.AddCredit(_taken);
            _taken = 0;
            return true;
        }

        public void Dispose()
        {
            if (_work is not null && !Pending.HasEnded)
            {
                Pending.Cancel(CancellationToken.None);
                _source._core.Withdraw(_work);
            }

            _linked?.Dispose();
        }
    }

    private sealed class Enumerator(PoolStream<T> source, CancellationToken cancellationToken) : IAsyncEnumerator<T>
    {
        private readonly Run _run = new(source, cancellationToken);

        public T Current { get; private set; } = default!;

        public async ValueTask<bool> MoveNextAsync()
        {
            if (!_run.HasBegun) _run.Begin();
            do
            {
                if (!_run.TryTake(out T? item)) continue;
                Current = item!;
                return true;
            }
            while (await _run.Pending.Items.WaitToReadAsync().ConfigureAwait(false));
            return false;
        }

        public ValueTask DisposeAsync()
        {
            _run.Dispose();
            return default;
        }
    }
}
