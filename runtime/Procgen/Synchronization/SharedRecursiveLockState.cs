using Procgen.CompilerServices;
using Procgen.Shared;

namespace Procgen.Synchronization;

/// <summary>A recursive lock in shared memory: an <see cref="OwnerWord"/> that belongs to a thread, and how often it has taken it.</summary>
/// <remarks>
/// The count is touched by the holder only: whoever wins the word sets it to one first, so what a dead holder left in it
/// does not matter.
/// </remarks>
internal sealed class SharedRecursiveLockState(SharedPart part) : RecursiveLockState
{
    public const int Size = 64;

    private const int CountField = 8;

    private SpinBudget _spin;

    public override bool IsHeldByCaller => OwnerWord.IsHeldBy(Volatile.Read(ref part.At<long>(0)), OwnerWord.Thread);

    public override bool TryTake()
    {
        long me = OwnerWord.Thread;
        ref long word = ref part.At<long>(0);
        if (OwnerWord.TryTake(ref word, me))
        {
            OwnerWord.RequireOpen(part, 0);
            part.At<int>(CountField) = 1;
            return true;
        }

        if (!OwnerWord.IsHeldBy(Volatile.Read(ref word), me)) return false;
        part.At<int>(CountField) = checked(part.At<int>(CountField) + 1);
        return true;
    }

    public override bool Take(Deadline deadline, CancellationToken cancellationToken)
    {
        Taking taking = OwnerWord.Take(part, 0, OwnerWord.Thread, deadline, ref _spin, cancellationToken);
        if (taking == Taking.NotYet) return false;
        OwnerWord.RequireOpen(part, 0);
        part.At<int>(CountField) = 1;
        return taking == Taking.Taken ? true : throw Abandoned.Error();
    }

    public override bool Release()
    {
        if (!IsHeldByCaller) return false;
        ref int count = ref part.At<int>(CountField);
        if (count > 1) count--;
        else OwnerWord.Release(part, 0);
        return true;
    }

    public override int ReleaseAll(Deadline deadline)
    {
        int count = part.At<int>(CountField);
        OwnerWord.Release(part, 0);
        return count;
    }

    public override void TakeAgain(int count)
    {
        Taking taking = TryTake() ? Taking.Taken : OwnerWord.Take(part, 0, OwnerWord.Thread, Deadline.Never, ref _spin, CancellationToken.None);
        part.At<int>(CountField) = count;
        if (taking == Taking.Abandoned) throw Abandoned.Error();
    }

    public override void Write(ref PayloadWriter writer)
    {
        HandleKinds.Write(ref writer, HandleKind.Shared);
        part.Write(ref writer);
    }

    public override void Dispose() => part.Dispose(sleepField: 0);
}
