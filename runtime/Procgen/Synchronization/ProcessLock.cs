using Procgen.CompilerServices;
using Procgen.Shared;
using Procgen.Synchronization;

namespace Procgen;

/// <summary>
/// Mutual exclusion between processes, and between threads: one at a time holds it. Python's <c>Lock</c>. Pass it to
/// targets as an argument; every process that has it has the same one.
/// </summary>
/// <remarks>
/// It belongs to nobody in particular: any thread of any process may release it, and who takes it twice waits for
/// itself. Where a process ends while it holds the lock, however it ended, the next one to acquire gets it together
/// with an <see cref="AbandonedMutexException"/>: at most 100 ms later. Thread-safe.
/// Where a <see cref="ProcessManager"/> has made it and the server is gone, or does not answer, its members throw a
/// <see cref="ConnectionLostException"/>: see there.
/// </remarks>
/// <example><code>using (processLock.EnterScope()) { … }</code></example>
public sealed class ProcessLock : IDisposable, IProcessHandle<ProcessLock>
{
    private readonly LockState _state;
    private bool _disposed;

    /// <summary>Makes a new lock, free.</summary>
    public ProcessLock()
        : this(new SharedLockState(SharedPart.Create(SharedLockState.Size)))
    {
    }

    internal ProcessLock(LockState state) => _state = state;

    internal LockState State
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _state;
        }
    }

    /// <summary>Takes the lock, waiting as long as that takes.</summary>
    /// <exception cref="AbandonedMutexException">The caller holds the lock; the process that held it before ended without releasing it.</exception>
    /// <exception cref="ObjectDisposedException">Disposed, also while waiting.</exception>
    public void Acquire()
    {
        LockState state = State;
        if (!state.TryTake()) state.Take(Deadline.Never, CancellationToken.None);
    }

    /// <inheritdoc cref="Acquire()"/>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="OperationCanceledException">The token fired before the lock was taken.</exception>
    public void Acquire(CancellationToken cancellationToken)
    {
        LockState state = State;
        cancellationToken.ThrowIfCancellationRequested();
        if (!state.TryTake()) state.Take(Deadline.Never, cancellationToken);
    }

    /// <summary>Takes the lock if it is free by then. Python's <c>acquire(block, timeout)</c>.</summary>
    /// <param name="timeout">How long to wait: zero (the default) not at all, <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>False when it was not.</returns>
    /// <exception cref="AbandonedMutexException">The caller holds the lock; the process that held it before ended without releasing it.</exception>
    /// <exception cref="OperationCanceledException">The token fired before the lock was taken.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative and not infinite.</exception>
    /// <exception cref="ObjectDisposedException">Disposed, also while waiting.</exception>
    public bool TryAcquire(TimeSpan timeout = default, CancellationToken cancellationToken = default)
    {
        LockState state = State;
        cancellationToken.ThrowIfCancellationRequested();
        Deadline deadline = Deadline.After(timeout);
        return state.TryTake() || state.Take(deadline, cancellationToken);
    }

    /// <summary>Takes the lock without blocking a thread while waiting.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>What releases the lock when disposed.</returns>
    /// <exception cref="AbandonedMutexException">The caller holds the lock and must <see cref="Release"/> it; the process that held it before ended without doing so.</exception>
    /// <exception cref="OperationCanceledException">The token fired before the lock was taken.</exception>
    public ValueTask<Scope> AcquireAsync(CancellationToken cancellationToken = default)
    {
        LockState state = State;
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<Scope>(cancellationToken);
        return state.TryTake() ? new ValueTask<Scope>(new Scope(this)) : WaitAsync();

        async ValueTask<Scope> WaitAsync()
        {
            await state.TakeAsync(cancellationToken).ConfigureAwait(false);
            return new Scope(this);
        }
    }

    /// <summary>Frees the lock, whoever holds it.</summary>
    /// <exception cref="SynchronizationLockException">Nobody does.</exception>
    public void Release()
    {
        if (!State.Release(Deadline.Never)) ThrowFree();
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

    void IProcessHandle<ProcessLock>.WriteHandle(ref PayloadWriter writer) => State.Write(ref writer);

    static ProcessLock IProcessHandle<ProcessLock>.ReadHandle(ref PayloadReader reader) => new(LockState.Read(ref reader));

    internal static void ThrowFree() => throw new SynchronizationLockException("The lock is not held, so it cannot be released.");

    /// <summary>Releases the lock when disposed.</summary>
    /// <remarks>To be disposed once: a second time releases the lock again, whoever holds it by then, or is a <see cref="SynchronizationLockException"/>.</remarks>
    public readonly struct Scope : IDisposable
    {
        private readonly ProcessLock? _lock;

        internal Scope(ProcessLock @lock) => _lock = @lock;

        /// <summary>Releases the lock.</summary>
        public void Dispose() => _lock?.Release();
    }
}
