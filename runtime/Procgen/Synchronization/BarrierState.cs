using Procgen.CompilerServices;
using Procgen.Shared;

namespace Procgen.Synchronization;

/// <summary>What a <see cref="ProcessBarrier"/> does, wherever its state lives.</summary>
internal abstract class BarrierState : IDisposable
{
    public abstract int Parties { get; }

    public abstract int WaitingCount { get; }

    public abstract bool IsBroken { get; }

    /// <summary>Waits for the other parties; the last one runs the action before anyone passes.</summary>
    /// <returns>The caller's place in the order of arrival, from 0.</returns>
    /// <exception cref="BarrierBrokenException">It is broken, or broke meanwhile.</exception>
    public abstract int Wait(ProcessCall? action, Deadline deadline, CancellationToken cancellationToken);

    public abstract void Reset();

    public abstract void Abort();

    public abstract void Write(ref PayloadWriter writer);

    public abstract void Dispose();

    /// <exception cref="ArgumentOutOfRangeException">The number is not positive, or the timeout negative and not infinite.</exception>
    public static void CheckRange(int parties, TimeSpan? timeout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parties, 1);
        _ = Deadline.After(timeout);
    }

    public static BarrierState Read(ref PayloadReader reader)
    {
        HandleKind kind = HandleKinds.Read(ref reader);
        return kind == HandleKind.Shared ? SharedBarrierState.ReadShared(ref reader) : HostedStates.Read<BarrierState>(kind, ref reader);
    }
}
