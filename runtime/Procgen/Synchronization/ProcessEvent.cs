using Procgen.CompilerServices;
using Procgen.Shared;
using Procgen.Synchronization;

namespace Procgen;

/// <summary>
/// A flag that processes wait for: once set, everyone passes until it is reset. Python's <c>Event</c>. Pass it to
/// targets as an argument; every process that has it has the same one.
/// </summary>
/// <remarks>
/// Whoever waited when it was set passes, also when it is reset at once. A process that dies leaves it as it is.
/// Thread-safe.
/// Where a <see cref="ProcessManager"/> has made it and the server is gone, or does not answer, its members throw a
/// <see cref="ConnectionLostException"/>: see there.
/// </remarks>
public sealed class ProcessEvent : IDisposable, IProcessHandle<ProcessEvent>
{
    private readonly EventState _state;
    private bool _disposed;

    /// <summary>Makes a new event, not set.</summary>
    public ProcessEvent()
        : this(new SharedEventState(SharedPart.Create(SharedEventState.Size)))
    {
    }

    internal ProcessEvent(EventState state) => _state = state;

    /// <summary>Whether it is set. Python's <c>is_set()</c>.</summary>
    public bool IsSet => State.IsSet;

    private EventState State
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _state;
        }
    }

    /// <summary>Sets the flag and lets everyone pass.</summary>
    public void Set() => State.Set();

    /// <summary>Clears the flag: from now on everyone waits. Python's <c>clear()</c>.</summary>
    public void Reset() => State.Reset();

    /// <summary>Waits until the flag is set.</summary>
    /// <param name="timeout">How long: null (the default) for ever, zero not at all.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>False when the time was up.</returns>
    /// <exception cref="OperationCanceledException">The token fired first.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is negative and not infinite.</exception>
    /// <exception cref="ObjectDisposedException">Disposed, also while waiting.</exception>
    public bool Wait(TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        EventState state = State;
        cancellationToken.ThrowIfCancellationRequested();
        return state.Wait(Deadline.After(timeout), cancellationToken);
    }

    /// <summary>Waits until the flag is set, without blocking a thread.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="OperationCanceledException">The token fired first.</exception>
    public ValueTask WaitAsync(CancellationToken cancellationToken = default)
    {
        EventState state = State;
        return cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled(cancellationToken)
            : new ValueTask(state.WaitAsync(cancellationToken));
    }

    /// <summary>Closes this process's handle; others go on. Waits in this process end with <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        _disposed = true;
        _state.Dispose();
    }

    void IProcessHandle<ProcessEvent>.WriteHandle(ref PayloadWriter writer) => State.Write(ref writer);

    static ProcessEvent IProcessHandle<ProcessEvent>.ReadHandle(ref PayloadReader reader) => new(EventState.Read(ref reader));
}
