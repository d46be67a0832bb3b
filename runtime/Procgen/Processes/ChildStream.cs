using Procgen.Calls;
using Procgen.Framing;
using Procgen.Serialization;

namespace Procgen.Processes;

/// <summary>The items of one target, each enumeration from a process of its own.</summary>
internal sealed class ChildStream<T> : IAsyncEnumerable<T>
{
    private readonly ProcessStream<T> _stream;
    private readonly ProcessOptions? _options;
    private readonly CancellationToken _cancellationToken;
    private readonly byte[] _encoded;

    // Not disposed: the stream may be enumerated again as long as it exists.
    private readonly HandleScope _handles = new();

    public ChildStream(ProcessStream<T> stream, ProcessOptions? options, CancellationToken cancellationToken)
    {
        _stream = stream;
        _options = options;
        _cancellationToken = cancellationToken;
        using var frames = new FrameBuffer();
        CallFrames.AppendCall(frames, 1, stream, _handles);
        _encoded = frames.Written.ToArray();
    }

    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        new Enumerator(this, CancellationTokenSource.CreateLinkedTokenSource(_cancellationToken, cancellationToken));

    private sealed class Enumerator(ChildStream<T> source, CancellationTokenSource cancellation) : IAsyncEnumerator<T>
    {
        private PendingStream<T>? _pending;
        private StreamingChild? _child;
        private int _taken;

        public T Current { get; private set; } = default!;

        public async ValueTask<bool> MoveNextAsync()
        {
            if (_child is null)
            {
                cancellation.Token.ThrowIfCancellationRequested();
                _pending = new PendingStream<T>(source._stream);
                var child = new StreamingChild(_pending, source._options, source._encoded);
                child.Begin(cancellation.Token);
                _child = child; // Only one that runs is to be ended.
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

        public async ValueTask DisposeAsync()
        {
            if (_child is not null)
            {
                if (!_pending!.HasEnded) _child.Abandon();
                await _child.WaitForExitAsync().ConfigureAwait(false);
                await _child.DisposeAsync().ConfigureAwait(false);
            }

            cancellation.Dispose();
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
