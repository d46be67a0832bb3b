using System.Diagnostics.CodeAnalysis;
using Procgen.CompilerServices;
using Procgen.Queues;
using Procgen.Serialization;
using Procgen.Shared;

namespace Procgen;

/// <summary>
/// A first-in, first-out queue that any number of processes put to and take from: Python's <c>Queue</c>,
/// <c>SimpleQueue</c> and <c>JoinableQueue</c> in one.
/// </summary>
/// <remarks>
/// <para>
/// Items stand in shared memory as soon as <see cref="Put(T)"/> returns: there is no feeder thread, nothing to flush, and a
/// process may end right after putting. A process that is killed while it uses the queue harms nobody else's use of it.
/// Items of one producer are taken in the order in which it put them.
/// </para>
/// <para>
/// Pass the queue as an argument of a target, or send it as an item or message: the other process opens the same queue.
/// Dispose each handle when it is no longer needed; the memory goes with the last one. Thread-safe.
/// </para>
/// <para>
/// Items of one that a <see cref="ProcessManager"/> has made stand in its server instead. Where that is gone, or does not answer,
/// all members but <see cref="Dispose"/> throw a <see cref="ConnectionLostException"/>: see there.
/// </para>
/// </remarks>
/// <typeparam name="T">What the items are; a type that can cross the process boundary.</typeparam>
public sealed partial class ProcessQueue<T> : IDisposable, IProcessHandle<ProcessQueue<T>>
{
    private readonly QueueState _state;
    private readonly Codec<T> _codec = Codecs.Get<T>();

