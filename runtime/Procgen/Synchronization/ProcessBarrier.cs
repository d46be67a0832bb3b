using Procgen.CompilerServices;
using Procgen.Shared;
using Procgen.Synchronization;

namespace Procgen;

/// <summary>
/// A point that a fixed number of parties pass together: each waits until all have arrived, again and again. Python's
/// <c>Barrier</c>. Pass it to targets as an argument; every process that has it has the same one.
/// </summary>
/// <remarks>
/// A party that is killed while it waits breaks the barrier for the others, at most 100 ms later. Thread-safe.
/// Where a <see cref="ProcessManager"/> has made it and the server is gone, or does not answer, its members throw a
/// <see cref="ConnectionLostException"/>: see there.
/// </remarks>
public sealed class ProcessBarrier : IDisposable, IProcessHandle<ProcessBarrier>
{
    private readonly BarrierState _state;
    private readonly ProcessCall? _action;
    private readonly TimeSpan? _timeout;
    private bool _disposed;

    /// <summary>Makes a new barrier.</summary>
    /// <param name="parties">How many pass together, 1 or more.</param>
    /// <param name="action">A call that the last to arrive runs, in its own process, before anyone passes. When it fails, the barrier breaks.</param>
    /// <param name="timeout">What <see cref="Wait"/> takes when it is given no time: null for ever.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive, or the timeout negative and not infinite.</exception>
    public ProcessBarrier(int parties, ProcessCall? action = null, TimeSpan? timeout = null)
        : this(Create(parties, timeout), action, timeout)
    {
    }

    internal ProcessBarrier(BarrierState state, ProcessCall? action, TimeSpan? timeout)
    {
        _state = state;
        _action = action;
        _timeout = timeout;
    }

    /// <summary>How many pass together.</summary>
    public int Parties => State.Parties;

    /// <summary>How many wait at this moment. Python's <c>n_waiting</c>.</summary>
    public int WaitingCount => State.WaitingCount;

    /// <summary>Whether nobody can pass until <see cref="Reset"/>.</summary>
    public bool IsBroken => State.IsBroken;

    private BarrierState State
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _state;
        }
    }

    /// <summary>Waits for the other parties.</summary>
    /// <param name="timeout">How long at most: null (the default) as long as the barrier was made with. When the time is up, the barrier breaks.</param>
    /// <param name="cancellationToken">Gives up, which breaks the barrier too: the others wait for a party that has left.</param>
    /// <returns>A number from 0 to <see cref="Parties"/> − 1, a different one for each party of the round.</returns>
    /// <exception cref="BarrierBrokenException">It is broken, or broke while waiting.</exception>
    /// <exception cref="OperationCanceledException">The token fired first.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative and not infinite.</exception>
    /// <exception cref="ObjectDisposedException">Disposed, also while waiting.</exception>
    public int Wait(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        BarrierState state = State;
        cancellationToken.ThrowIfCancellationRequested();
        return state.Wait(_action, Deadline.After(timeout ?? _timeout), cancellationToken);
    }

    /// <summary>Makes the barrier usable as if new; those who wait get a <see cref="BarrierBrokenException"/>.</summary>
    public void Reset() => State.Reset();

    /// <summary>Breaks the barrier for those who wait and those who will.</summary>
    public void Abort() => State.Abort();

    /// <summary>Closes this process's handle; others go on. Waits in this process end with <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        _disposed = true;
        _state.Dispose();
    }

    void IProcessHandle<ProcessBarrier>.WriteHandle(ref PayloadWriter writer)
    {
        State.Write(ref writer);
        writer.WriteMemory(_timeout?.Ticks ?? Timeout.InfiniteTimeSpan.Ticks);
        writer.WriteHandle(_action);
    }

    static ProcessBarrier IProcessHandle<ProcessBarrier>.ReadHandle(ref PayloadReader reader)
    {
        BarrierState state = BarrierState.Read(ref reader);
        TimeSpan timeout = new(reader.ReadMemory<long>());
        return new ProcessBarrier(state, reader.ReadHandle<ProcessCall>(), timeout);
    }

    private static SharedBarrierState Create(int parties, TimeSpan? timeout)
    {
        BarrierState.CheckRange(parties, timeout);
        return SharedBarrierState.Create(parties);
    }
}
