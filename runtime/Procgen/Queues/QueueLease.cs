using Procgen.Queues;
using Procgen.Serialization;

namespace Procgen;

/// <summary>An item that was taken from a <see cref="ProcessQueue{T}"/> on trust.</summary>
/// <remarks>Thread-safe. It outlives the disposal of the queue's handle that it came from.</remarks>
/// <typeparam name="T">What the items are.</typeparam>
public sealed class QueueLease<T> : IDisposable
{
    private readonly QueueState _state;
    private readonly long _lease;
    private readonly HandleReceipt _handles;
    private int _ended;

    internal QueueLease(QueueState state, long lease, T value, HandleReceipt handles)
    {
        _state = state;
        _lease = lease;
        _handles = handles;
        Value = value;
    }

    /// <summary>The item.</summary>
    public T Value { get; }

    /// <summary>Says that the item is dealt with: it does not come back, and counts as reported by <see cref="ProcessQueue{T}.TaskDone"/>.</summary>
    /// <exception cref="InvalidOperationException">The lease was completed before, or disposed.</exception>
    public void Complete()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0) throw new InvalidOperationException("The lease has ended: it was completed or disposed before.");
        using (_handles)
        {
            _state.EndLease(_lease, completed: true);
            _handles.Confirm();
        }
    }

    /// <summary>Puts the item back to the front of the queue, unless it was completed.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0) return;
        using (_handles) _state.EndLease(_lease, completed: false);
    }
}
