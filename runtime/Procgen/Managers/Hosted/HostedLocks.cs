using Procgen.CompilerServices;
using Procgen.Shared;
using Procgen.Synchronization;

namespace Procgen.Managers;

/// <summary>What plain and recursive locks in a server have in common: taking the one <see cref="LockObject"/> for this process.</summary>
internal static class HostedLocks
{
    /// <inheritdoc cref="LockState.Take"/>
    public static bool Take(HostedObject hosted, Deadline deadline, CancellationToken cancellationToken)
    {
        var patience = new Patience(deadline, cancellationToken);
        if (IsTaken(hosted.Ask(ManagerOp.Acquire, patience))) return true;
        return !deadline.HasPassed && hosted.Wait(ManagerOp.Acquire, patience, out PayloadReader answer) && IsTaken(answer);
    }

    /// <exception cref="AbandonedMutexException">Taken, from a dead holder.</exception>
    public static void Check(ReadOnlySpan<byte> answer) => IsTaken(new PayloadReader(answer));

    private static bool IsTaken(PayloadReader answer) => (Taking)answer.ReadMemory<byte>() switch
    {
        Taking.Taken => true,
        Taking.Abandoned => throw Abandoned.Error(),
        _ => false,
    };
}
