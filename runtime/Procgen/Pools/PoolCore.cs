using System.Diagnostics;
using Procgen.Processes;
using Procgen.Shared;

namespace Procgen.Pools;

/// <summary>
/// What is behind a <see cref="ProcessPool"/>: accepts work, hands it to workers, and ends each item once. One lock guards
/// who has what; it is held for moments, never while items are encoded, results decoded or sockets written.
/// </summary>
/// <remarks>Locks are taken in the order: this one, then a link's. No user code runs under it.</remarks>
internal sealed class PoolCore
{
    private readonly PoolAdmission _admission;
    private long _sequence;

    public PoolCore(PoolSettings settings)
    {
        Settings = settings;
        DefaultOptions = new PoolWorkOptions(0, settings.CallTimeout, settings.Retries, null);
        _admission = new PoolAdmission(settings);
        Totals = new PoolTotals(usesReserve: settings.Worker.StartMethod == StartMethod.Standby);
        Life = new PoolLife(this);
        Queue = new PoolQueue(Settle);
        Dispatcher = new PoolDispatcher(this);
        Clock = new PoolClock(this);
        Staff = new PoolStaff(this);
        Staff.Begin();
    }

    public object Gate { get; } = new();

    /// <summary>Shared memory for long arguments, which costs nothing until there are some; null once the pool has ended.</summary>
    public SegmentHeap? Heap { get; private set; } = new();

    public PoolSettings Settings { get; }

    /// <summary>For calls without options of their own.</summary>
    public PoolWorkOptions DefaultOptions { get; }

    public PoolLife Life { get; }

    public PoolQueue Queue { get; }

    public PoolDispatcher Dispatcher { get; }

    public PoolStaff Staff { get; }

    public PoolClock Clock { get; }

    public PoolTotals Totals { get; }

    /// <summary>All workers, those included that boot or end. Under the lock.</summary>
    public List<PoolMember> Members { get; } = [];

    /// <summary>How many items wait. Under the lock.</summary>
    public long Waiting => Queue.Items + _admission.WaitingItems;

    /// <summary>Whether nothing waits to be sent to a worker. Under the lock.</summary>
    public bool HasNoWork => _admission.IsEmpty && Queue.Count == 0;

    /// <summary>How many workers are as they are asked for. Under the lock.</summary>
    public int CountMembers(Predicate<PoolMember> predicate)
    {
        int count = 0;
        foreach (PoolMember member in Members)
        {
            if (predicate(member)) count++;
        }

        return count;
    }

    /// <summary>Accepts a call from outside.</summary>
    /// <exception cref="ObjectDisposedException">The pool is closed.</exception>
    public void Submit(CallWork work, CancellationToken cancellationToken)
    {
        bool isWanted = false;
        try
        {
            lock (Gate) Life.ThrowIfClosed();
            work.WithdrawFrom(this, cancellationToken);
            isWanted = work.IsWanted;
        }
        finally
        {
            if (!isWanted) work.Settle(1);
        }

        if (isWanted) Enter(work, isOperation: false);
    }

    /// <inheritdoc cref="PoolAdmission.Room"/>
    public long Room => _admission.Room;

    /// <summary>Accepts a part of a map that has begun.</summary>
    public void SubmitPart(PoolWork work) => Enter(work, isOperation: true);

    /// <summary>Nobody waits for this call any more: it is dropped, or cancelled where it runs and, in time, killed. What else the pool has does not add to the cost.</summary>
    public void Withdraw(CallWork work)
    {
        if (!work.TryWithdraw()) return;
        var withdrawal = new Withdrawal(this);
        var flush = default(FlushList);
        lock (Gate)
        {
            Queue.Drop(work);
            _admission.Drop(work);
            if (work.Assignment is { } assignment) withdrawal.Add(assignment);
            withdrawal.Settle();
            GiveOn(ref flush);
        }

        flush.Flush();
        withdrawal.CancelRunning();
    }

    /// <summary>Nobody waits for these works any more.</summary>
    /// <param name="isWithdrawn">Which.</param>
    /// <param name="cancelsRunning">Whether their items that run are cancelled, or awaited.</param>
    public void Withdraw(Predicate<PoolWork> isWithdrawn, bool cancelsRunning)
    {
        var withdrawal = new Withdrawal(this);
        var flush = default(FlushList);
        lock (Gate)
        {
            Queue.Drop(isWithdrawn);
            _admission.Drop(isWithdrawn);
            foreach (PoolMember member in Members)
            {
                foreach (Assignment assignment in member.Assignments())
                {
                    if (!assignment.Range.Work.IsInternal && isWithdrawn(assignment.Range.Work)) withdrawal.Add(assignment);
                }
            }

            withdrawal.Settle();
            GiveOn(ref flush);
        }

        flush.Flush();
        if (cancelsRunning) withdrawal.CancelRunning();
    }

