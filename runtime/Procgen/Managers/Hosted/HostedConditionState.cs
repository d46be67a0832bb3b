using Procgen.CompilerServices;
using Procgen.Shared;
using Procgen.Synchronization;

namespace Procgen.Managers;

/// <summary>A condition in a server: see <see cref="ConditionObject"/>. Its lock is a lock like any other.</summary>
internal sealed class HostedConditionState(HostedObject hosted) : ConditionState
{
    public static HostedConditionState ReadHosted(ref PayloadReader reader) => new(HostedObject.Read(ref reader, typeof(ProcessCondition)));

    public override bool Wait(ConditionLock @lock, Deadline deadline, CancellationToken cancellationToken)
    {
        using HostedObject.Use use = hosted.BeginUse();
        var patience = new Patience(deadline, cancellationToken);
        long me = hosted.Ask(ManagerOp.EnterWaiters, patience).ReadMemory<long>();
        int count = @lock.ReleaseAll(patience.IsEndless ? Deadline.Never : Deadline.Now);
        bool isNotified = false;
        try
        {
            (ManagerRequest request, long id) = hosted.ToWait(ManagerOp.Wait);
            hosted.Wait((request.Add(me), id), patience, out _);
        }
        catch (OperationCanceledException)
        {
            // A notification may have come just before: the server says so below.
        }
        finally
        {
            try
            {
                @lock.TakeAgain(count);
            }
            finally
            {
                // After the lock is taken: a notification that is not used by then goes to another where this process dies.
                isNotified = Leave(me);
            }
        }

        if (!isNotified) cancellationToken.ThrowIfCancellationRequested();
        return isNotified;
    }

    public override void Notify(int count) => hosted.Ask(hosted.To(ManagerOp.Notify).Add(count));

    public override void Write(ref PayloadWriter writer) => hosted.WriteHandle(ref writer);

    public override void Dispose() => hosted.Close();

    /// <summary>Also for a handle that was disposed meanwhile: others must not wait for a waiter that has left.</summary>
    private bool Leave(long me) => hosted.Ask(hosted.ToLast(ManagerOp.LeaveWaiters).Add(me)).ReadMemory<bool>();
}
