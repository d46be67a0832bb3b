using System.Runtime.InteropServices;
using Procgen.Shared;

namespace Procgen.Synchronization;

/// <summary>
/// Who has how many permits of a semaphore, in shared memory, so that a killed process's permits come back.
/// </summary>
/// <remarks>
/// <code>
/// free = total − (what each process holds)
/// take:     my slot +1                                  release of one's own: my slot −1
/// release by one that holds none: another's slot −1 (it has been given back for it), or, when nobody holds any, total +1
/// a process died: its slot → 0; but free and held permits never rise above the initial number by that
/// a process ended in good order: its slot → 0, total less the same: what it took stays taken, as in Python
/// </code>
/// All under the gate. Free is kept beside, and computed anew when somebody died inside. Each change is a single write,
/// but for the last two, which are written down first (the journal) and finished by whoever finds them.
/// </remarks>
internal sealed class SemaphoreLedger
{
    public const long Size = SlotsField + ((long)MaxSlots * SlotSize);

    private const int MaxSlots = 250;
    private const int SlotSize = 16;
    private const int SlotsField = 128;
    private const int Untracked = -1;

    private readonly SharedPart _part;
    private int _mine = Untracked;

    public SemaphoreLedger(SharedPart part) => _part = part;

    public int Free => Volatile.Read(ref Head.Free);

    private ref State Head => ref _part.At<State>(64);

    public void Initialize(int initial, int maximum)
    {
        ref State head = ref Head;
        head.Maximum = maximum;
        head.Initial = initial;
        head.Total = initial;
        head.Free = initial;
    }

    /// <summary>Takes a permit if one is free.</summary>
    public bool TryTake()
    {
        ref State head = ref Head;
        if (head.Free == 0) return false;
        int slot = MySlot();
        if (slot == Untracked) head.Total--;
        else SlotAt(slot).Held++;
        head.Free--;
        return true;
    }

    /// <summary>Gives permits back, first one's own, then those that others hold, then new ones.</summary>
    /// <returns>False, and nothing changed, when there may not be so many.</returns>
    public bool TryRelease(int count)
    {
        ref State head = ref Head;
        int slot = MySlot();
        int own = slot == Untracked ? 0 : Math.Min(count, SlotAt(slot).Held);
        int othersHold = head.Total - head.Free - (slot == Untracked ? 0 : SlotAt(slot).Held);
        int others = Math.Min(count - own, othersHold);
        int fresh = count - own - others;
        if (fresh > head.Maximum - head.Total) return false;

        if (own > 0) SlotAt(slot).Held -= own;
        for (int i = 0; others > 0 && i < head.Slots; i++)
        {
            if (i == slot) continue;
            int taken = Math.Min(others, SlotAt(i).Held);
            SlotAt(i).Held -= taken;
            others -= taken;
        }

        head.Total += fresh;
        head.Free += count;
        return true;
    }

    /// <summary>Takes back what dead processes hold.</summary>
    /// <returns>Whether that freed a permit.</returns>
    public bool TakeFromDead()
    {
        ref State head = ref Head;
        bool freed = false;
        for (int i = 0; i < head.Slots; i++)
        {
            ref Slot slot = ref SlotAt(i);
            if (slot.Process == 0 || ProcessIdentity.IsTagAlive(slot.Process)) continue;
            int without = head.Total - slot.Held;
            int back = Math.Clamp(head.Initial - without, 0, slot.Held);
            Close(i, without + back);
            freed |= back > 0;
        }

        return freed;
    }

    /// <summary>Makes what this process holds its own for good.</summary>
    public void Keep()
    {
        int slot = FindMine();
        if (slot != Untracked) Close(slot, Head.Total - SlotAt(slot).Held);
    }

    /// <summary>Finishes what a process that was killed inside had begun.</summary>
    public void Repair()
    {
        ref State head = ref Head;
        if (head.JournalSlot != 0) FinishClosing();
        CountFree();
    }

    private ref Slot SlotAt(int index) => ref _part.At<Slot>(SlotsField + ((long)index * SlotSize));

    private void Close(int slot, int total)
    {
        ref State head = ref Head;
        head.JournalTotal = total;
        Volatile.Write(ref head.JournalSlot, slot + 1);
        FinishClosing();
        CountFree();
    }

    private void FinishClosing()
    {
        ref State head = ref Head;
        head.Total = head.JournalTotal;
        ref Slot slot = ref SlotAt(head.JournalSlot - 1);
        slot.Held = 0;
        slot.Process = 0;
        Volatile.Write(ref head.JournalSlot, 0);
    }

    private void CountFree()
    {
        ref State head = ref Head;
        int held = 0;
        for (int i = 0; i < head.Slots; i++) held += SlotAt(i).Held;
        head.Free = Math.Max(0, head.Total - held);
    }

    private int FindMine()
    {
        long me = ProcessIdentity.Current.Tag;
        if (_mine != Untracked && SlotAt(_mine).Process == me) return _mine;
        for (int i = 0; i < Head.Slots; i++)
        {
            if (SlotAt(i).Process == me) return _mine = i;
        }

        return Untracked;
    }

    /// <summary>This process's slot; made when it has none. With 250 living processes, one more goes untracked.</summary>
    private int MySlot()
    {
        int found = FindMine();
        if (found != Untracked) return found;

        ref State head = ref Head;
        if (head.Slots == MaxSlots) TakeFromDead();
        int free = 0;
        while (free < head.Slots && SlotAt(free).Process != 0) free++;
        if (free == MaxSlots) return Untracked;

        ref Slot slot = ref SlotAt(free);
        slot.Held = 0;
        slot.Process = ProcessIdentity.Current.Tag;
        head.Slots = Math.Max(head.Slots, free + 1);
        return _mine = free;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct State
    {
        public int Free;
        public int Maximum;
        public int Initial;
        public int Total;

        /// <summary>How many slots have ever been in use.</summary>
        public int Slots;
        public int JournalSlot;
        public int JournalTotal;
    }

    [StructLayout(LayoutKind.Sequential, Size = SlotSize)]
    private struct Slot
    {
        public long Process;
        public int Held;
    }
}
