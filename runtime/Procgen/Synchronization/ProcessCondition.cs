using Procgen.CompilerServices;
using Procgen.Shared;
using Procgen.Synchronization;

namespace Procgen;

/// <summary>
/// A lock, and a place to wait, with the lock free, until somebody who holds it says that something has changed.
/// Python's <c>Condition</c>. Pass it to targets as an argument; every process that has it has the same one.
/// </summary>
/// <remarks>
/// Waiters that were killed are passed over, and a notification that one had already got goes to another. Where a
/// process ends while it holds the lock, the next to take it, which <see cref="Wait"/> does too, gets it together with an
/// <see cref="AbandonedMutexException"/>. At most 1,000 threads of all processes wait at a time. Thread-safe.
/// Where a <see cref="ProcessManager"/> has made it and the server is gone, or does not answer, its members throw a
/// <see cref="ConnectionLostException"/>: see there.
/// </remarks>
/// <example><code>using (condition.EnterScope()) condition.WaitFor(() => queue.Count > 0);</code></example>
public sealed class ProcessCondition : IDisposable, IProcessHandle<ProcessCondition>
{
    private readonly ConditionState _state;
    private readonly ConditionLock _lock;
    private readonly bool _ownsLock;
    private bool _disposed;

    /// <summary>Makes a new condition with a recursive lock of its own.</summary>
    public ProcessCondition()
        : this(NewState())
    {
    }

    /// <summary>Makes a new condition over a lock that other conditions may share. Disposing it leaves the lock alone.</summary>
    /// <param name="lock">The lock.</param>
    public ProcessCondition(ProcessRecursiveLock @lock)
        : this(NewState(), new ConditionLock.Recursive(@lock ?? throw new ArgumentNullException(nameof(@lock))), ownsLock: false)
    {
    }

    /// <inheritdoc cref="ProcessCondition(ProcessRecursiveLock)"/>
    public ProcessCondition(ProcessLock @lock)
        : this(NewState(), new ConditionLock.Plain(@lock ?? throw new ArgumentNullException(nameof(@lock))), ownsLock: false)
    {
    }

    internal ProcessCondition(ConditionState state, ConditionLock @lock, bool ownsLock)
    {
        _state = state;
        _lock = @lock;
        _ownsLock = ownsLock;
    }

    /// <summary>The recursive lock.</summary>
    /// <exception cref="InvalidOperationException">The condition was made over a plain lock.</exception>
    public ProcessRecursiveLock Lock => Held is ConditionLock.Recursive recursive
        ? recursive.Inner
        : throw new InvalidOperationException("This condition was made over a ProcessLock; it has no recursive lock.");

