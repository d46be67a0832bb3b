using System.Runtime.CompilerServices;
using Procgen.Shared;

namespace Procgen.Queues;

/// <summary>
/// The short lock around one side of a log: a 64-bit word that is 0 or names the process inside, with bit 0 set while
/// others may sleep on it. A process that died inside is found by those who wait, and who gets the latch then is told to
/// put things in order first.
/// </summary>
/// <remarks>Held for well under a microsecond, never while user code runs. Not recursive; threads of one process exclude each other too.</remarks>
internal readonly struct Latch(SharedBlock block, long offset)
{
    private const ulong Contended = 1;
    private const int Spins = 40;

    private readonly WaitWord _low = new(block, offset);

    /// <summary>Gets the latch, however long that takes.</summary>
    /// <returns>True when the last holder died inside: the caller must finish or undo what that one had begun.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Enter()
    {
        ref ulong word = ref block.At<ulong>(offset);
        return Interlocked.CompareExchange(ref word, OwnerToken.Current, 0) != 0 && EnterContended(ref word);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Exit()
    {
        if ((Interlocked.Exchange(ref block.At<ulong>(offset), 0) & Contended) != 0) _low.Wake();
    }

    private bool EnterContended(ref ulong word)
    {
        if (MachineLoad.HasRoom)
        {
            for (int i = 0; i < Spins; i++)
            {
                Thread.SpinWait(8);
                if (Volatile.Read(ref word) == 0 && Interlocked.CompareExchange(ref word, OwnerToken.Current, 0) == 0) return false;
            }
        }

        // From here on others may sleep too, so this thread's own hold carries the mark for them.
        ulong mine = OwnerToken.Current | Contended;
        while (true)
        {
            ulong seen = Volatile.Read(ref word);
            if (seen == 0)
            {
                if (Interlocked.CompareExchange(ref word, mine, 0) == 0) return false;
                continue;
            }

            if ((seen & Contended) == 0 && Interlocked.CompareExchange(ref word, seen | Contended, seen) != seen) continue;
            seen |= Contended;
            if (_low.Wait((int)seen, Deadline.LookAroundMilliseconds) || Volatile.Read(ref word) != seen) continue;
            if (!OwnerToken.IsAlive(seen & ~Contended) && Interlocked.CompareExchange(ref word, mine, seen) == seen) return true;
        }
    }
}
