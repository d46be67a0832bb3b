using Procgen.CompilerServices;
using Procgen.Shared;

namespace Procgen.Synchronization;

/// <summary>An event in one 32-bit word of shared memory.</summary>
/// <remarks>
/// <code>
/// bit  0     it is set
/// bit  1     somebody may be asleep: wake all when setting
/// bits 2…31  how often it has been set, so that a waiter notices a set that was undone before it awoke
/// </code>
/// Setting is one compare-and-swap (set, count, clear bit 1), then the wake. Killed between the two, the sleepers look
/// for themselves every <see cref="Deadline.LookAroundMilliseconds"/>.
/// </remarks>
internal sealed class SharedEventState(SharedPart part) : EventState
{
    public const int Size = 64;

    private const int SetBit = 1;
    private const int Sleepers = 2;
    private const int One = 4;
    private const int Count = ~(SetBit | Sleepers);

    private SpinBudget _spin;

    public override bool IsSet => (Volatile.Read(ref part.At<int>(0)) & SetBit) != 0;

    public override void Set()
    {
        ref int word = ref part.At<int>(0);
        while (true)
        {
            int seen = Volatile.Read(ref word);
            if ((seen & SetBit) != 0) return;
            int set = unchecked((seen & Count) + One) | SetBit;
            if (Interlocked.CompareExchange(ref word, set, seen) != seen) continue;
            if ((seen & Sleepers) != 0) part.Word(0).WakeAll();
            return;
        }
    }

    public override void Reset() => Interlocked.And(ref part.At<int>(0), ~SetBit);

    public override bool Wait(Deadline deadline, CancellationToken cancellationToken)
    {
        ref int word = ref part.At<int>(0);
        int began = Volatile.Read(ref word);
        if (IsOver(began, began)) return true;
        if (deadline.HasPassed) return false;
        if (Spin(began)) return true;

        WaitWord sleep = part.Word(0);
        using CancellationTokenRegistration registration = sleep.WakeWhenCancelled(cancellationToken);
        while (true)
        {
            ThrowIfDisposed(part);
            cancellationToken.ThrowIfCancellationRequested();
            if (IsOverOrMark(ref word, began, out int seen)) return true;
            if (deadline.HasPassed) return false;
            sleep.Wait(seen, deadline.Slice());
        }
    }

    public override Task WaitAsync(CancellationToken cancellationToken) => IsSet ? Task.CompletedTask : new Waiter(part).StartAsync(cancellationToken);

    public override void Write(ref PayloadWriter writer)
    {
        HandleKinds.Write(ref writer, HandleKind.Shared);
        part.Write(ref writer);
    }

    public override void Dispose() => part.Dispose(sleepField: 0);

    private static bool IsOver(int began, int now) => (now & SetBit) != 0 || ((now ^ began) & Count) != 0;

    private static bool IsOverOrMark(ref int word, int began, out int seen)
    {
        while (true)
        {
            seen = Volatile.Read(ref word);
            if (IsOver(began, seen)) return true;
            if ((seen & Sleepers) != 0) return false;
            if (Interlocked.CompareExchange(ref word, seen | Sleepers, seen) != seen) continue;
            seen |= Sleepers;
            return false;
        }
    }

    private static void ThrowIfDisposed(SharedPart part)
    {
        if (part.IsDisposed) throw new ObjectDisposedException(nameof(ProcessEvent), "The event was disposed while it was waited for.");
    }

    private bool Spin(int began)
    {
        ref int word = ref part.At<int>(0);
        int rounds = _spin.Rounds;
        for (int round = 0; round < rounds; round++)
        {
            if (IsOver(began, Volatile.Read(ref word)))
            {
                _spin.Hit();
                return true;
            }

            Thread.SpinWait(1);
        }

        if (rounds > 0) _spin.Miss();
        return false;
    }

    private sealed class Waiter(SharedPart part) : PendingWait<bool>
    {
        private readonly int _began = Volatile.Read(ref part.At<int>(0));

        protected override bool TryTake(out bool result, out WaitWord word, out int expected)
        {
            ThrowIfDisposed(part);
            word = part.Word(0);
            return result = IsOverOrMark(ref part.At<int>(0), _began, out expected);
        }
    }
}
