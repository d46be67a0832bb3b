using System.Runtime.InteropServices;
using Procgen.Shared;

namespace Procgen.Synchronization;

/// <summary>Who has arrived at a barrier in this round, and how earlier rounds ended, in shared memory.</summary>
/// <remarks>
/// <code>
///            arrive          last one arrives, no action
/// filling ─────────► filling ───────────────────────────► next round, filling
///    │                  │ last one, with an action            ▲
///    │                  └────────────► acting ─── it returns ─┘
///    │ time-out, abort, death         │ it throws, its process dies, abort
///    └──────────► broken ◄────────────┘
///                   │ reset
///                   └──► next round, filling
/// </code>
/// All changes happen under the gate. A round's outcome is written before its number moves on, so whoever sees the new
/// number finds it. Somebody who died inside the gate was a party in the middle of something: that breaks the barrier.
/// </remarks>
internal sealed class BarrierRounds(SharedPart part)
{
    public const int ChangesField = 64;

    /// <summary>Waiters may lag behind by so many rounds less one.</summary>
    private const int Remembered = 64;
    private const int OutcomesField = 128;
    private const int PartiesField = OutcomesField + Remembered;

    private const byte Passed = 1;
    private const byte Broke = 2;

    public int Parties => Head.Parties;

    public int Round => Volatile.Read(ref Head.Round);

    public int Arrived => Volatile.Read(ref Head.Arrived);

    public bool IsBroken => Volatile.Read(ref Head.Broken) != 0;

    public bool IsActing => Volatile.Read(ref Head.Acting) != 0;

    private ref State Head => ref part.At<State>(ChangesField);

    public static long SizeFor(int parties) => PartiesField + ((long)parties * sizeof(long));

    public void Initialize(int parties) => Head.Parties = parties;

    /// <summary>Counts the caller in; returns its place in the order of arrival.</summary>
    public int Arrive()
    {
        int place = Head.Arrived;
        part.At<long>(PartiesField + ((long)place * sizeof(long))) = ProcessIdentity.Current.Tag;
        Volatile.Write(ref Head.Arrived, place + 1);
        return place;
    }

    /// <summary>Whether somebody who has arrived in this round is dead.</summary>
    public bool AnyPartyIsDead()
    {
        for (int place = 0; place < Head.Arrived; place++)
        {
            if (!ProcessIdentity.IsTagAlive(part.At<long>(PartiesField + ((long)place * sizeof(long))))) return true;
        }

        return false;
    }

    public void BeginAction() => Volatile.Write(ref Head.Acting, 1);

    public void Pass() => EndRound(Passed);

    public void Break()
    {
        if (IsBroken) return;
        Volatile.Write(ref Head.Broken, 1);
        EndRound(Broke);
    }

    /// <summary>Breaks it after somebody died in the middle of a change, which may have been this very one: then the round has not moved on.</summary>
    public void BreakAfterDeath()
    {
        Volatile.Write(ref Head.Broken, 1);
        EndRound(Broke);
    }

    public void Reset()
    {
        if (Head.Arrived > 0) EndRound(Broke);
        Volatile.Write(ref Head.Broken, 0);
    }

    /// <summary>Whether an earlier round was passed by its parties.</summary>
    public bool HasPassed(int round) => unchecked(Round - round) < Remembered && part.At<byte>(OutcomesField + (round & (Remembered - 1))) == Passed;

    private void EndRound(byte outcome)
    {
        ref State head = ref Head;
        part.At<byte>(OutcomesField + (head.Round & (Remembered - 1))) = outcome;
        head.Arrived = 0;
        head.Acting = 0;
        Volatile.Write(ref head.Round, unchecked(head.Round + 1));
        Interlocked.Increment(ref head.Changes);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct State
    {
        /// <summary>What waiters sleep on.</summary>
        public int Changes;
        public int Parties;
        public int Arrived;
        public int Round;
        public int Acting;
        public int Broken;
    }
}
