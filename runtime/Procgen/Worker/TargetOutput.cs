using Procgen.Calls;
using Procgen.CompilerServices;
using Procgen.Framing;
using Procgen.Serialization;
using Procgen.Transport;

namespace Procgen.Worker;

/// <summary>What a running target reaches of its caller: where its results, stream items and progress go, and its token.</summary>
internal abstract class TargetOutput(Link link, SentHandles sent) : IResultSink, IProgressSink
{
    private readonly object _gate = new();
    private TaskCompletionSource? _roomMade;
    private long _room = FrameLimits.StreamWindow;

    /// <summary>What its frames begin with: a call's number, or a batch's.</summary>
    public uint Id { get; set; }

    /// <summary>Which item of a batch it speaks for; 0 for a call.</summary>
    public int Item { get; set; }

    /// <summary>Whether the target handed in a result.</summary>
    public bool HasResult { get; protected set; }

    /// <summary>Whether frames were sent, which a result must not overtake.</summary>
    public bool HasSpoken { get; private set; }

    protected CancellationTokenSource Cancellation { get; } = new();

    /// <summary>A message with these handles has gone out.</summary>
    protected void Keep(HandleScope scope) => sent.Keep(Id, scope);

    /// <summary>Sends a frame with a value, and the handles in it.</summary>
    /// <returns>The length of its body.</returns>
    protected int Send<TState>(FrameKind kind, TState state, FrameBody<TState> body)
    {
        var scope = new HandleScope(isAwaited: true);
        int length;
        try
        {
            length = link.Send(kind, state, body, scope);
        }
        catch
        {
            scope.Withdraw();
            throw;
        }

        Keep(scope);
        return length;
    }

    public abstract void Result<T>(Codec<T> codec, T value);

    /// <inheritdoc/>
    public virtual void Use()
    {
    }

    public async ValueTask ItemAsync<T>(Codec<T> codec, T value, CancellationToken cancellationToken)
    {
        Use();
        HasSpoken = true;
        while (Volatile.Read(ref _room) <= 0) await WaitForRoom(cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        int length = Send(FrameKind.Item, new CallValue<T>(Id, codec, value), CallValue<T>.Write);
        Interlocked.Add(ref _room, -length);
    }

    public void Report<T>(int index, Codec<T> codec, T value)
    {
        HasSpoken = true;
        Send(FrameKind.Progress, new ProgressReport<T>(Id, Item, index, codec, value), static (ref PayloadWriter writer, ProgressReport<T> progress) =>
        {
            writer.WriteMemory(progress.Id);
            writer.WriteMemory(progress.Item);
            writer.WriteMemory(progress.Index);
            progress.Codec.Write(ref writer, progress.Value);
        });
    }

    /// <summary>The reader has taken that many bytes of items. Called by who reads the link.</summary>
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
        _ = Cancellation.CancelAsync();
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

    private readonly record struct ProgressReport<T>(uint Id, int Item, int Index, Codec<T> Codec, T Value);
}