    /// <summary>Results came from a worker. Called on its link thread.</summary>
    public void OnMoved(PoolMember member, List<Assignment> touched)
    {
        var flush = default(FlushList);
        CallTimeInstruments? times = PoolMetrics.Listened;
        bool isMeasured;
        lock (Gate)
        {
            long now = Stopwatch.GetTimestamp();
            if (times is not null && !Totals.NoteTimes(touched, now - member.MovedAt)) times = null;
            foreach (Assignment assignment in touched)
            {
                Totals.CountSettled(assignment);
                int settled = assignment.Unsettled;
                assignment.Unsettled = assignment.UnsettledFailures = 0;
                assignment.UnsettledBytes = 0;
                Settle(assignment.Range.Work, settled);
            }

            isMeasured = Staff.MustMeasure(member, now);
            if (member.Account(touched, now) > 0) Staff.HasWorked();
            Dispatcher.Dispatch(ref flush, now);
            if (Dispatcher.Balance(now)) Dispatcher.Dispatch(ref flush, now);
            if (member.WantsFlush) flush.Add(member);
            Staff.Review(member);
            Clock.Arm();
            Life.WindDownIfDone();
        }

        flush.Flush();
        times?.RecordSoon(this);
        if (isMeasured) Staff.Measure(member);
    }

    /// <summary>A worker is gone. Called on its link thread, last.</summary>
    public void OnEnded(PoolMember member, WorkerEnd end)
    {
        var losses = new List<(PoolWork Work, int Index, Exception Error)>();
        var flush = default(FlushList);
        bool isHopeless;
        lock (Gate)
        {
            Members.Remove(member);
            Totals.Add(member);
            bool wasAtWork = Dispatcher.Recover(member, end, losses);
            foreach ((PoolWork work, int _, Exception _) in losses)
            {
                if (!work.IsInternal) Totals.Of(work.Target).Lost++;
            }

            isHopeless = Staff.OnEnded(member, wasAtWork);
            member.Forget();
            Dispatcher.Dispatch(ref flush, Stopwatch.GetTimestamp());
            Clock.Arm();
        }

        flush.Flush();
        foreach ((PoolWork work, int index, Exception error) in losses)
        {
            member.Fail(work, index, error);
            lock (Gate) Settle(work, 1);
        }

        if (isHopeless) Life.Terminate(losses.Count > 0 ? losses[0].Error : end.ToException("A worker's start"));
        lock (Gate) Life.WindDownIfDone();
    }

    /// <summary>What was held may go to a worker again. Called on a callback thread.</summary>
    public void RunAgain(WorkRange range)
    {
        var flush = default(FlushList);
        lock (Gate)
        {
            if (!Queue.TryRelease(range)) return;
            Dispatcher.Dispatch(ref flush, Stopwatch.GetTimestamp());
            Clock.Arm();
            Staff.Recruit();
        }

        flush.Flush();
    }

    /// <summary>Takes everything back, also what runs. Under the lock.</summary>
    public List<PoolWork> RemoveAllWork()
    {
        List<PoolWork> works = [];
        foreach (WorkRange range in Queue.RemoveAll()) works.Add(range.Work);
        works.AddRange(_admission.RemoveAll());
        foreach (PoolMember member in Members)
        {
            works.AddRange(member.Assignments().Select(static assignment => assignment.Range.Work));
            works.AddRange(member.TakeUnsentChores());
        }

        return works;
    }

    /// <summary>The pool has ended. Under the lock.</summary>
    public void CloseHeap()
    {
        Heap?.Close();
        Heap = null;
    }

    /// <summary>Counts ended items out. Under the lock.</summary>
    public void Settle(PoolWork work, int count)
    {
        if (count == 0 || work.IsInternal) return;
        _admission.Leave(count); // First: a map that hears of these items' end asks how many fit.
        if (work.Settle(count)) _admission.Release(work);
        Admit();
    }

    /// <summary>Accepts what had to wait and fits now. Under the lock.</summary>
    private void Admit()
    {
        bool any = false;
        while (_admission.TryAdmit(out PoolWork? work))
        {
            Queue.Add(WorkRange.All(work));
            any = true;
        }

        if (any) Staff.Recruit();
    }

    /// <summary>Something was withdrawn: what had to wait for it, or behind it, may be accepted. Under the lock.</summary>
    private void GiveOn(ref FlushList flush)
    {
        Admit();
        Dispatcher.Dispatch(ref flush, Stopwatch.GetTimestamp());
        Clock.Arm();
        Staff.Recruit();
        Life.WindDownIfDone();
    }

    private void Enter(PoolWork work, bool isOperation)
    {
        var flush = default(FlushList);
        long now = work.SubmittedAt = Stopwatch.GetTimestamp();
        lock (Gate)
        {
            if (Life.Refuses(work, isOperation)) return;
            if (!work.IsWanted)
            {
                // Withdrawn on its way here: in the queue it would keep its caller until its turn came.
                work.Settle(work.Count);
                return;
            }

            work.Sequence = _sequence++;
            if (!_admission.TryEnter(work)) return;
            Queue.Add(WorkRange.All(work));
            Dispatcher.MakeWay(work.Options.Priority);
            Dispatcher.Dispatch(ref flush, now);
            Clock.Arm();
            Staff.Recruit();
        }

        flush.Flush();
    }
}
