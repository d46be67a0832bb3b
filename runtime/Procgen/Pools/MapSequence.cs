using Procgen.Calls;

namespace Procgen.Pools;

/// <summary>What comes of a map, item by item: each enumeration is a run of its own, which begins with the first step.</summary>
internal sealed class MapSequence<TItem, TResult, TOut>(
    Func<MapRun<TItem, TResult>> create,
    Func<MapChunk<TItem, TResult>, int, TOut> select,
    CancellationToken cancellationToken) : IAsyncEnumerable<TOut>
{
    public IAsyncEnumerator<TOut> GetAsyncEnumerator(CancellationToken enumerationToken = default) => new Enumerator(this, enumerationToken);

    /// <summary>Enumerates on the calling thread, woken by reader threads; it fetches items itself, unless it would have to wait for them.</summary>
    public IEnumerable<TOut> Read()
    {
        MapRun<TItem, TResult> run = create();
        run.Begin(cancellationToken);
        try
        {
            bool pumps = run.BeginFeed();
            while (true)
            {
                int version = run.Version;
                if (pumps) run.PumpAsync().GetAwaiter().GetResult();
                if (run.TryTake(out MapChunk<TItem, TResult> chunk, out int index))
                {
                    if (!pumps) run.WakeFeed();
                    yield return select(chunk, index);
                }
                else if (run.IsOver)
                {
                    break;
                }
                else
                {
                    run.Wait(version);
                }
            }

            run.ReportEndAsync().GetAwaiter().GetResult();
            run.ThrowIfFailed();
        }
        finally
        {
            run.EndAsync().GetAwaiter().GetResult();
        }
    }

    private sealed class Enumerator(MapSequence<TItem, TResult, TOut> sequence, CancellationToken enumerationToken) : IAsyncEnumerator<TOut>
    {
        private MapRun<TItem, TResult>? _run;
        private CancellationTokenSource? _linked;
        private bool _isDisposed;

        public TOut Current { get; private set; } = default!;

        public async ValueTask<bool> MoveNextAsync()
        {
            if (_isDisposed) return false;
            MapRun<TItem, TResult> run = _run ?? Begin();
            while (true)
            {
                int version = run.Version;
                if (run.TryTake(out MapChunk<TItem, TResult> chunk, out int index))
                {
                    run.SchedulePump();
                    Current = sequence.Select(chunk, index);
                    return true;
                }

                if (_isDisposed) return false;
                if (run.IsOver) break;
                run.SchedulePump();
                await run.WaitAsync(version).ConfigureAwait(false);
            }

            await run.ReportEndAsync().ConfigureAwait(false);
            run.ThrowIfFailed();
            return false;
        }

        public async ValueTask DisposeAsync()
        {
            if (_isDisposed) return;
            _isDisposed = true;
            if (_run is not null) await _run.EndAsync().ConfigureAwait(false);
            _linked?.Dispose();
        }

        private MapRun<TItem, TResult> Begin()
        {
            _linked?.Dispose();
            CancellationToken token = Tokens.Join(out _linked, sequence.Token, enumerationToken);
            MapRun<TItem, TResult> run = sequence.Create();
            run.Begin(token); // Where that throws, nothing has begun: who asks again is told again.
            return _run = run;
        }
    }

    private CancellationToken Token => cancellationToken;

    private MapRun<TItem, TResult> Create() => create();

    private TOut Select(MapChunk<TItem, TResult> chunk, int index) => select(chunk, index);
}
