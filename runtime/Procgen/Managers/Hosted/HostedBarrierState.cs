using Procgen.CompilerServices;
using Procgen.Shared;
using Procgen.Synchronization;

namespace Procgen.Managers;

/// <summary>A barrier in a server: see <see cref="BarrierObject"/>.</summary>
internal sealed class HostedBarrierState(HostedObject hosted, int parties) : BarrierState
{
    public override int Parties => parties;

    public override int WaitingCount => hosted.Ask(ManagerOp.Status).ReadMemory<int>();

    public override bool IsBroken
    {
        get
        {
            PayloadReader status = hosted.Ask(ManagerOp.Status);
            status.ReadMemory<int>();
            return status.ReadMemory<bool>();
        }
    }

    public static HostedBarrierState ReadHosted(ref PayloadReader reader)
    {
        HostedObject hosted = HostedObject.Read(ref reader, typeof(ProcessBarrier));
        return new HostedBarrierState(hosted, reader.ReadMemory<int>());
    }

    public override int Wait(ProcessCall? action, Deadline deadline, CancellationToken cancellationToken)
    {
        using HostedObject.Use use = hosted.BeginUse();
        (ManagerRequest request, long id) = hosted.ToWait(ManagerOp.Wait);
        if (!hosted.Wait((request.Add(action is not null), id), new Patience(deadline, cancellationToken), out PayloadReader answer)) throw BarrierErrors.Broken();
        var how = (BarrierAnswer)answer.ReadMemory<byte>();
        int place = answer.ReadMemory<int>();
        bool hasPassed = how == BarrierAnswer.Act
            ? Act(action!, answer.ReadMemory<long>(), cancellationToken)
            : how == BarrierAnswer.Passed;
        return hasPassed ? place : throw BarrierErrors.Broken();
    }

    public override void Reset() => hosted.Ask(ManagerOp.Reset);

    public override void Abort() => hosted.Ask(ManagerOp.Abort);

    public override void Write(ref PayloadWriter writer)
    {
        hosted.WriteHandle(ref writer);
        writer.WriteMemory(parties);
    }

    public override void Dispose() => hosted.Close();

    private bool Act(ProcessCall action, long round, CancellationToken cancellationToken)
    {
        bool hasEnded = false;
        try
        {
            action.InvokeAsync(cancellationToken).GetAwaiter().GetResult();
            hasEnded = true;
        }
        finally
        {
            if (!hasEnded) EndAction(round, passed: false);
        }

        return EndAction(round, passed: true);
    }

    /// <summary>Also for a handle that was disposed meanwhile: others wait for the end of the action.</summary>
    private bool EndAction(long round, bool passed) =>
        hosted.Ask(hosted.ToLast(ManagerOp.EndAction).Add(round).Add(passed)).ReadMemory<bool>();
}
