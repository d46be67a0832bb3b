using Procgen.CompilerServices;
using Procgen.Shared;

namespace Procgen.Synchronization;

/// <summary>A barrier in shared memory: <see cref="BarrierRounds"/> behind a <see cref="Gate"/>.</summary>
internal sealed class SharedBarrierState : BarrierState
{
    private readonly SharedPart _part;
    private readonly BarrierRounds _rounds;
    private Gate _gate;
    private SpinBudget _spin;

    private SharedBarrierState(SharedPart part)
    {
        _part = part;
        _rounds = new BarrierRounds(part);
        _gate = new Gate(part, 0);
    }

    public override int Parties => _rounds.Parties;

    public override int WaitingCount => _rounds.IsActing ? 0 : _rounds.Arrived;

    public override bool IsBroken => _rounds.IsBroken;

    public static SharedBarrierState Create(int parties)
    {
        SharedBarrierState state = new(SharedPart.Create(BarrierRounds.SizeFor(parties)));
        state._rounds.Initialize(parties);
        return state;
    }

    public static SharedBarrierState ReadShared(ref PayloadReader reader)
    {
        SharedPart part = SharedPart.Read(ref reader, BarrierRounds.SizeFor(1));
        SharedBarrierState state = new(part);
        if (state.Parties >= 1 && BarrierRounds.SizeFor(state.Parties) <= part.Block.Size) return state;
        part.Dispose();
        throw new InvalidDataException("This handle does not lead to a barrier.");
    }

    public override int Wait(ProcessCall? action, Deadline deadline, CancellationToken cancellationToken)
    {
        Enter();
        if (_rounds.IsBroken)
        {
            _gate.Exit();
            throw BarrierErrors.Broken();
        }

        int round = _rounds.Round;
        int place = _rounds.Arrive();
        if (place + 1 < Parties)
        {
            _gate.Exit();
            return WaitForOthers(round, place, deadline, cancellationToken);
        }

        // One that was killed while it waited cannot pass.
        if (_rounds.AnyPartyIsDead()) _rounds.Break();
        else if (action is null) _rounds.Pass();
        else _rounds.BeginAction();
        bool acting = _rounds.Round == round;
        _gate.Exit();
        if (acting) Act(action!, round, cancellationToken);
        WakeAll();
        return _rounds.HasPassed(round) ? place : throw BarrierErrors.Broken();
    }

    public override void Reset() => Change(static rounds => rounds.Reset());

    public override void Abort() => Change(static rounds => rounds.Break());

    public override void Write(ref PayloadWriter writer)
    {
        HandleKinds.Write(ref writer, HandleKind.Shared);
        _part.Write(ref writer);
    }

    public override void Dispose() => _part.Dispose(BarrierRounds.ChangesField);

    private void Act(ProcessCall action, int round, CancellationToken cancellationToken)
    {
        try
        {
            action.InvokeAsync(cancellationToken).GetAwaiter().GetResult();
        }
        catch
        {
            EndIfStill(round, passed: false);
            WakeAll();
            throw;
        }

        EndIfStill(round, passed: true);
    }

    private void EndIfStill(int round, bool passed)
    {
        Enter();
        if (_rounds.Round == round && !_rounds.IsBroken)
        {
            if (passed) _rounds.Pass();
            else _rounds.Break();
        }

        _gate.Exit();
    }

    private int WaitForOthers(int round, int place, Deadline deadline, CancellationToken cancellationToken)
    {
        if (Spin(round)) return _rounds.HasPassed(round) ? place : throw BarrierErrors.Broken();

        WaitWord sleep = _part.Word(BarrierRounds.ChangesField);
        using CancellationTokenRegistration registration = sleep.WakeWhenCancelled(cancellationToken);
        while (true)
        {
            int changes = sleep.Read();
            if (_rounds.Round != round) return _rounds.HasPassed(round) ? place : throw BarrierErrors.Broken();
            if (_part.IsDisposed) throw new ObjectDisposedException(nameof(ProcessBarrier), "The barrier was disposed while it was waited for.");
            if (cancellationToken.IsCancellationRequested && BreakIfFilling(round)) throw new OperationCanceledException(cancellationToken);
            if (deadline.HasPassed && BreakIfFilling(round)) throw BarrierErrors.Broken();

            // While the action runs nobody times out: the round is complete.
            int slice = _rounds.IsActing || cancellationToken.IsCancellationRequested ? Deadline.LookAroundMilliseconds : deadline.Slice();
            if (!sleep.Wait(changes, slice)) BreakIfSomebodyDied(round);
        }
    }

    private bool Spin(int round)
    {
        int rounds = _spin.Rounds;
        for (int i = 0; i < rounds; i++)
        {
            if (_rounds.Round != round)
            {
                _spin.Hit();
                return true;
            }

            Thread.SpinWait(1);
        }

        if (rounds > 0) _spin.Miss();
        return false;
    }

    private bool BreakIfFilling(int round)
    {
        Enter();
        bool filling = _rounds.Round == round && !_rounds.IsActing;
        if (filling) _rounds.Break();
        _gate.Exit();
        if (filling) WakeAll();
        return filling;
    }

    private void BreakIfSomebodyDied(int round)
    {
        Enter();
        bool died = _rounds.Round == round && _rounds.AnyPartyIsDead();
        if (died) _rounds.Break();
        _gate.Exit();
        if (died) WakeAll();
    }

    private void Change(Action<BarrierRounds> change)
    {
        Enter();
        change(_rounds);
        _gate.Exit();
        WakeAll();
    }

    private void Enter()
    {
        if (_gate.Enter()) return;
        _rounds.BreakAfterDeath();
        WakeAll();
    }

    private void WakeAll() => _part.Word(BarrierRounds.ChangesField).WakeAll();
}
