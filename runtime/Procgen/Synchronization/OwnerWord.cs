using System.Runtime.CompilerServices;
using Procgen.Shared;

namespace Procgen.Synchronization;

/// <summary>
/// Mutual exclusion in one 64-bit word of shared memory that says who holds it, so that it can be taken from the dead.
/// </summary>
/// <remarks>
/// <code>
/// bits 44…63  the holder's thread, where the lock belongs to one; else 0
/// bits  1…43  the holder's <see cref="ProcessIdentity.Tag"/>
/// bit   0     somebody may be asleep: wake one when releasing
///
///   free: 0 ──take, 0→me──► held: me ──a waiter is about to sleep, +1──► held: me+1
///     ▲                        │ release, →0                               │ release, →0, then wake one
///     └────────────────────────┴───────────────────────────────────────────┘
///   the holder is dead: its word → me+1, and the taker is told that the lock was abandoned
/// </code>
/// Every step is one atomic operation, so a process killed between any two of them leaves a state above. Killed after
/// "release" and before "wake", or woken and killed before taking: the sleepers look for themselves every
/// <see cref="Deadline.LookAroundMilliseconds"/>. Whoever has slept takes the lock with bit 0 set, since others may
/// still sleep: at worst one needless wake. Sleepers sleep on the low half.
/// </remarks>
internal static class OwnerWord
{
    private const int ThreadShift = ProcessIdentity.TagBits + 1;
    private const long Sleepers = 1;

    /// <summary>This process as a holder.</summary>
    public static long Process { get; } = ProcessIdentity.Current.Tag << 1;

    /// <summary>The calling thread as a holder.</summary>
    public static long Thread
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Process | ((long)Environment.CurrentManagedThreadId << ThreadShift);
    }

    /// <summary>Whether a word's value names this holder.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsHeldBy(long value, long holder) => (value & ~Sleepers) == holder;

    /// <summary>Whether a word's value names any thread of this process.</summary>
    public static bool IsHeldHere(long value) => ((value ^ Process) & ((1L << ThreadShift) - 1) & ~Sleepers) == 0;

    /// <summary>Takes a free lock: one atomic operation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryTake(ref long word, long me) => Interlocked.CompareExchange(ref word, me, 0) == 0;

    /// <summary>Takes the lock, waiting for it as long as that takes or until the deadline.</summary>
    /// <param name="part">The handle that waits; its disposal ends the wait.</param>
    /// <param name="field">Where the word is.</param>
    /// <param name="me">The holder to become.</param>
    /// <param name="deadline">When to give up.</param>
    /// <param name="spin">What has been learned about spinning here.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ObjectDisposedException">The handle was disposed meanwhile.</exception>
    public static Taking Take(SharedPart part, long field, long me, Deadline deadline, ref SpinBudget spin, CancellationToken cancellationToken)
    {
        ref long word = ref part.At<long>(field);
        if (deadline.HasPassed) return TakeNow(ref word, me);
        if (Spin(ref word, me, ref spin)) return Taking.Taken;

        WaitWord sleep = part.Word(field);
        using CancellationTokenRegistration registration = sleep.WakeWhenCancelled(cancellationToken);
        long mine = me;
        while (true)
        {
            if (part.IsDisposed) throw new ObjectDisposedException(null, "The lock was disposed while it was waited for.");
            cancellationToken.ThrowIfCancellationRequested();
            Taking taking = TryTakeOrMark(ref word, mine, deadline.HasPassed, out long seen);
            if (taking != Taking.NotYet) return taking;
            if (deadline.HasPassed) return Taking.NotYet;

            // Asleep for a whole slice: time to see whether the holder is dead.
            if (!sleep.Wait((int)seen, deadline.Slice()) && TryTakeFromDead(ref word, seen, me)) return Taking.Abandoned;
            mine = me | Sleepers;
        }
    }

    /// <summary>One attempt of a wait that sleeps elsewhere: takes the lock, or leaves the mark that wakes the waiter.</summary>
    /// <param name="word">The lock.</param>
    /// <param name="me">The holder to become.</param>
    /// <param name="lookForDeath">Also see whether the holder is dead.</param>
    /// <param name="seen">The word as the waiter left it.</param>
    public static Taking TryTakeOrMark(ref long word, long me, bool lookForDeath, out long seen)
    {
        while (true)
        {
            seen = Volatile.Read(ref word);
            if (seen == 0)
            {
                if (Interlocked.CompareExchange(ref word, me, 0) == 0) return Taking.Taken;
                continue;
            }

            if (lookForDeath && TryTakeFromDead(ref word, seen, me)) return Taking.Abandoned;
            if ((seen & Sleepers) != 0) return Taking.NotYet;
            if (Interlocked.CompareExchange(ref word, seen | Sleepers, seen) != seen) continue;
            seen |= Sleepers;
            return Taking.NotYet;
        }
    }

    /// <summary>As a holder that wants its successor to wake others.</summary>
    public static long AfterSleep(long me) => me | Sleepers;

    /// <summary>Releases the lock whoever holds it.</summary>
    /// <returns>False when nobody did.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Release(SharedPart part, long field)
    {
        long before = Interlocked.Exchange(ref part.At<long>(field), 0);
        if ((before & Sleepers) != 0) part.Word(field).Wake();
        return before != 0;
    }

    /// <summary>After every take: the memory that a closed handle leaves behind reads like a free lock.</summary>
    /// <exception cref="ObjectDisposedException">The handle was disposed meanwhile; nothing is held.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void RequireOpen(SharedPart part, long field)
    {
        if (part.IsDisposed) GiveBack(part, field);
    }

    /// <summary>For one that does not wait: it leaves no mark.</summary>
    private static Taking TakeNow(ref long word, long me)
    {
        long seen = Volatile.Read(ref word);
        if (seen == 0) return TryTake(ref word, me) ? Taking.Taken : Taking.NotYet;
        return TryTakeFromDead(ref word, seen, me) ? Taking.Abandoned : Taking.NotYet;
    }

    private static bool Spin(ref long word, long me, ref SpinBudget spin)
    {
        int rounds = spin.Rounds;
        for (int round = 0; round < rounds; round++)
        {
            if (Volatile.Read(ref word) == 0 && TryTake(ref word, me))
            {
                spin.Hit();
                return true;
            }

            System.Threading.Thread.SpinWait(1);
        }

        if (rounds > 0) spin.Miss();
        return false;
    }

    private static void GiveBack(SharedPart part, long field)
    {
        Release(part, field);
        throw new ObjectDisposedException(null, "The lock was disposed while it was being acquired.");
    }

    private static bool TryTakeFromDead(ref long word, long seen, long me)
    {
        long tag = (seen >> 1) & ((1L << ProcessIdentity.TagBits) - 1);
        return !ProcessIdentity.IsTagAlive(tag) && Interlocked.CompareExchange(ref word, me | Sleepers, seen) == seen;
    }
}

/// <summary>How an attempt at a lock went.</summary>
internal enum Taking
{
    /// <summary>Somebody else has it, and lives.</summary>
    NotYet,

    /// <summary>The caller has it.</summary>
    Taken,

    /// <summary>The caller has it; the one before died holding it.</summary>
    Abandoned,
}
