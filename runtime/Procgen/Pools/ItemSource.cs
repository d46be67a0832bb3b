namespace Procgen.Pools;

/// <summary>Where a map's items come from. One caller at a time; disposed once.</summary>
internal abstract class ItemSource<TItem>
{
    /// <summary>How many there are, where that is known without enumerating.</summary>
    public long? Total { get; protected init; }

    /// <summary>Whether its tasks are always complete.</summary>
    public virtual bool IsBlocking => false;

    public abstract TItem Current { get; }

    public abstract ValueTask<bool> MoveNextAsync();

    public abstract ValueTask DisposeAsync();

    public static ItemSource<TItem> From(IEnumerable<TItem> items) => new Blocking(items);

    public static ItemSource<TItem> From(IAsyncEnumerable<TItem> items, CancellationToken cancellationToken) => new Asynchronous(items, cancellationToken);

    private sealed class Blocking : ItemSource<TItem>
    {
        private readonly IEnumerable<TItem> _items;
        private IEnumerator<TItem>? _enumerator;

        public Blocking(IEnumerable<TItem> items)
        {
            _items = items;
            Total = items.TryGetNonEnumeratedCount(out int count) ? count : null;
        }

        public override bool IsBlocking => true;

        public override TItem Current => _enumerator!.Current;

        public override ValueTask<bool> MoveNextAsync() => new((_enumerator ??= _items.GetEnumerator()).MoveNext());

        public override ValueTask DisposeAsync()
        {
            _enumerator?.Dispose();
            return default;
        }
    }

    private sealed class Asynchronous(IAsyncEnumerable<TItem> items, CancellationToken cancellationToken) : ItemSource<TItem>
    {
        private IAsyncEnumerator<TItem>? _enumerator;

        public override TItem Current => _enumerator!.Current;

        public override ValueTask<bool> MoveNextAsync() => (_enumerator ??= items.GetAsyncEnumerator(cancellationToken)).MoveNextAsync();

        public override ValueTask DisposeAsync() => _enumerator?.DisposeAsync() ?? default;
    }
}
