using Procgen.CompilerServices;
using Procgen.Shared;

namespace Procgen.Synchronization;

/// <summary>What a <see cref="ProcessRecursiveLock"/> does, wherever its state lives.</summary>
internal abstract class RecursiveLockState : IDisposable
{
    /// <summary>Takes the lock, or takes it once more, without waiting; false also where finding out would mean waiting.</summary>
    public abstract bool TryTake();

    /// <inheritdoc cref="LockState.Take"/>
    public abstract bool Take(Deadline deadline, CancellationToken cancellationToken);

    /// <summary>Undoes one take of the calling thread.</summary>
    /// <returns>False when the calling thread does not hold the lock.</returns>
    public abstract bool Release();

    /// <summary>Whether the calling thread holds the lock.</summary>
    public abstract bool IsHeldByCaller { get; }

    /// <summary>Undoes all takes of the calling thread, which holds the lock; returns how many.</summary>
    /// <inheritdoc cref="ConditionLock.ReleaseAll" path="/param"/>
    public abstract int ReleaseAll(Deadline deadline);

    /// <summary>Takes the lock as often as <see cref="ReleaseAll"/> said, waiting as long as that takes.</summary>
    /// <exception cref="AbandonedMutexException">Taken, from a dead holder.</exception>
    public abstract void TakeAgain(int count);

    public abstract void Write(ref PayloadWriter writer);

    public abstract void Dispose();

    public static RecursiveLockState Read(ref PayloadReader reader)
    {
        HandleKind kind = HandleKinds.Read(ref reader);
        return kind == HandleKind.Shared
            ? new SharedRecursiveLockState(SharedPart.Read(ref reader, SharedRecursiveLockState.Size))
            : HostedStates.Read<RecursiveLockState>(kind, ref reader);
    }
}
