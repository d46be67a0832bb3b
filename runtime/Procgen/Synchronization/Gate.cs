using Procgen.Shared;

namespace Procgen.Synchronization;

/// <summary>
/// Guards the fields of one semaphore or barrier for the few instructions of one change: an <see cref="OwnerWord"/>
/// whose next holder, when one was killed inside, is told to repair what it may have left half done.
/// </summary>
internal struct Gate(SharedPart part, long field)
{
    private SpinBudget _spin;

    /// <summary>Enters, waiting as long as that takes: a holder stays for less than a microsecond or is dead.</summary>
    /// <returns>False when somebody died inside: repair, then go on.</returns>
    public bool Enter()
    {
        if (OwnerWord.TryTake(ref part.At<long>(field), OwnerWord.Process)) return true;
        return OwnerWord.Take(part, field, OwnerWord.Process, Deadline.Never, ref _spin, CancellationToken.None) == Taking.Taken;
    }

    public readonly void Exit() => OwnerWord.Release(part, field);
}
