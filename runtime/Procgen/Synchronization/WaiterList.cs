using System.Runtime.InteropServices;
using Procgen.Shared;

namespace Procgen.Synchronization;

/// <summary>Who waits at a condition, in shared memory: a slot each, with a word of its own to sleep on.</summary>
/// <remarks>
/// <code>
/// free 0 ──enter──► waiting 1 ──notify──► notified 2 ──leave──► free
///                       └───leave: time up, cancelled───────────► free
/// </code>
/// A slot's word is one of these and, above it, how often the slot has been entered: so a compare-and-swap never takes
/// its present waiter for an earlier one. Entering happens under the condition's lock, and publishing the word is its
/// last write, so a process killed in the middle leaves the slot free. A waiter that was killed is passed over by notify.
/// One that was killed after it was notified has swallowed a notification: the others look for such slots now and then,
/// without the lock, and hand what they find to the longest waiting.
/// </remarks>
internal sealed class WaiterList(SharedPart part)
{
    public const long Size = SlotsField + ((long)MaxWaiters * SlotSize);

    /// <summary>Threads of all processes together that can wait at one condition.</summary>
    public const int MaxWaiters = 1000;

    private const int Free = 0;
    private const int Waiting = 1;
    private const int Notified = 2;
    private const int Status = 3;

    private const int SlotsField = 128;
    private const int SlotSize = 32;

    private ref State Head => ref part.At<State>(64);

    /// <summary>Puts the caller at the end; under the lock.</summary>
    /// <param name="word">What the slot's word says while the caller waits.</param>
    /// <exception cref="InvalidOperationException">1,000 threads wait already.</exception>
    public int Enter(out int word)
    {
        int index = FindFree();
        ref Slot slot = ref SlotAt(index);
        slot.Process = ProcessIdentity.Current.Tag;
        slot.Ticket = Head.NextTicket++;
        word = unchecked((slot.Word & ~Status) + Status + 1) | Waiting;
        Volatile.Write(ref slot.Word, word);
        return index;
    }

    /// <summary>Where the waiter in a slot sleeps.</summary>
    public WaitWord Word(int index) => part.Word(OffsetOf(index));

    /// <summary>Takes the caller out; returns whether it was notified.</summary>
    public bool Leave(int index) => (Interlocked.And(ref SlotAt(index).Word, ~Status) & Status) == Notified;

    /// <summary>Notifies living waiters, the longest waiting first.</summary>
    public void Notify(int count)
    {
        while (count > 0 && FindLongestWaiting(out int index, out int word))
        {
            if (!TryChange(index, word, Notified)) continue;
            Word(index).WakeAll();
            count--;
        }
    }

    /// <summary>Passes on notifications whose receivers died.</summary>
    public void Rescue()
    {
        for (int i = 0; i < Volatile.Read(ref Head.Used); i++)
        {
            int word = Volatile.Read(ref SlotAt(i).Word);
            if ((word & Status) == Notified && IsDead(i) && TryChange(i, word, Free)) Notify(1);
        }
    }

    private static int OffsetOf(int index) => SlotsField + (index * SlotSize);

    private ref Slot SlotAt(int index) => ref part.At<Slot>(OffsetOf(index));

    private bool TryChange(int index, int word, int status) =>
        Interlocked.CompareExchange(ref SlotAt(index).Word, (word & ~Status) | status, word) == word;

    private bool IsDead(int index) => !ProcessIdentity.IsTagAlive(SlotAt(index).Process);

    private bool FindLongestWaiting(out int index, out int word)
    {
        while (true)
        {
            (index, word) = (-1, 0);
            for (int i = 0; i < Volatile.Read(ref Head.Used); i++)
            {
                int seen = Volatile.Read(ref SlotAt(i).Word);
                if ((seen & Status) == Waiting && (index < 0 || SlotAt(i).Ticket < SlotAt(index).Ticket)) (index, word) = (i, seen);
            }

            if (index < 0) return false;
            if (!IsDead(index)) return true;
            TryChange(index, word, Free);
        }
    }

    private int FindFree()
    {
        ref State head = ref Head;
        for (int i = 0; i < head.Used; i++)
        {
            if ((Volatile.Read(ref SlotAt(i).Word) & Status) == Free) return i;
        }

        if (head.Used < MaxWaiters) return head.Used++;
        for (int i = 0; i < MaxWaiters; i++)
        {
            int word = Volatile.Read(ref SlotAt(i).Word);
            if (IsDead(i) && TryChange(i, word, Free)) return i;
        }

        throw new InvalidOperationException($"{MaxWaiters} threads wait for this condition already.");
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct State
    {
        public long NextTicket;
        public int Used;
    }

    [StructLayout(LayoutKind.Sequential, Size = SlotSize)]
    private struct Slot
    {
        public int Word;
        public long Process;
        public long Ticket;
    }
}
