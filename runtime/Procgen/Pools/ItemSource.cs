using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Procgen.Pools;

/// <summary>What a step in an <see cref="ItemSource{TItem}"/> came to.</summary>
internal enum SourceStep
{
    /// <summary>There is a next item.</summary>
    Item,

    /// <summary>There are no more.</summary>
    End,

    /// <summary>It is not there yet.</summary>
    Later,
}

/// <summary>Where a map's items come from. One caller at a time; disposed once.</summary>
internal abstract class ItemSource<TItem>
{
    /// <summary>How many there are, where that is known without enumerating.</summary>
    public long? Total { get; protected init; }

    /// <summary>Whether a step may take any time: what is no collection is some code of a user's.</summary>
    public bool MayBlock { get; protected init; }

    /// <summary>Goes to the next item without waiting for one that an asynchronous source has not got yet.</summary>
    public abstract SourceStep Step([MaybeNull] out TItem item);

    /// <summary>After <see cref="SourceStep.Later"/>: completes when <see cref="Step"/> will say something else.</summary>
    public abstract Task WaitAsync();

    /// <summary>Nobody wants more: what is waited for need not come. Any thread.</summary>
    /// <returns>Ends when the source has been told, which may run its code.</returns>
    public virtual Task CancelAsync() => Task.CompletedTask;

    public abstract ValueTask DisposeAsync();

    public static ItemSource<TItem> From(IEnumerable<TItem> items) => new Blocking(items);

    public static ItemSource<TItem> From(IAsyncEnumerable<TItem> items) => new Asynchronous(items) { MayBlock = true };

    private sealed class Blocking : ItemSource<TItem>
    {
        private readonly IEnumerable<TItem> _items;
        private IEnumerator<TItem>? _enumerator;

        public Blocking(IEnumerable<TItem> items)
        {
            _items = items;
            Total = items.TryGetNonEnumeratedCount(out int count) ? count : null;
            MayBlock = items is not ICollection<TItem>;
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)] // A first map must not wait for its final code.
        public override SourceStep Step([MaybeNull] out TItem item)
        {
            IEnumerator<TItem> enumerator = _enumerator ??= _items.GetEnumerator();
            bool any = enumerator.MoveNext();
            item = any ? enumerator.Current : default;
            return any ? SourceStep.Item : SourceStep.End;
        }

        public override Task WaitAsync() => Task.CompletedTask;

        public override ValueTask DisposeAsync()
        {
            _enumerator?.Dispose();
            return default;
        }
    }

    private sealed class Asynchronous(IAsyncEnumerable<TItem> items) : ItemSource<TItem>
    {
        // Its own: a map also ends without its caller's token, and then a source that waits would be neither told nor disposed.
        private readonly CancellationTokenSource _cancellation = new();
        private Task? _told;
        private IAsyncEnumerator<TItem>? _enumerator;
        private Task<bool>? _next;

        public override SourceStep Step([MaybeNull] out TItem item)
        {
            item = default;
            _enumerator ??= items.GetAsyncEnumerator(_cancellation.Token);
            bool any;
            if (_next is null)
            {
                ValueTask<bool> moving = _enumerator.MoveNextAsync();
                if (!moving.IsCompleted)
                {
                    _next = moving.AsTask();
                    return SourceStep.Later;
                }

                any = moving.GetAwaiter().GetResult();
            }
            else
            {
                if (!_next.IsCompleted) return SourceStep.Later;
                Task<bool> moved = _next;
                _next = null;
                any = moved.GetAwaiter().GetResult();
            }

            if (any) item = _enumerator.Current;
            return any ? SourceStep.Item : SourceStep.End;
        }

        // What it throws, Step throws: once.
        public override Task WaitAsync() => _next!.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        // The callbacks, which are a user's, run elsewhere.
        public override Task CancelAsync()
        {
            lock (_cancellation) return _told ??= _cancellation.CancelAsync();
        }

        public override ValueTask DisposeAsync()
        {
            if (_enumerator is null) return default;
            if (_next is null or { IsCompleted: true }) return _enumerator.DisposeAsync();

            // An enumerator must not be disposed while it moves. Nobody waits for that here: it may take for ever.
            _next.ContinueWith(
                static (_, enumerator) => ((IAsyncEnumerator<TItem>)enumerator!).DisposeAsync().AsTask(),
                _enumerator, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return default;
        }
    }
}
