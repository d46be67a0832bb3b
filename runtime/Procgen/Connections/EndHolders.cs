using System.Runtime.CompilerServices;
using Procgen.Queues;
using Procgen.Shared;

namespace Procgen.Connections;

/// <summary>
/// Who holds one end of a pipe: a word per handle object, and one per handle in transit, that names its process. The end is
/// open while one of them names a living process.
/// </summary>
/// <remarks>
/// Any thread of any process. A hold is taken, released, and released on behalf of a dead holder by one compare-and-swap.
/// Bits 44 and up make a hold in transit unique, so that the receiver and the sender, who both release it, release only this one.
/// A handle that is passed on moves from hold to hold while others look at one after the other: a look that found none is
/// believed only if none was taken meanwhile.
/// </remarks>
internal sealed class EndHolders(SharedBlock block, long start)
{
    private const int TransitShift = 44;
    private const ulong HolderMask = (1UL << TransitShift) - 1;
    private const int CheckMilliseconds = 20;

    /// <summary>Holds the end for this process.</summary>
    /// <returns>The hold.</returns>
    /// <exception cref="InvalidOperationException">There are too many holders.</exception>
    public int Hold() => Take(OwnerToken.Current);

    /// <summary>Holds the end for a handle that is on its way.</summary>
    public (int Hold, ulong Word) HoldInTransit()
    {
        // Never 0, which would be a holder that is no longer on its way.
        uint number = ((uint)Interlocked.Increment(ref At<int>(PipeLayout.TransitCounter)) % ((1u << (64 - TransitShift)) - 1)) + 1;
        ulong word = OwnerToken.Current | ((ulong)number << TransitShift);
        return (Take(word), word);
    }

    public void Release(int hold) => Volatile.Write(ref Word(hold), OwnerToken.None);

    /// <summary>Releases a hold in transit, unless that was done.</summary>
    public bool TryRelease(int hold, ulong word) =>
        hold is >= 0 and < PipeLayout.MaxHolds && Interlocked.CompareExchange(ref Word(hold), OwnerToken.None, word) == word;

    /// <summary>Whether a hold in transit is still on its way.</summary>
    public bool IsInTransit(int hold, ulong word) => Volatile.Read(ref Word(hold)) == word;

    /// <summary>Whether nobody holds the end, as far as can be seen without a look whether the holders live.</summary>
    public bool IsLetGo
    {
        get
        {
            int takes;
            do
            {
                takes = Takes;
                for (int hold = 0, top = Volatile.Read(ref At<int>(PipeLayout.Top)); hold < top; hold++)
                {
                    if (Volatile.Read(ref Word(hold)) != OwnerToken.None) return false;
                }
            }
            while (Takes != takes);

            return true;
        }
    }

    /// <summary>Whether nobody holds the end. Looks whether the holders live, at most one process and once in a while.</summary>
    public bool IsClosed()
    {
        if (IsLetGo) return true;
        long now = Environment.TickCount64;
        long last = Volatile.Read(ref At<long>(PipeLayout.CheckedAt));
        if (now - last < CheckMilliseconds || Interlocked.CompareExchange(ref At<long>(PipeLayout.CheckedAt), now, last) != last) return false;
        int takes = Takes;
        return !AnyLives(Volatile.Read(ref At<int>(PipeLayout.Top))) && Takes == takes;
    }

    private int Takes => Volatile.Read(ref At<int>(PipeLayout.Takes));

    private bool AnyLives(int top)
    {
        bool any = false;
        ulong alive = OwnerToken.Current;
        for (int hold = 0; hold < top; hold++)
        {
            ulong word = Volatile.Read(ref Word(hold));
            if (word == OwnerToken.None) continue;
            ulong holder = word & HolderMask;
            if (holder != alive && !OwnerToken.IsAlive(holder))
            {
                Interlocked.CompareExchange(ref Word(hold), OwnerToken.None, word);
                continue;
            }

            alive = holder;
            any = true;
        }

        return any;
    }

    private int Take(ulong word)
    {
        for (int attempt = 0; attempt < 2; attempt++)
        {
            for (int hold = 0; hold < PipeLayout.MaxHolds; hold++)
            {
                if (Volatile.Read(ref Word(hold)) != OwnerToken.None) continue;

                // Before the hold counts, those who look must look this far.
                int top = Volatile.Read(ref At<int>(PipeLayout.Top));
                while (top <= hold) top = Interlocked.CompareExchange(ref At<int>(PipeLayout.Top), hold + 1, top);
                if (Interlocked.CompareExchange(ref Word(hold), word, OwnerToken.None) != OwnerToken.None) continue;

                // Before the caller releases the hold that this one follows.
                Interlocked.Increment(ref At<int>(PipeLayout.Takes));
                return hold;
            }

            AnyLives(PipeLayout.MaxHolds);
        }

        throw new InvalidOperationException($"This end of the pipe is held {PipeLayout.MaxHolds} times already: dispose handles that are no longer needed.");
    }

    private ref ulong Word(int hold) => ref At<ulong>(PipeLayout.Holds + (hold * sizeof(ulong)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref T At<T>(int offset) => ref block.At<T>(start + offset);
}
