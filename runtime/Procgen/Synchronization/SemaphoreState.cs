using Procgen.CompilerServices;
using Procgen.Shared;

namespace Procgen.Synchronization;

/// <summary>What a <see cref="ProcessSemaphore"/> does, wherever its state lives.</summary>
internal abstract class SemaphoreState : IDisposable
{
    /// <summary>Free permits, those included that whoever died has left.</summary>
    public abstract int CurrentCount { get; }

    /// <summary>Takes a permit.</summary>
    /// <returns>False when the time was up.</returns>
    public abstract bool Take(Deadline deadline, CancellationToken cancellationToken);

    /// <inheritdoc cref="Take"/>
    public abstract Task TakeAsync(CancellationToken cancellationToken);

    /// <summary>Gives permits back, or adds new ones.</summary>
    /// <returns>False, and nothing changed, when that would be more than the maximum.</returns>
    public abstract bool Release(int count);

    public abstract void Write(ref PayloadWriter writer);

    public abstract void Dispose();

    /// <exception cref="ArgumentOutOfRangeException">One is out of its range, or the first larger than the second.</exception>
    public static void CheckRange(int initial, int maximum)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(initial);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximum, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(initial, maximum);
    }

    public static SemaphoreState Read(ref PayloadReader reader)
    {
        HandleKind kind = HandleKinds.Read(ref reader);
        return kind == HandleKind.Shared
            ? new SharedSemaphoreState(SharedPart.Read(ref reader, SemaphoreLedger.Size))
            : HostedStates.Read<SemaphoreState>(kind, ref reader);
    }
}
