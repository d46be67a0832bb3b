using Procgen.CompilerServices;
using Procgen.Shared;

namespace Procgen.Synchronization;

/// <summary>A plain lock in shared memory: an <see cref="OwnerWord"/> that belongs to processes, not threads.</summary>
internal sealed class SharedLockState(SharedPart part) : LockState
{
    public const int Size = 64;

    private SpinBudget _spin;

    public override bool IsHeldHere => OwnerWord.IsHeldHere(Volatile.Read(ref part.At<long>(0)));

    public override bool TryTake()
    {
        if (!OwnerWord.TryTake(ref part.At<long>(0), OwnerWord.Process)) return false;
        OwnerWord.RequireOpen(part, 0);
        return true;
    }

    public override bool Take(Deadline deadline, CancellationToken cancellationToken)
    {
        Taking taking = OwnerWord.Take(part, 0, OwnerWord.Process, deadline, ref _spin, cancellationToken);
        if (taking == Taking.NotYet) return false;
        OwnerWord.RequireOpen(part, 0);
        return taking == Taking.Taken ? true : throw Abandoned.Error();
    }

    public override Task TakeAsync(CancellationToken cancellationToken) => new Waiter(part).StartAsync(cancellationToken);

    public override bool Release(Deadline deadline) => OwnerWord.Release(part, 0);

    public override void Write(ref PayloadWriter writer)
    {
        HandleKinds.Write(ref writer, HandleKind.Shared);
        part.Write(ref writer);
    }

    public override void Dispose() => part.Dispose(sleepField: 0);

    private sealed class Waiter(SharedPart part) : PendingWait<bool>
    {
        private long _me = OwnerWord.Process;

        protected override bool TryTake(out bool result, out WaitWord word, out int expected)
        {
            if (part.IsDisposed) throw new ObjectDisposedException(nameof(ProcessLock), "The lock was disposed while it was waited for.");
            word = part.Word(0);
            Taking taking = OwnerWord.TryTakeOrMark(ref part.At<long>(0), _me, lookForDeath: true, out long seen);
            _me = OwnerWord.AfterSleep(_me);
            expected = (int)seen;
            result = taking == Taking.Taken;
            if (taking != Taking.NotYet) OwnerWord.RequireOpen(part, 0);
            return taking == Taking.Abandoned ? throw Abandoned.Error() : result;
        }
    }
}
