using Procgen.CompilerServices;
using Procgen.Shared;
using Procgen.Synchronization;

namespace Procgen.Managers;

/// <summary>A plain lock in a server: see <see cref="LockObject"/>.</summary>
internal sealed class HostedLockState(HostedObject hosted) : LockState
{
    public override bool IsHeldHere => hosted.Ask(ManagerOp.Status).ReadMemory<bool>();

    public static HostedLockState ReadHosted(ref PayloadReader reader) => new(HostedObject.Read(ref reader, typeof(ProcessLock)));

    /// <summary>Finding out would mean waiting for the server.</summary>
    public override bool TryTake() => false;

    public override bool Take(Deadline deadline, CancellationToken cancellationToken) => HostedLocks.Take(hosted, deadline, cancellationToken);

    public override async Task TakeAsync(CancellationToken cancellationToken) =>
        HostedLocks.Check((await hosted.WaitAsync(ManagerOp.Acquire, cancellationToken).ConfigureAwait(false)).Span);

    public override bool Release(Deadline deadline) =>
        hosted.Ask(ManagerOp.ReleaseLock, new Patience(deadline, CancellationToken.None)).ReadMemory<bool>();

    public override void Write(ref PayloadWriter writer) => hosted.WriteHandle(ref writer);

    public override void Dispose() => hosted.Close();
}
