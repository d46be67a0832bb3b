using Procgen.CompilerServices;
using Procgen.Shared;

namespace Procgen.Synchronization;

/// <summary>What a <see cref="ProcessEvent"/> does, wherever its state lives.</summary>
internal abstract class EventState : IDisposable
{
    public abstract bool IsSet { get; }

    public abstract void Set();

    public abstract void Reset();

    /// <summary>Waits until the event is set, or was set since the wait began.</summary>
    /// <returns>False when the time was up.</returns>
    public abstract bool Wait(Deadline deadline, CancellationToken cancellationToken);

    /// <inheritdoc cref="Wait"/>
    public abstract Task WaitAsync(CancellationToken cancellationToken);

    public abstract void Write(ref PayloadWriter writer);

    public abstract void Dispose();

    public static EventState Read(ref PayloadReader reader)
    {
        HandleKind kind = HandleKinds.Read(ref reader);
        return kind == HandleKind.Shared
            ? new SharedEventState(SharedPart.Read(ref reader, SharedEventState.Size))
            : HostedStates.Read<EventState>(kind, ref reader);
    }
}
