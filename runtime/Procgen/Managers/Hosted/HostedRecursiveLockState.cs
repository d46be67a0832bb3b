using Procgen.CompilerServices;
using Procgen.Shared;
using Procgen.Synchronization;

namespace Procgen.Managers;

/// <summary>
/// A recursive lock in a server. The server knows which process holds it; which thread, and how often it has taken it, is
/// kept here, by that thread alone: taking it once more costs no round trip.
/// </summary>
internal sealed class HostedRecursiveLockState(HostedObject hosted) : RecursiveLockState
{
    /// <summary>How often this thread has taken which lock; every handle of the process counts together.</summary>
    [ThreadStatic]
    private static Dictionary<(Guid Server, ulong Lock), int>? s_taken;

    public override bool IsHeldByCaller => Taken.ContainsKey(Key);

    private static Dictionary<(Guid Server, ulong Lock), int> Taken => s_taken ??= [];

    private (Guid Server, ulong Lock) Key => (hosted.Client.ServerId, hosted.ObjectId);

    public static HostedRecursiveLockState ReadHosted(ref PayloadReader reader) => new(HostedObject.Read(ref reader, typeof(ProcessRecursiveLock)));

    public override bool TryTake()
    {
        if (!Taken.TryGetValue(Key, out int count)) return false;
        Taken[Key] = checked(count + 1);
        return true;
    }

    public override bool Take(Deadline deadline, CancellationToken cancellationToken)
    {
        try
        {
            if (!HostedLocks.Take(hosted, deadline, cancellationToken)) return false;
        }
        catch (AbandonedMutexException)
        {
            Taken[Key] = 1;
            throw;
        }

        Taken[Key] = 1;
        return true;
    }

    public override bool Release()
    {
        if (!Taken.TryGetValue(Key, out int count)) return false;
        if (count > 1) Taken[Key] = count - 1;
        else ReleaseAll(Deadline.Never);
        return true;
    }

    public override int ReleaseAll(Deadline deadline)
    {
        Taken.Remove(Key, out int count);
        hosted.Ask(ManagerOp.ReleaseLock, new Patience(deadline, CancellationToken.None));
        return count;
    }

    public override void TakeAgain(int count)
    {
        try
        {
            Take(Deadline.Never, CancellationToken.None);
        }
        finally
        {
            if (Taken.ContainsKey(Key)) Taken[Key] = count;
        }
    }

    public override void Write(ref PayloadWriter writer) => hosted.WriteHandle(ref writer);

    public override void Dispose() => hosted.Close();
}
