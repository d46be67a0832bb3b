using Procgen.Managers;
using Procgen.Synchronization;

namespace Procgen;

public sealed partial class ProcessManager
{
    /// <summary>Makes a queue in the server. Python's <c>Queue()</c> and <c>JoinableQueue()</c>.</summary>
    /// <remarks>
    /// A target takes it as any other <see cref="ProcessQueue{T}"/>, also on another machine. Items that were leased by a
    /// process which is gone are at the front again.
    /// </remarks>
    /// <typeparam name="T">What the items are.</typeparam>
    /// <param name="maxSize">How many items it may hold, leased ones not counted; 0 for any number.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxSize"/> is negative.</exception>
    /// <exception cref="ConnectionLostException">The server is gone.</exception>
    public ProcessQueue<T> CreateQueue<T>(int maxSize = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxSize);
        return new ProcessQueue<T>(new HostedQueueState(Host(ManagerRequest.Create(ManagerOp.CreateQueue).Add(maxSize), typeof(ProcessQueue<T>)), maxSize));
    }

    /// <summary>Makes a lock in the server. Python's <c>Lock()</c>.</summary>
    /// <exception cref="ConnectionLostException">The server is gone.</exception>
    public ProcessLock CreateLock() => new(new HostedLockState(Host(ManagerOp.CreateLock, typeof(ProcessLock))));

    /// <summary>Makes a recursive lock in the server. Python's <c>RLock()</c>.</summary>
    /// <inheritdoc cref="CreateLock" path="/exception"/>
    public ProcessRecursiveLock CreateRecursiveLock() => new(new HostedRecursiveLockState(Host(ManagerOp.CreateLock, typeof(ProcessRecursiveLock))));

    /// <summary>Makes a semaphore in the server. Python's <c>Semaphore()</c> and <c>BoundedSemaphore()</c>.</summary>
    /// <param name="initial">Free permits at the start, 0 or more.</param>
    /// <param name="maximum">The most permits there may be, taken ones included: 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is out of its range, or the first larger than the second.</exception>
    /// <inheritdoc cref="CreateLock" path="/exception"/>
    public ProcessSemaphore CreateSemaphore(int initial, int maximum = int.MaxValue)
    {
        SemaphoreState.CheckRange(initial, maximum);
        return new ProcessSemaphore(new HostedSemaphoreState(Host(ManagerRequest.Create(ManagerOp.CreateSemaphore).Add(initial).Add(maximum), typeof(ProcessSemaphore))));
    }

    /// <summary>Makes an event in the server, not set. Python's <c>Event()</c>.</summary>
    /// <inheritdoc cref="CreateLock" path="/exception"/>
    public ProcessEvent CreateEvent() => new(new HostedEventState(Host(ManagerOp.CreateEvent, typeof(ProcessEvent))));

    /// <summary>Makes a condition in the server, with a recursive lock of its own there. Python's <c>Condition()</c>.</summary>
    /// <inheritdoc cref="CreateLock" path="/exception"/>
    public ProcessCondition CreateCondition() => new(HostCondition(), new ConditionLock.Recursive(CreateRecursiveLock()), ownsLock: true);

    /// <summary>Makes a condition in the server over a lock that others may share. Disposing it leaves the lock alone.</summary>
    /// <param name="lock">The lock: one that a manager made, or a local one.</param>
    /// <inheritdoc cref="CreateLock" path="/exception"/>
    public ProcessCondition CreateCondition(ProcessRecursiveLock @lock)
    {
        ArgumentNullException.ThrowIfNull(@lock);
        return new ProcessCondition(HostCondition(), new ConditionLock.Recursive(@lock), ownsLock: false);
    }

    /// <summary>Makes a barrier in the server. Python's <c>Barrier()</c>.</summary>
    /// <param name="parties">How many pass together, 1 or more.</param>
    /// <param name="action">A call that the last to arrive runs, in its own process, before anyone passes.</param>
    /// <param name="timeout">What <see cref="ProcessBarrier.Wait"/> takes when it is given no time: null for ever.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive, or the timeout negative and not infinite.</exception>
    /// <inheritdoc cref="CreateLock" path="/exception"/>
    public ProcessBarrier CreateBarrier(int parties, ProcessCall? action = null, TimeSpan? timeout = null)
    {
        BarrierState.CheckRange(parties, timeout);
        HostedObject hosted = Host(ManagerRequest.Create(ManagerOp.CreateBarrier).Add(parties), typeof(ProcessBarrier));
        return new ProcessBarrier(new HostedBarrierState(hosted, parties), action, timeout);
    }

    private HostedConditionState HostCondition() => new(Host(ManagerOp.CreateCondition, typeof(ProcessCondition)));

    private HostedObject Host(ManagerOp op, Type handle) => Host(ManagerRequest.Create(op), handle);

    private HostedObject Host(ManagerRequest request, Type handle) => new(Client, Create(request), handle);
}
