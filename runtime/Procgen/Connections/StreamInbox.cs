using Procgen.Queues;
using Procgen.Shared;

namespace Procgen.Connections;

/// <summary>
/// The messages that have come over a stream and have not been received. The connection's reader thread puts them in, any
/// thread takes them out; while too much waits, the reader waits too, and so does the sender.
/// </summary>
internal sealed class StreamInbox
{
    private const int MaxWaitingBytes = 16 << 20;

    /// <summary>What an entry takes beside its buffer's bytes.</summary>
    private const int ItemOverhead = 64;
    private readonly object _gate = new();
    private readonly Queue<(ItemKind Kind, ItemBuffer Buffer)> _messages = new();
    private readonly List<Action> _whenReadable = [];
    private TaskCompletionSource? _changed;
    private long _waitingBytes;
    private bool _hasEnded;
    private InvalidDataException? _fault;
    private bool _isClosed;

    /// <summary>Puts a message in, by the reader thread.</summary>
    /// <returns>False when nobody will receive it.</returns>
    public bool Add(ItemKind kind, ItemBuffer buffer)
    {
        lock (_gate)
        {
            while (_waitingBytes > MaxWaitingBytes && !_isClosed) Monitor.Wait(_gate);
            if (_isClosed) return false;
            _messages.Enqueue((kind, buffer));
            _waitingBytes += Cost(buffer);
        }

        Changed();
        return true;
    }

    /// <summary>No message follows: the other end is gone.</summary>
    /// <param name="fault">Why else, where it is not: what receivers get behind the messages that came before.</param>
    public void End(InvalidDataException? fault = null)
    {
        lock (_gate)
        {
            _fault = fault;
            _hasEnded = true;
        }

        Changed();
    }

    /// <exception cref="InvalidDataException">The connection has ended because of what came.</exception>
    public void ThrowIfFaulted()
    {
        // One for each who is told: an exception's stack is where it was thrown.
        if (Volatile.Read(ref _fault) is { } fault) throw new InvalidDataException(fault.Message, fault.InnerException);
    }

    /// <summary>Ends the calls that are inside with ObjectDisposedException.</summary>
    public void Close()
    {
        lock (_gate) _isClosed = true;
        Changed();
    }

    public TakeOutcome Take(in TakeRequest request, Deadline deadline, CancellationToken cancellationToken, out QueueItem item)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using CancellationTokenRegistration cancellation = cancellationToken.UnsafeRegister(static inbox => ((StreamInbox)inbox!).Changed(), this);
        lock (_gate)
        {
            while (true)
            {
                TakeOutcome outcome = TryTake(request, out item);
                if (outcome != TakeOutcome.Empty || deadline.HasPassed) return outcome;
                cancellationToken.ThrowIfCancellationRequested();
                Monitor.Wait(_gate, deadline.Slice(1000));
            }
        }
    }

    public async ValueTask<(TakeOutcome Outcome, QueueItem Item)> TakeAsync(TakeRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                TakeOutcome outcome = TryTake(request, out QueueItem item);
                if (outcome != TakeOutcome.Empty) return (outcome, item);
                changed = (_changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public bool Poll(Deadline deadline)
    {
        lock (_gate)
        {
            while (!IsReadable)
            {
                if (deadline.HasPassed) return false;
                Monitor.Wait(_gate, deadline.Slice(1000));
            }

            ObjectDisposedException.ThrowIf(_isClosed, typeof(Connection));
            return true;
        }
    }

    public IDisposable WhenReadable(Action ready)
    {
        var registration = new Registration(this, ready);
        lock (_gate) _whenReadable.Add(registration.Run);
        if (IsReadable) Changed();
        return registration;
    }

    /// <summary>What a message takes in memory, which of a small one is far more than its bytes.</summary>
    private static long Cost(ItemBuffer buffer) => buffer.Capacity + ItemOverhead;

    private bool IsReadable => _messages.Count > 0 || _hasEnded || _isClosed;

    private TakeOutcome TryTake(in TakeRequest request, out QueueItem item)
    {
        ObjectDisposedException.ThrowIf(_isClosed, typeof(Connection));
        item = default;
        if (!_messages.TryPeek(out (ItemKind Kind, ItemBuffer Buffer) message))
        {
            ThrowIfFaulted();
            return _hasEnded ? TakeOutcome.Completed : TakeOutcome.Empty;
        }

        item = new QueueItem(message.Buffer, message.Buffer.Length, 0, 0);
        if (message.Kind != request.Kind) return TakeOutcome.WrongKind;
        if (message.Buffer.Length > request.MaxLength) return TakeOutcome.TooLong;
        _messages.Dequeue();
        _waitingBytes -= Cost(message.Buffer);
        Monitor.PulseAll(_gate);
        return TakeOutcome.Done;
    }

    private void Changed()
    {
        TaskCompletionSource? changed;
        Action[] ready = [];
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
            changed = _changed;
            _changed = null;
            if (IsReadable && _whenReadable.Count > 0)
            {
                ready = [.. _whenReadable];
                _whenReadable.Clear();
            }
        }

        changed?.TrySetResult();
        foreach (Action action in ready) action();
    }

    private sealed class Registration(StreamInbox inbox, Action ready) : IDisposable
    {
        private Action? _ready = ready;

        public void Run() => Interlocked.Exchange(ref _ready, null)?.Invoke();

        public void Dispose()
        {
            Volatile.Write(ref _ready, null);
            lock (inbox._gate) inbox._whenReadable.Remove(Run);
        }
    }
}
