using Procgen.CompilerServices;
using Procgen.Shared;

namespace Procgen.Synchronization;

/// <summary>What a <see cref="ProcessLock"/> does, wherever its state lives.</summary>
internal abstract class LockState : IDisposable
{
    /// <summary>Takes a free lock without waiting; false also where finding out would mean waiting.</summary>
    public abstract bool TryTake();

    /// <summary>Takes the lock when it is free, or from a dead holder.</summary>
    /// <returns>False when the time was up.</returns>
    /// <exception cref="AbandonedMutexException">Taken, from a dead holder.</exception>
    public abstract bool Take(Deadline deadline, CancellationToken cancellationToken);

    /// <inheritdoc cref="Take"/>
    public abstract Task TakeAsync(CancellationToken cancellationToken);

    /// <summary>Frees the lock.</summary>
    /// <inheritdoc cref="ConditionLock.ReleaseAll" path="/param"/>
    /// <returns>False when it was free.</returns>
    public abstract bool Release(Deadline deadline);

    /// <summary>Whether this process holds the lock.</summary>
    public abstract bool IsHeldHere { get; }

    public abstract void Write(ref PayloadWriter writer);

    public abstract void Dispose();

    public static LockState Read(ref PayloadReader reader)
    {
        HandleKind kind = HandleKinds.Read(ref reader);
        return kind == HandleKind.Shared
            ? new SharedLockState(SharedPart.Read(ref reader, SharedLockState.Size))
            : HostedStates.Read<LockState>(kind, ref reader);
    }
}
