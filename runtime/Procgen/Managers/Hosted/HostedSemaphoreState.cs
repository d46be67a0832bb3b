using Procgen.CompilerServices;
using Procgen.Shared;
using Procgen.Synchronization;

namespace Procgen.Managers;

/// <summary>A semaphore in a server: see <see cref="SemaphoreObject"/>.</summary>
internal sealed class HostedSemaphoreState(HostedObject hosted) : SemaphoreState
{
    public override int CurrentCount => hosted.Ask(ManagerOp.Count).ReadMemory<int>();

    public static HostedSemaphoreState ReadHosted(ref PayloadReader reader) => new(HostedObject.Read(ref reader, typeof(ProcessSemaphore)));

    public override bool Take(Deadline deadline, CancellationToken cancellationToken)
    {
        hosted.Client.BidFarewell();
        var patience = new Patience(deadline, cancellationToken);
        if (hosted.Ask(ManagerOp.Acquire, patience).ReadMemory<bool>()) return true;
        return !deadline.HasPassed && hosted.Wait(ManagerOp.Acquire, patience, out _);
    }

    public override Task TakeAsync(CancellationToken cancellationToken)
    {
        hosted.Client.BidFarewell();
        return hosted.WaitAsync(ManagerOp.Acquire, cancellationToken);
    }

    public override bool Release(int count) => hosted.Ask(hosted.To(ManagerOp.ReleaseLock).Add(count)).ReadMemory<bool>();

    public override void Write(ref PayloadWriter writer) => hosted.WriteHandle(ref writer);

    public override void Dispose() => hosted.Close();
}