    /// <summary>Makes an empty queue.</summary>
    /// <param name="maxSize">How many items it may hold, leased ones not counted; 0 for any number (Python's <c>maxsize</c>).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxSize"/> is negative.</exception>
    /// <exception cref="InvalidOperationException">No codec of <typeparamref name="T"/> is known.</exception>
    public ProcessQueue(int maxSize = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxSize);
        _state = SharedQueueState.Create(maxSize);
    }

    internal ProcessQueue(QueueState state) => _state = state;

    /// <summary>How many items the queue may hold; 0 for any number.</summary>
    public int MaxSize => _state.MaxSize;

    /// <summary>How many items can be taken at this moment; leased ones are left out. Python's <c>qsize</c>.</summary>
    public int Count => _state.Count;

    /// <summary>Whether there is no item to take at this moment. Python's <c>empty</c>.</summary>
    public bool IsEmpty => _state.Count == 0;

    /// <summary>Whether <see cref="Put(T)"/> would wait at this moment. Python's <c>full</c>.</summary>
    public bool IsFull => _state.IsFull;

    /// <summary>Whether <see cref="CompleteAdding"/> was called.</summary>
    public bool IsAddingCompleted => _state.IsAddingCompleted;

    /// <summary>Whether <see cref="CompleteAdding"/> was called, no item is left, and none is leased.</summary>
    public bool IsCompleted => _state.IsCompleted;

    internal QueueState State => _state;

    /// <summary>Appends an item; waits while the queue is full. An unbounded queue never waits. Python's <c>put</c>.</summary>
    /// <exception cref="InvalidOperationException">Adding was completed, also while waiting.</exception>
    /// <exception cref="ObjectDisposedException">This handle is disposed, also while waiting.</exception>
    /// <exception cref="ProcessSerializationException">The item cannot be encoded.</exception>
    public void Put(T item) => PutCore(item, Deadline.Never, CancellationToken.None);

    /// <inheritdoc cref="Put(T)"/>
    /// <exception cref="OperationCanceledException">The token was cancelled; the item was not put.</exception>
    public void Put(T item, CancellationToken cancellationToken) => PutCore(item, Deadline.Never, cancellationToken);

    /// <summary>Appends an item if there is space within a time. Python's <c>put(block, timeout)</c> and <c>put_nowait</c>.</summary>
    /// <param name="item">The item.</param>
    /// <param name="timeout">How long to wait for space; zero not to wait, <see cref="Timeout.InfiniteTimeSpan"/> for ever. A manager's server is asked in any case.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when there was no space (Python's <c>queue.Full</c>).</returns>
    /// <exception cref="InvalidOperationException">Adding was completed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the item was not put.</exception>
    /// <exception cref="ConnectionLostException">A manager has made it, and the server is gone; or it does not answer, and the caller does not wait for ever.</exception>
    public bool TryPut(T item, TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        PutCore(item, Deadline.After(timeout), cancellationToken);

    /// <summary>Removes the first item; waits while there is none. Python's <c>get</c>.</summary>
    /// <exception cref="InvalidOperationException">Adding is completed and no item is left.</exception>
    /// <exception cref="ObjectDisposedException">This handle is disposed, also while waiting.</exception>
    public T Take() => Take(CancellationToken.None);

    /// <inheritdoc cref="Take()"/>
    /// <exception cref="OperationCanceledException">The token was cancelled; nothing was taken.</exception>
    public T Take(CancellationToken cancellationToken) =>
        TakeCore(Deadline.Never, cancellationToken, out T? item) ? item : throw Completed();

    /// <summary>Removes the first item if there is one within a time. Python's <c>get(block, timeout)</c> and <c>get_nowait</c>.</summary>
    /// <param name="item">The item.</param>
    /// <param name="timeout">How long to wait for an item; zero not to wait, <see cref="Timeout.InfiniteTimeSpan"/> for ever. A manager's server is asked in any case.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is taken then.</param>
    /// <returns>False when there was no item (Python's <c>queue.Empty</c>), at once when none will come.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled; nothing was taken.</exception>
    /// <exception cref="ConnectionLostException">A manager has made it, and the server is gone; or it does not answer, and the caller does not wait for ever.</exception>
    public bool TryTake([MaybeNullWhen(false)] out T item, TimeSpan timeout = default, CancellationToken cancellationToken = default) =>
        TakeCore(Deadline.After(timeout), cancellationToken, out item);

    /// <summary>Takes items until adding is completed and none is left; waits for each.</summary>
    /// <param name="cancellationToken">Ends the enumeration with an OperationCanceledException; nothing is lost.</param>
    public IEnumerable<T> ReadAll(CancellationToken cancellationToken = default)
    {
        while (TakeCore(Deadline.Never, cancellationToken, out T? item)) yield return item;
    }

    /// <summary>Lets no further item in. Items that are there can still be taken. Blocked calls of <see cref="Put(T)"/> end with an InvalidOperationException.</summary>
    public void CompleteAdding() => _state.CompleteAdding();

    /// <summary>Reports that an item which was taken is dealt with, for <see cref="Join"/>. Python's <c>task_done</c>.</summary>
    /// <remarks>An item that was leased is reported by <see cref="QueueLease{T}.Complete"/>.</remarks>
    /// <exception cref="InvalidOperationException">It was called more often than items were put.</exception>
    public void TaskDone()
    {
        if (!_state.TryReportDone()) throw new InvalidOperationException("TaskDone was called more often than items were put.");
    }

    /// <summary>Waits until every item that was put has been reported done. Python's <c>JoinableQueue.join</c>.</summary>
    /// <param name="timeout">How long to wait; null or <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <returns>False when the time was up first.</returns>
    public bool Join(TimeSpan? timeout = null) => _state.Join(Deadline.After(timeout));

    /// <summary>Closes this handle: calls that wait in it end with ObjectDisposedException. Other handles, here and elsewhere, go on. Python's <c>close</c>.</summary>
    public void Dispose() => _state.Dispose();

    void IProcessHandle<ProcessQueue<T>>.WriteHandle(ref PayloadWriter writer) => _state.WriteHandle(ref writer);

    static ProcessQueue<T> IProcessHandle<ProcessQueue<T>>.ReadHandle(ref PayloadReader reader) => new(QueueState.Read(ref reader));

    private static InvalidOperationException Completed() => new("The queue is empty and CompleteAdding was called: no item will come.");

    private bool PutCore(T item, Deadline deadline, CancellationToken cancellationToken)
    {
        ItemBuffer buffer = ItemBuffer.Rent();
        HandleScope? handles = ItemEncoder.Encode(_codec, item, buffer);
        bool isPut;
        try
        {
            isPut = _state.TryPut(buffer.Written, handles, deadline, cancellationToken);
        }
        catch (ConnectionLostException)
        {
            handles?.Dispose(); // Whether a manager that is gone has put it, nobody knows.
            throw;
        }
        catch
        {
            handles?.Withdraw();
            throw;
        }
        finally
        {
            buffer.Return();
        }

        if (isPut) HandlesInTransit.Keep(handles);
        else handles?.Withdraw();
        return isPut;
    }

    private bool TakeCore(Deadline deadline, CancellationToken cancellationToken, [MaybeNullWhen(false)] out T item)
    {
        if (_state.TryTake(lease: false, deadline, cancellationToken, out QueueItem taken) == TakeOutcome.Done)
        {
            item = Decode(taken);
            return true;
        }

        item = default;
        return false;
    }

    private T Decode(in QueueItem taken, HandleReceipt? receipt = null)
    {
        try
        {
            return ItemEncoder.Decode(_codec, _state.BytesOf(taken), receipt);
        }
        finally
        {
            _state.Release(taken);
        }
    }
}
