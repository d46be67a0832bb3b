using Procgen.Calls;
using Procgen.CompilerServices;
using Procgen.Framing;
using Procgen.Transport;

namespace Procgen.Worker;

/// <summary>
/// What a target that runs for a pool may reach: its token, and where its result, items and progress go. One serves item
/// after item, until one of them has used it: what a target keeps of it must never speak for another item.
/// </summary>
internal sealed class BatchCall(Link link, ResultWriter results, SentHandles sent, WorkerContext context) : IResultSink, IProgressSink
{
    private readonly object _gate = new();
    private readonly CancellationTokenSource _cancellation = new();
    private Invocation? _invocation;
    private TaskCompletionSource? _roomMade;
    private long _room = FrameLimits.StreamWindow;
    private int _isUsed;

    public uint Batch { get; set; }

    /// <summary>Whether the item sent frames, which its result must not overtake.</summary>
    public bool HasSpoken { get; private set; }

    /// <summary>Whether the item handed in a result.</summary>
    public bool HasResult { get; private set; }

    public Invocation Invocation => _invocation ??= new Invocation(_cancellation.Token, context, this);

    /// <summary>Gets ready for the next item, where none has used this.</summary>
    public bool TryReuse()
    {
        HasResult = false;
        return Volatile.Read(ref _isUsed) == 0;
    }

    /// <summary>Gets ready for another caller's items.</summary>
    public bool TryReset() => TryReuse() && _cancellation.TryReset();

    public void Use() => Volatile.Write(ref _isUsed, 1);

    public void Result<T>(Codec<T> codec, T value)
    {
        results.Begin();
        var writer = new PayloadWriter(results, sent.NewScope());
        codec.Write(ref writer, value);
        writer.Flush();
        HasResult = true;
    }

    public async ValueTask ItemAsync<T>(Codec<T> codec, T value, CancellationToken cancellationToken)
    {
        Use();
        HasSpoken = true;
        while (Volatile.Read(ref _room) <= 0) await WaitForRoom(cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        int length = link.Send(FrameKind.Item, (Batch, codec, value), static (ref PayloadWriter writer, (uint Batch, Codec<T> Codec, T Value) item) =>
        {
            writer.WriteMemory(item.Batch);
            item.Codec.Write(ref writer, item.Value);
        }, sent.NewScope());
        Interlocked.Add(ref _room, -length);
    }

    public void Report<T>(int index, Codec<T> codec, T value)
    {
        HasSpoken = true;
        link.Send(FrameKind.Progress, (Batch, index, codec, value), static (ref PayloadWriter writer, (uint Batch, int Index, Codec<T> Codec, T Value) progress) =>
        {
            writer.WriteMemory(progress.Batch);
            writer.WriteMemory(progress.Index);
            progress.Codec.Write(ref writer, progress.Value);
        }, sent.NewScope());
    }

    /// <summary>The reader has taken that many bytes of items.</summary>
    public void AddCredit(int bytes)
    {
        TaskCompletionSource? waiter;
        lock (_gate)
        {
            Interlocked.Add(ref _room, bytes);
            waiter = _roomMade;
            _roomMade = null;
        }

        waiter?.TrySetResult();
    }

    /// <summary>Cancels the token without running its callbacks on the calling thread.</summary>
    public void Cancel()
    {
        Use();
        _ = _cancellation.CancelAsync();
    }

    private Task WaitForRoom(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_room > 0) return Task.CompletedTask;
            _roomMade ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _roomMade.Task.WaitAsync(cancellationToken);
        }
    }
}
