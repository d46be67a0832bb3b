using Procgen.CompilerServices;
using Procgen.Shared;

namespace Procgen.Synchronization;

/// <summary>What a <see cref="ProcessCondition"/> does beside its lock, wherever its state lives.</summary>
internal abstract class ConditionState : IDisposable
{
    /// <summary>Frees the lock, which the caller holds, waits to be notified, and takes the lock again.</summary>
    /// <returns>False when the time was up.</returns>
    public abstract bool Wait(ConditionLock @lock, Deadline deadline, CancellationToken cancellationToken);

    /// <summary>Notifies the longest waiting; the caller holds the lock.</summary>
    public abstract void Notify(int count);

    public abstract void Write(ref PayloadWriter writer);

    public abstract void Dispose();

    public static ConditionState Read(ref PayloadReader reader)
    {
        HandleKind kind = HandleKinds.Read(ref reader);
        return kind == HandleKind.Shared
            ? new SharedConditionState(SharedPart.Read(ref reader, WaiterList.Size))
            : HostedStates.Read<ConditionState>(kind, ref reader);
    }
}
