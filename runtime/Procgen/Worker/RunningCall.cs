using Procgen.Calls;
using Procgen.CompilerServices;
using Procgen.Framing;
using Procgen.Transport;

namespace Procgen.Worker;

/// <summary>One call in a worker, from its frame to its result: where the target's results, items and progress go.</summary>
internal sealed class RunningCall(Link link, uint id, SentHandles sent) : IResultSink, IProgressSink, IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly object _gate = new();
    private TaskCompletionSource? _roomMade;
    private long _room = FrameLimits.StreamWindow;

    public uint Id { get; } = id;

    public bool HasResult { get; private set; }

    public CancellationToken CancellationToken => _cancellation.Token;

    public void Result<T>(Codec<T> codec, T value)
    {
        link.Send(FrameKind.Result, (Id, codec, value), static (ref PayloadWriter writer, (uint Id, Codec<T> Codec, T Value) result) =>
        {
            writer.WriteMemory(result.Id);
            result.Codec.Write(ref writer, result.Value);
        }, sent.NewScope());
        HasResult = true;
    }

    public async ValueTask ItemAsync<T>(Codec<T> codec, T value, CancellationToken cancellationToken)
    {
        while (Volatile.Read(ref _room) <= 0) await WaitForRoom(cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        int length = link.Send(FrameKind.Item, (Id, codec, value), static (ref PayloadWriter writer, (uint Id, Codec<T> Codec, T Value) item) =>
        {
            writer.WriteMemory(item.Id);
            item.Codec.Write(ref writer, item.Value);
        }, sent.NewScope());
        Interlocked.Add(ref _room, -length);
    }

    public void Report<T>(int index, Codec<T> codec, T value) =>
        link.Send(FrameKind.Progress, (Id, index, codec, value), static (ref PayloadWriter writer, (uint Id, int Index, Codec<T> Codec, T Value) progress) =>
        {
            writer.WriteMemory(progress.Id);
            writer.WriteMemory(progress.Index);
            progress.Codec.Write(ref writer, progress.Value);
        }, sent.NewScope());

    /// <summary>The reader has taken that many bytes of items. Called by the link's reader thread.</summary>
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

    /// <summary>Cancels the target's token without running its callbacks on the calling thread.</summary>
    public void Cancel() => _ = _cancellation.CancelAsync();

    public void Dispose() => _cancellation.Dispose();

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
