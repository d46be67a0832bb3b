using Procgen.CompilerServices;
using Procgen.Shared;
using Procgen.Synchronization;

namespace Procgen;

/// <summary>
/// A lock that the thread which holds it may take again, and must release as often. Python's <c>RLock</c>. Pass it to
/// targets as an argument; every process that has it has the same one.
/// </summary>
/// <remarks>
/// It belongs to one thread of one process. Where that process ends while it holds the lock, however it ended, the next
/// one to acquire gets it together with an <see cref="AbandonedMutexException"/>: at most 100 ms later. A thread that
/// ends while its process goes on keeps it. Thread-safe.
/// Where a <see cref="ProcessManager"/> has made it and the server is gone, or does not answer, its members throw a
/// <see cref="ConnectionLostException"/>: see there.
/// </remarks>
/// <example><code>using (recursiveLock.EnterScope()) { … }</code></example>
public sealed class ProcessRecursiveLock : IDisposable, IProcessHandle<ProcessRecursiveLock>
{
    private readonly RecursiveLockState _state;
    private bool _disposed;

    /// <summary>Makes a new lock, free.</summary>
    public ProcessRecursiveLock()
        : this(new SharedRecursiveLockState(SharedPart.Create(SharedRecursiveLockState.Size)))
    {
    }

    internal ProcessRecursiveLock(RecursiveLockState state) => _state = state;

    internal RecursiveLockState State
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _state;
        }
    }

    /// <summary>Takes the lock, or takes it once more, waiting as long as that takes.</summary>
    /// <exception cref="AbandonedMutexException">The caller holds the lock; the process that held it before ended without releasing it.</exception>
    /// <exception cref="ObjectDisposedException">Disposed, also while waiting.</exception>
    public void Acquire()
    {
        RecursiveLockState state = State;
        if (!state.TryTake()) state.Take(Deadline.Never, CancellationToken.None);
    }

    /// <inheritdoc cref="Acquire()"/>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="OperationCanceledException">The token fired before the lock was taken.</exception>
    public void Acquire(CancellationToken cancellationToken)
    {
        RecursiveLockState state = State;
        cancellationToken.ThrowIfCancellationRequested();
        if (!state.TryTake()) state.Take(Deadline.Never, cancellationToken);
    }

    /// <summary>Takes the lock if it is free, or the calling thread's, by then. Python's <c>acquire(block, timeout)</c>.</summary>
    /// <param name="timeout">How long to wait: zero (the default) not at all, <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>False when it was not.</returns>
    /// <exception cref="AbandonedMutexException">The caller holds the lock; the process that held it before ended without releasing it.</exception>
    /// <exception cref="OperationCanceledException">The token fired before the lock was taken.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative and not infinite.</exception>
    /// <exception cref="ObjectDisposedException">Disposed, also while waiting.</exception>
    public bool TryAcquire(TimeSpan timeout = default, CancellationToken cancellationToken = default)
    {
        RecursiveLockState state = State;
        cancellationToken.ThrowIfCancellationRequested();
        Deadline deadline = Deadline.After(timeout);
        return state.TryTake() || state.Take(deadline, cancellationToken);
    }

    /// <summary>Undoes one acquire of the calling thread; the last one frees the lock.</summary>
    /// <exception cref="SynchronizationLockException">The calling thread does not hold the lock.</exception>
    public void Release()
    {
        if (!State.Release()) ThrowNotHeld();
    }

    /// <summary>Takes the lock for a <c>using</c> statement.</summary>
    /// <remarks>Where the holder before died, there is no scope but an exception, and the caller holds the lock all the same: it must <see cref="Release"/> it.</remarks>
    /// <inheritdoc cref="Acquire()" path="/exception"/>
    public Scope EnterScope()
    {
        Acquire();
        return new Scope(this);
    }

    /// <summary>Closes this process's handle; others go on. Waits in this process end with <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        _disposed = true;
        _state.Dispose();
    }

    void IProcessHandle<ProcessRecursiveLock>.WriteHandle(ref PayloadWriter writer) => State.Write(ref writer);

    static ProcessRecursiveLock IProcessHandle<ProcessRecursiveLock>.ReadHandle(ref PayloadReader reader) => new(RecursiveLockState.Read(ref reader));

    internal static void ThrowNotHeld() =>
        throw new SynchronizationLockException("The calling thread does not hold this lock: a recursive lock is released by the thread that took it.");

    /// <summary>Releases the lock when disposed, on the thread that took it.</summary>
    /// <remarks>To be disposed once: a second time undoes one more acquire of the thread, or is a <see cref="SynchronizationLockException"/>.</remarks>
    public readonly ref struct Scope
    {
        private readonly ProcessRecursiveLock? _lock;

        internal Scope(ProcessRecursiveLock @lock) => _lock = @lock;

        /// <summary>Releases the lock once.</summary>
        public void Dispose() => _lock?.Release();
    }
}
