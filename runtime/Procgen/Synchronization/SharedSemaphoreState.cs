using Procgen.CompilerServices;
using Procgen.Shared;

namespace Procgen.Synchronization;

/// <summary>A semaphore in shared memory: a <see cref="SemaphoreLedger"/> behind a <see cref="Gate"/>, and a word to sleep on.</summary>
/// <remarks>
/// <code>
/// 0   gate
/// 8   signal: changes when sleepers are to look again
/// 12  somebody may be asleep
/// 64  the ledger
/// </code>
/// A release that finds the mark at 12 clears it, changes the signal and wakes as many as it gave permits. Whoever slept
/// sets the mark again and, when a permit is left over, wakes one more: so the mark may be cleared too often but no
/// permit stays unnoticed. A killed one in that chain: sleepers look for themselves every
/// <see cref="Deadline.LookAroundMilliseconds"/>, then also for dead holders.
/// </remarks>
internal sealed class SharedSemaphoreState : SemaphoreState
{
    private const int SignalField = 8;
    private const int SleepersField = 12;

    private readonly SharedPart _part;
    private readonly SemaphoreLedger _ledger;
    private Gate _gate;

    public SharedSemaphoreState(SharedPart part)
    {
        _part = part;
        _ledger = new SemaphoreLedger(part);
        _gate = new Gate(part, 0);
        Farewells.Add(this);
    }

    public override int CurrentCount
    {
        get
        {
            Enter();
            bool wake = _ledger.TakeFromDead() && TakeSleepersMark();
            int free = _ledger.Free;
            _gate.Exit();
            if (wake) _part.Word(SignalField).Wake(free);
            return free;
        }
    }

    public static SharedSemaphoreState Create(int initial, int maximum)
    {
        SharedSemaphoreState state = new(SharedPart.Create(SemaphoreLedger.Size));
        state._ledger.Initialize(initial, maximum);
        return state;
    }

    public override bool Take(Deadline deadline, CancellationToken cancellationToken)
    {
        if (TryTake(hasSlept: false, lookForDeath: deadline.HasPassed, out int signal)) return true;
        if (deadline.HasPassed) return false;

        WaitWord sleep = _part.Word(SignalField);
        using CancellationTokenRegistration registration = sleep.WakeWhenCancelled(cancellationToken);
        while (true)
        {
            ThrowIfDisposed();
            cancellationToken.ThrowIfCancellationRequested();
            bool woken = sleep.Wait(signal, deadline.Slice());
            if (TryTake(hasSlept: true, lookForDeath: !woken, out signal)) return true;
            if (deadline.HasPassed) return false;
        }
    }

    public override Task TakeAsync(CancellationToken cancellationToken) =>
        TryTake(hasSlept: false, lookForDeath: false, out _) ? Task.CompletedTask : new Waiter(this).StartAsync(cancellationToken);

    public override bool Release(int count)
    {
        Enter();
        bool released = _ledger.TryRelease(count);
        bool wake = released && TakeSleepersMark();
        _gate.Exit();
        if (wake) _part.Word(SignalField).Wake(count);
        return released;
    }

    public override void Write(ref PayloadWriter writer)
    {
        HandleKinds.Write(ref writer, HandleKind.Shared);
        _part.Write(ref writer);
    }

    public override void Dispose()
    {
        if (Farewells.RemoveLast(this)) KeepPermits();
        _part.Dispose(SignalField);
    }

    /// <summary>Called when this process ends in good order: what it has taken stays taken.</summary>
    internal void KeepPermits()
    {
        if (_part.IsDisposed) return;
        Enter();
        _ledger.Keep();
        _gate.Exit();
    }

    internal Guid BlockId => _part.Block.Id;

    private bool TryTake(bool hasSlept, bool lookForDeath, out int signal)
    {
        Enter();
        bool taken = _ledger.TryTake() || (lookForDeath && _ledger.TakeFromDead() && _ledger.TryTake());
        bool wakeAnother = taken && hasSlept && _ledger.Free > 0;
        if (!taken || hasSlept) _part.At<int>(SleepersField) = 1;
        if (wakeAnother) _part.At<int>(SignalField)++;
        signal = _part.At<int>(SignalField);
        _gate.Exit();
        if (wakeAnother) _part.Word(SignalField).Wake();
        return taken;
    }

    private void Enter()
    {
        if (!_gate.Enter()) _ledger.Repair();
    }

    private bool TakeSleepersMark()
    {
        ref int mark = ref _part.At<int>(SleepersField);
        if (mark == 0) return false;
        mark = 0;
        _part.At<int>(SignalField)++;
        return true;
    }

    private void ThrowIfDisposed()
    {
        if (_part.IsDisposed) throw new ObjectDisposedException(nameof(ProcessSemaphore), "The semaphore was disposed while it was waited for.");
    }

    private sealed class Waiter(SharedSemaphoreState state) : PendingWait<bool>
    {
        protected override bool TryTake(out bool result, out WaitWord word, out int expected)
        {
            state.ThrowIfDisposed();
            word = state._part.Word(SignalField);
            return result = state.TryTake(hasSlept: true, lookForDeath: true, out expected);
        }
    }
}
