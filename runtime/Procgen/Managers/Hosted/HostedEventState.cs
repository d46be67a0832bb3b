using Procgen.CompilerServices;
using Procgen.Shared;
using Procgen.Synchronization;

namespace Procgen.Managers;

/// <summary>An event in a server: see <see cref="EventObject"/>.</summary>
internal sealed class HostedEventState(HostedObject hosted) : EventState
{
    public override bool IsSet => hosted.Ask(ManagerOp.IsSet).ReadMemory<bool>();

    public static HostedEventState ReadHosted(ref PayloadReader reader) => new(HostedObject.Read(ref reader, typeof(ProcessEvent)));

    public override void Set() => hosted.Ask(ManagerOp.SetEvent);

    public override void Reset() => hosted.Ask(ManagerOp.ResetEvent);

    public override bool Wait(Deadline deadline, CancellationToken cancellationToken) => deadline.HasPassed
        ? hosted.Ask(ManagerOp.IsSet, new Patience(deadline, cancellationToken)).ReadMemory<bool>()
        : hosted.Wait(ManagerOp.Wait, new Patience(deadline, cancellationToken), out _);

    public override Task WaitAsync(CancellationToken cancellationToken) => hosted.WaitAsync(ManagerOp.Wait, cancellationToken);

    public override void Write(ref PayloadWriter writer) => hosted.WriteHandle(ref writer);

    public override void Dispose() => hosted.Close();
}
