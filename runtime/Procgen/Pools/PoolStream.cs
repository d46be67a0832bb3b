using Procgen.Calls;
using Procgen.Framing;
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
    private readonly bool _hasHandles;

    // For the first enumeration: it keeps open what the arguments lead to until it has ended.
    private PendingStream<T>? _first;

    public PoolStream(PoolCore core, ProcessStream<T> stream, PoolWorkOptions options, CancellationToken cancellationToken)
    {
        _core = core;
        _stream = stream;
        _options = options;
        _cancellationToken = cancellationToken;
        _first = new PendingStream<T>(stream);
        try
        {
            _encoded = ItemEncoder.Encode(stream, _first.Handles);
        }
        catch
        {
            _first.Handles.Withdraw();
            throw;
        }

        _hasHandles = !_first.Handles.IsEmpty;
    }

    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new Enumerator(this, cancellationToken);

    /// <summary>Reads on the calling thread, woken by reader threads.</summary>
    public IEnumerable<T> Read()
    {
        using var run = new Run(this, default);
        var arrived = new SemaphoreSlim(0);
        run.Begin(() => arrived.Release());
        while (true)
        {
            bool isOver = run.Pending.Items.Completion.IsCompleted;
            while (run.TryTake(out T? item)) yield return item!;
            if (isOver) break;
            arrived.Wait();
        }

        run.Pending.Items.Completion.GetAwaiter().GetResult();
    }

    /// <summary>
    /// What an enumeration waits for. The first has the arguments as they were when the stream was made; so have later ones,
    /// unless there are handles among them: those are on their way once only, and are encoded again.
    /// </summary>
    private (PendingStream<T> Pending, EncodedItems Arguments) Next()
    {
        if (Interlocked.Exchange(ref _first, null) is { } first) return (first, _encoded);
        var pending = new PendingStream<T>(_stream);
        if (!_hasHandles) return (pending, _encoded);
        try
        {
            return (pending, ItemEncoder.Encode(_stream, pending.Handles));
        }
        catch
        {
            pending.Handles.Withdraw();
            throw;
        }
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
        }

        public PendingStream<T> Pending { get; private set; } = null!;

        public bool HasBegun { get; private set; }

        public void Begin(Action? arrived = null)
        {
            _token.ThrowIfCancellationRequested();
            (Pending, EncodedItems arguments) = _source.Next();
            HasBegun = true;
            Pending.Arrived = arrived;
            ProcgenEvents.Log.CallStarted(Pending.TargetName, _source._core.Settings.Name);
            try
            {
                CallSpans.EndWith(CallSpans.Begin(Pending.TargetName, _source._core.Settings.Name, out string? traceParent), Pending.Items.Completion);
                PoolWorkOptions options = traceParent is null ? _source._options : _source._options with { TraceParent = traceParent };
                _work = new CallWork(Pending, options, arguments);
                _source._core.Submit(_work, _token);
            }
            catch (Exception error)
            {
                Pending.Withdraw(error); // Which its reader is told, now and whenever it asks again.
            }
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