    private ConditionLock Held
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _lock;
        }
    }

    /// <summary>Takes the lock, waiting as long as that takes.</summary>
    /// <exception cref="AbandonedMutexException">The caller holds the lock; the process that held it before ended without releasing it.</exception>
    public void Acquire() => Held.TryAcquire(Deadline.Never, CancellationToken.None);

    /// <inheritdoc cref="Acquire()"/>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="OperationCanceledException">The token fired before the lock was taken.</exception>
    public void Acquire(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Held.TryAcquire(Deadline.Never, cancellationToken);
    }

    /// <summary>Takes the lock if it is free by then.</summary>
    /// <param name="timeout">How long to wait: zero (the default) not at all, <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>False when it was not.</returns>
    /// <exception cref="AbandonedMutexException">The caller holds the lock; the process that held it before ended without releasing it.</exception>
    /// <exception cref="OperationCanceledException">The token fired before the lock was taken.</exception>
    public bool TryAcquire(TimeSpan timeout = default, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Held.TryAcquire(Deadline.After(timeout), cancellationToken);
    }

    /// <summary>Releases the lock once.</summary>
    /// <exception cref="SynchronizationLockException">The caller does not hold it.</exception>
    public void Release() => Held.Release();

    /// <summary>Takes the lock for a <c>using</c> statement.</summary>
    /// <remarks>Where the holder before died, there is no scope but an exception, and the caller holds the lock all the same: it must <see cref="Release"/> it.</remarks>
    /// <inheritdoc cref="Acquire()" path="/exception"/>
    public Scope EnterScope()
    {
        Acquire();
        return new Scope(this);
    }

    /// <summary>Frees the lock, waits to be notified, and takes the lock again, as often as it was taken.</summary>
    /// <param name="timeout">How long to wait for the notification: null (the default) for ever.</param>
    /// <param name="cancellationToken">Gives up waiting. A notification that came first is not lost: then this returns true.</param>
    /// <returns>False when the time was up. The caller holds the lock in any case.</returns>
    /// <exception cref="SynchronizationLockException">The caller does not hold the lock.</exception>
    /// <exception cref="AbandonedMutexException">The caller holds the lock; the process that held it meanwhile ended without releasing it.</exception>
    /// <exception cref="OperationCanceledException">The token fired first. The caller holds the lock.</exception>
    /// <exception cref="ObjectDisposedException">Disposed, also while waiting.</exception>
    public bool Wait(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ConditionLock held = HeldByCaller();
        Deadline deadline = Deadline.After(timeout);
        cancellationToken.ThrowIfCancellationRequested();
        return _state.Wait(held, deadline, cancellationToken);
    }

    /// <summary>Waits until a condition holds, looking whenever it is notified.</summary>
    /// <param name="condition">Called with the lock held, first before any waiting.</param>
    /// <param name="timeout">How long to wait: null (the default) for ever.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What the condition said last.</returns>
    /// <inheritdoc cref="Wait" path="/exception"/>
    public bool WaitFor(Func<bool> condition, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ConditionLock held = HeldByCaller();
        Deadline deadline = Deadline.After(timeout);
        while (!condition())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!_state.Wait(held, deadline, cancellationToken) && deadline.HasPassed) return condition();
        }

        return true;
    }

    /// <summary>Lets waiters go on, the longest waiting first, once the caller releases the lock.</summary>
    /// <param name="count">How many at most, 1 or more.</param>
    /// <exception cref="SynchronizationLockException">The caller does not hold the lock.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is not positive.</exception>
    public void Notify(int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        HeldByCaller();
        _state.Notify(count);
    }

    /// <summary>Lets all waiters go on, once the caller releases the lock.</summary>
    /// <exception cref="SynchronizationLockException">The caller does not hold the lock.</exception>
    public void NotifyAll() => Notify(int.MaxValue);

    /// <summary>Closes this process's handle; others go on. Waits in this process end with <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        _disposed = true;
        _state.Dispose();
        if (_ownsLock) _lock.Dispose();
    }

    void IProcessHandle<ProcessCondition>.WriteHandle(ref PayloadWriter writer)
    {
        ConditionLock @lock = Held;
        _state.Write(ref writer);
        @lock.Write(ref writer);
    }

    static ProcessCondition IProcessHandle<ProcessCondition>.ReadHandle(ref PayloadReader reader)
    {
        ConditionState state = ConditionState.Read(ref reader);
        return new ProcessCondition(state, ConditionLock.Read(ref reader), ownsLock: true);
    }

    private ProcessCondition(SharedConditionState state)
        : this(state, new ConditionLock.Recursive(new ProcessRecursiveLock(state.OwnLock())), ownsLock: true)
    {
    }

    private static SharedConditionState NewState() => new(SharedPart.Create(WaiterList.Size));

    private ConditionLock HeldByCaller()
    {
        ConditionLock held = Held;
        return held.IsHeldByCaller
            ? held
            : throw new SynchronizationLockException("Waiting for a condition and notifying need its lock held by the caller.");
    }

    /// <summary>Releases the lock when disposed.</summary>
    /// <remarks>To be disposed once: a second time undoes one more acquire of the thread, or is a <see cref="SynchronizationLockException"/>.</remarks>
    public readonly ref struct Scope
    {
        private readonly ProcessCondition? _condition;

        internal Scope(ProcessCondition condition) => _condition = condition;

        /// <summary>Releases the lock once.</summary>
        public void Dispose() => _condition?.Release();
    }
}
