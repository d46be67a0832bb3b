using System.Threading.Channels;
using Procgen.CompilerServices;

namespace Procgen.Calls;

/// <summary>
/// A stream that is being read. Items wait here, at most <see cref="Framing.FrameLimits.StreamWindow"/> bytes of them:
/// the worker sends on only as they are taken.
/// </summary>
internal sealed class PendingStream<TItem>(ProcessStream<TItem> stream) : PendingCall(stream)
{
    private readonly Channel<(TItem Item, int Credit)> _items =
        Channel.CreateUnbounded<(TItem, int)>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    public ChannelReader<(TItem Item, int Credit)> Items => _items.Reader;

    /// <summary>Called on a reader thread when there is something to read, or the end: for who waits without a thread pool.</summary>
    public Action? Arrived { get; set; }

    public override bool TryAddItem(ReadOnlySpan<byte> payload, int credit)
    {
        if (HasEnded) return false;
        var reader = new PayloadReader(payload);
        try
        {
            bool isWanted = _items.Writer.TryWrite((stream.Target.Item.Read(ref reader), credit));
            Arrived?.Invoke();
            return isWanted;
        }
        catch (Exception error)
        {
            // A codec may be the user's and throw anything: it ends this stream, not the link that others share.
            Fail(error);
            return false;
        }
    }

    protected override void OnResult(ReadOnlySpan<byte> payload) => End(null);

    protected override void OnError(Exception error) => End(error);

    protected override void OnCanceled(CancellationToken token) => End(new OperationCanceledException(token));

    private void End(Exception? error)
    {
        _items.Writer.TryComplete(error);
        Arrived?.Invoke();
    }
}
