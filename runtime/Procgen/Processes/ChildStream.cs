using Procgen.Calls;
using Procgen.Framing;

namespace Procgen.Processes;

/// <summary>The items of one target, each enumeration from a process of its own.</summary>
internal sealed class ChildStream<T> : IAsyncEnumerable<T>
{
    private readonly ProcessStream<T> _stream;
    private readonly ProcessOptions? _options;
    private readonly CancellationToken _cancellationToken;
    private readonly byte[] _encoded;
    private readonly bool _hasHandles;

    // For the first enumeration: it keeps open what the arguments lead to until it has ended.
    private PendingStream<T>? _first;

    public ChildStream(ProcessStream<T> stream, ProcessOptions? options, CancellationToken cancellationToken)
    {
        _stream = stream;
        _options = options;
        _cancellationToken = cancellationToken;
        _first = new PendingStream<T>(stream);
        using var frames = new FrameBuffer();
        try
        {
            CallFrames.AppendCall(frames, 1, stream, _first.Handles);
        }
        catch
        {
            _first.Handles.Withdraw();
            throw;
        }

        _encoded = frames.Written.ToArray();
        _hasHandles = !_first.Handles.IsEmpty;
    }

    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        CancellationToken both = Tokens.Join(out CancellationTokenSource? linked, _cancellationToken, cancellationToken);
        return new Enumerator(this, linked, both);
    }

    /// <summary>
    /// What an enumeration waits for, and its call. The first has the arguments as they were when the stream was made; so have
    /// later ones, unless there are handles among them: those are on their way once only, and are encoded again at the start.
    /// </summary>
    private (PendingStream<T> Pending, byte[]? Encoded) Next() => Interlocked.Exchange(ref _first, null) is { } first
        ? (first, _encoded)
        : (new PendingStream<T>(_stream), _hasHandles ? null : _encoded);

    private sealed class Enumerator(ChildStream<T> source, CancellationTokenSource? linked, CancellationToken cancellationToken) : IAsyncEnumerator<T>
    {
        private PendingStream<T>? _pending;
        private StreamingChild? _child;
        private int _taken;

        public T Current { get; private set; } = default!;

        public async ValueTask<bool> MoveNextAsync()
        {
            if (_child is null)
            {
                cancellationToken.ThrowIfCancellationRequested();
                (_pending, byte[]? encoded) = source.Next();
                _child = Start(_pending, encoded); // Only one that runs is to be ended.
            }

            while (await _pending!.Items.WaitToReadAsync().ConfigureAwait(false))
            {
                if (!_pending.Items.TryRead(out (T Item, int Credit) next)) continue;
                Current = next.Item;
                GiveBack(next.Credit);
                return true;
            }

            return false;
        }

        private StreamingChild Start(PendingStream<T> pending, byte[]? encoded)
        {
            try
            {
                var child = new StreamingChild(pending, source._options, encoded);
                child.Begin(cancellationToken);
                return child;
            }
            catch (Exception error)
            {
                pending.Withdraw(error); // Where the child has not ended it, which it has where it was sent.
                throw;
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (_child is not null)
            {
                if (!_pending!.IsAnswered) await _child.AbandonAsync().ConfigureAwait(false); // Also where its reader was told of an end that it does not know of.
                await _child.DisposeAsync().ConfigureAwait(false);
            }

            linked?.Dispose();
        }

        /// <summary>Lets the worker send more once an eighth of the window has been read.</summary>
        private void GiveBack(int credit)
        {
            _taken += credit;
            if (_taken < FrameLimits.StreamWindow / 8) return;
            _child!.AddCredit(_taken);
            _taken = 0;
        }
    }
}
