using Procgen.CompilerServices;
using Procgen.Shared;

namespace Procgen.Synchronization;

/// <summary>A condition in shared memory: a <see cref="WaiterList"/>. Its lock is a lock like any other.</summary>
internal sealed class SharedConditionState(SharedPart part) : ConditionState
{
    private readonly WaiterList _waiters = new(part);

    public override bool Wait(ConditionLock @lock, Deadline deadline, CancellationToken cancellationToken)
    {
        int me = _waiters.Enter(out int word);
        int count = @lock.ReleaseAll(deadline);
        Sleep(_waiters.Word(me), word, deadline, cancellationToken);

        // Notified between the end of the time and here counts: the notification must not be lost.
        bool notified;
        try
        {
            @lock.TakeAgain(count);
        }
        finally
        {
            notified = _waiters.Leave(me);
        }

        if (part.IsDisposed) throw new ObjectDisposedException(nameof(ProcessCondition), "The condition was disposed while it was waited for.");
        if (!notified) cancellationToken.ThrowIfCancellationRequested();
        return notified;
    }

    /// <summary>The lock that a condition makes for itself lies in front of its waiters.</summary>
    public SharedRecursiveLockState OwnLock() => new(part.Share());

    public override void Notify(int count) => _waiters.Notify(count);

    public override void Write(ref PayloadWriter writer)
    {
        HandleKinds.Write(ref writer, HandleKind.Shared);
        part.Write(ref writer);
    }

    public override void Dispose() => part.Dispose();

    private void Sleep(WaitWord sleep, int word, Deadline deadline, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = sleep.WakeWhenCancelled(cancellationToken);
        while (sleep.Read() == word && !deadline.HasPassed && !cancellationToken.IsCancellationRequested && !part.IsDisposed)
        {
            if (!sleep.Wait(word, deadline.Slice())) _waiters.Rescue();
        }
    }
}
