using Procgen.Calls;

namespace Procgen.Pools;

/// <summary>Batches at workers that nobody waits for any more.</summary>
internal sealed class Withdrawal(PoolCore core)
{
    private readonly List<WorkRange> _taken = [];
    private List<Assignment>? _running;

    /// <summary>Takes back what has not begun. Under the pool's lock.</summary>
    public void Add(Assignment assignment)
    {
        if (!ReferenceEquals(assignment.Member.Find(assignment.Batch), assignment)) return;
        assignment.Member.TakeBack(assignment, _taken);
        if (assignment.Done < assignment.Member.Board.CountBegun(assignment.Batch)) (_running ??= []).Add(assignment);
    }

    /// <summary>Counts out what was taken back. Under the pool's lock.</summary>
    public void Settle()
    {
        foreach (WorkRange range in _taken) core.Settle(range.Work, range.Count);
    }

    /// <summary>Cancels what runs; what does not end in time is killed. Outside the lock.</summary>
    public void CancelRunning()
    {
        foreach (Assignment assignment in _running ?? [])
        {
            assignment.Member.Cancel(assignment.Batch);
            Deadlines.Schedule(core.Settings.CancellationGrace, () => core.Dispatcher.KillIfRunning(assignment.Member, assignment.Batch));
        }
    }
}
