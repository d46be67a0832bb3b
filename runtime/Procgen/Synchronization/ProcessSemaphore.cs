using Procgen.CompilerServices;
using Procgen.Shared;
using Procgen.Synchronization;

namespace Procgen;

/// <summary>
/// A number of permits that processes take and give back. Python's <c>Semaphore</c> and, with a maximum,
/// <c>BoundedSemaphore</c>. Pass it to targets as an argument; every process that has it has the same one.
/// </summary>
/// <remarks>
/// <para>Any process may release, also one that has acquired nothing. Thread-safe.</para>
/// <para>
/// The permits of a process that is killed come back, at most 100 ms later, as far as that does not make more permits,
/// free and taken together, than there were at the start: so a semaphore that begins with 0, which carries signals
/// rather than limits anything, gets nothing back. A process that ends in good order, or disposes its handle, keeps what
/// it has taken, as in Python.
/// </para>
/// <para>
/// Where a <see cref="ProcessManager"/> has made it and the server is gone, or does not answer, its members throw a
/// <see cref="ConnectionLostException"/>: see there.
/// </para>
/// </remarks>
public sealed class ProcessSemaphore : IDisposable, IProcessHandle<ProcessSemaphore>
{
    private readonly SemaphoreState _state;
    private bool _disposed;

    /// <summary>Makes a new semaphore.</summary>
    /// <param name="initial">Free permits at the start, 0 or more.</param>
    /// <param name="maximum">The most permits there may be, taken ones included: 1 or more. The initial number makes Python's <c>BoundedSemaphore</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is out of its range, or the first larger than the second.</exception>
    public ProcessSemaphore(int initial, int maximum = int.MaxValue)
        : this(Create(initial, maximum))
    {
    }

    internal ProcessSemaphore(SemaphoreState state) => _state = state;

    /// <summary>How many permits are free at this moment; those of a process that was killed are taken back first. Python's <c>get_value()</c>.</summary>
    public int CurrentCount => State.CurrentCount;

    private SemaphoreState State
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _state;
        }
    }

    /// <summary>Takes a permit, waiting as long as that takes.</summary>
    /// <exception cref="ObjectDisposedException">Disposed, also while waiting.</exception>
    public void Acquire() => State.Take(Deadline.Never, CancellationToken.None);

    /// <inheritdoc cref="Acquire()"/>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="OperationCanceledException">The token fired before a permit was taken.</exception>
    public void Acquire(CancellationToken cancellationToken)
    {
        SemaphoreState state = State;
        cancellationToken.ThrowIfCancellationRequested();
        state.Take(Deadline.Never, cancellationToken);
    }

    /// <summary>Takes a permit if one is free by then. Python's <c>acquire(block, timeout)</c>.</summary>
    /// <param name="timeout">How long to wait: zero (the default) not at all, <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>False when none was.</returns>
    /// <exception cref="OperationCanceledException">The token fired before a permit was taken.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative and not infinite.</exception>
    /// <exception cref="ObjectDisposedException">Disposed, also while waiting.</exception>
    public bool TryAcquire(TimeSpan timeout = default, CancellationToken cancellationToken = default)
    {
        SemaphoreState state = State;
        cancellationToken.ThrowIfCancellationRequested();
        return state.Take(Deadline.After(timeout), cancellationToken);
    }

    /// <summary>Takes a permit without blocking a thread while waiting.</summary>
    /// <param name="cancellationToken">Gives up waiting; a permit is then not taken.</param>
    /// <exception cref="OperationCanceledException">The token fired first.</exception>
    public ValueTask AcquireAsync(CancellationToken cancellationToken = default)
    {
        SemaphoreState state = State;
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled(cancellationToken)
            : new ValueTask(state.TakeAsync(cancellationToken));
    }

    /// <summary>Gives permits back, or, where this process and the others have taken none, adds new ones.</summary>
    /// <param name="count">How many, 1 or more.</param>
    /// <exception cref="SemaphoreFullException">There would be more than the maximum; nothing changed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is not positive.</exception>
    public void Release(int count = 1)
    {
        SemaphoreState state = State;
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (!state.Release(count)) throw new SemaphoreFullException();
    }

    /// <summary>Closes this process's handle; others go on. Waits in this process end with <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        _disposed = true;
        _state.Dispose();
    }

    void IProcessHandle<ProcessSemaphore>.WriteHandle(ref PayloadWriter writer) => State.Write(ref writer);

    static ProcessSemaphore IProcessHandle<ProcessSemaphore>.ReadHandle(ref PayloadReader reader) => new(SemaphoreState.Read(ref reader));

    private static SharedSemaphoreState Create(int initial, int maximum)
    {
        SemaphoreState.CheckRange(initial, maximum);
        return SharedSemaphoreState.Create(initial, maximum);
    }
}
