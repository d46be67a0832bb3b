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
    private static readonly CancellationToken Terminated = new(canceled: true);
    private readonly PoolAdmission _admission;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _hasEnded = new();
    private Exception? _broken;
    private long _sequence;
    private int _operations;
    private bool _isClosing;

    public PoolCore(PoolSettings settings)
    {
        Settings = settings;
        DefaultOptions = new PoolWorkOptions(0, settings.CallTimeout, settings.Retries, null);
        _admission = new PoolAdmission(settings);
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

    public PoolQueue Queue { get; }

    public PoolDispatcher Dispatcher { get; }

    public PoolStaff Staff { get; }

    public PoolClock Clock { get; }

    public PoolTotals Totals { get; } = new();

    /// <summary>All workers, those included that boot or end. Under the lock.</summary>
    public List<PoolMember> Members { get; } = [];

    /// <summary>Under the lock.</summary>
    public bool IsTerminated { get; private set; }

    public Task Ended => _ended.Task;

    /// <summary>Whether no more workers are wanted. Under the lock.</summary>
    public bool IsWindingDown { get; private set; }

    /// <summary>How many items wait. Under the lock.</summary>
    public long Waiting => Queue.Items + _admission.WaitingItems;

    public bool WaitUntilEnded(TimeSpan timeout) => _hasEnded.Wait(timeout);

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
            lock (Gate) ThrowIfClosed();
            work.WithdrawFrom(this, cancellationToken);
            isWanted = work.IsWanted;
        }
        finally
        {
            if (!isWanted) work.Settle(1);
        }

        if (isWanted) Enter(work, isOperation: false);
    }

    /// <inheritdoc cref="PoolAdmission.IsFullOfBytes"/>
    public bool IsFullOfBytes => _admission.IsFullOfBytes;

    /// <summary>Accepts a part of a map that has begun.</summary>
    public void SubmitPart(PoolWork work) => Enter(work, isOperation: true);

    /// <summary>A map begins: closing waits for <see cref="EndOperation"/>.</summary>
    /// <exception cref="ObjectDisposedException">The pool is closed.</exception>
    public void BeginOperation()
    {
        lock (Gate)
        {
            ThrowIfClosed();
            _operations++;
        }
    }

    public void EndOperation()
    {
        lock (Gate)
        {
            _operations--;
            WindDownIfDone();
        }
    }

    /// <summary>Nobody waits for this call any more: it is dropped, or cancelled where it runs and, in time, killed. What else the pool has does not add to the cost.</summary>
    public void Withdraw(CallWork work)
    {
        var withdrawal = new Withdrawal(this);
        lock (Gate)
        {
            Queue.Drop(work);
            _admission.Drop(work);
            if (work.Assignment is { } assignment) withdrawal.Add(assignment);
            withdrawal.Settle();
            WindDownIfDone();
        }

        withdrawal.CancelRunning();
    }

    /// <summary>Nobody waits for these works any more.</summary>
    /// <param name="isWithdrawn">Which.</param>
    /// <param name="cancelsRunning">Whether their items that run are cancelled, or awaited.</param>
    public void Withdraw(Predicate<PoolWork> isWithdrawn, bool cancelsRunning)
    {
        var withdrawal = new Withdrawal(this);
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
            WindDownIfDone();
        }

        if (cancelsRunning) withdrawal.CancelRunning();
    }

    /// <summary>Results came from a worker. Called on its link thread.</summary>
    public void OnMoved(PoolMember member, List<Assignment> touched)
    {
        var flush = default(FlushList);
        bool isMeasured;
        lock (Gate)
        {
            foreach (Assignment assignment in touched)
            {
                Totals.CountSettled(assignment);
                int settled = assignment.Unsettled;
                assignment.Unsettled = assignment.UnsettledFailures = 0;
                assignment.UnsettledBytes = 0;
                Settle(assignment.Range.Work, settled);
            }

            long now = Stopwatch.GetTimestamp();
            isMeasured = Staff.MustMeasure(member, now);
            if (member.Account(touched, now) > 0) Staff.HasWorked();
            Dispatcher.Dispatch(ref flush, now);
            if (Dispatcher.Balance(now)) Dispatcher.Dispatch(ref flush, now);
            if (member.WantsFlush) flush.Add(member);
            Staff.Review(member);
            Clock.Arm();
            WindDownIfDone();
        }

        flush.Flush();
        if (isMeasured) Staff.Measure(member);
    }

    /// <summary>A worker is gone. Called on its link thread, last.</summary>
    public void OnEnded(PoolMember member, WorkerEnd end)
    {
        var losses = new List<(PoolWork Work, int Index, Exception Error)>();
        var flush = default(FlushList);
        lock (Gate)
        {
            Members.Remove(member);
            Totals.Add(member);
            bool wasAtWork = Dispatcher.Recover(member, end, losses);
            foreach ((PoolWork work, int _, Exception _) in losses)
            {
                if (!work.IsInternal) Totals.Of(work.Target).Lost++;
            }

            Staff.OnEnded(member, wasAtWork);
            Dispatcher.Dispatch(ref flush, Stopwatch.GetTimestamp());
            Clock.Arm();
        }

        flush.Flush();
        foreach ((PoolWork work, int index, Exception error) in losses)
        {
            member.Fail(work, index, error);
            lock (Gate) Settle(work, 1);
        }

        lock (Gate) WindDownIfDone();
    }

    /// <summary>Lets accepted work end, then the workers.</summary>
    public void Close()
    {
        lock (Gate)
        {
            _isClosing = true;
            WindDownIfDone();
        }
    }

    /// <summary>Ends all work and all workers now.</summary>
    /// <param name="reason">What the calls are told; null where the caller terminated the pool.</param>
    public void Terminate(Exception? reason = null)
    {
        List<PoolWork> works = [];
        List<PoolMember> members;
        lock (Gate)
        {
            _isClosing = true;
            if (IsTerminated) return;
            IsTerminated = IsWindingDown = true;
            _broken = reason;
            foreach (WorkRange range in Queue.RemoveAll()) works.Add(range.Work);
            works.AddRange(_admission.RemoveAll());
            foreach (PoolMember member in Members) works.AddRange(member.Assignments().Select(static assignment => assignment.Range.Work));
            members = [.. Members];
            foreach (PoolMember member in members) member.WasKilled = true;
            Staff.GiveUp(reason);
        }

        foreach (PoolWork work in works.Distinct())
        {
            if (reason is null) work.Abandon(Terminated);
            else for (int index = 0; index < work.Count; index++) work.Fail(index, reason);
        }

        foreach (PoolMember member in members) member.Process.Kill(entireTree: false);
        lock (Gate) EndIfEmpty();
    }

    /// <summary>Counts ended items out. Under the lock.</summary>
    public void Settle(PoolWork work, int count)
    {
        if (count == 0 || work.IsInternal || !work.Settle(count)) return;
        _admission.Leave(work);
        while (_admission.TryAdmit(out PoolWork? next)) Queue.Add(WorkRange.All(next));
    }

    /// <summary>Under the lock.</summary>
    public void WindDownIfDone()
    {
        if (_isClosing && !IsWindingDown && _operations == 0 && _admission.IsEmpty && Queue.Count == 0)
        {
            IsWindingDown = true;
            Staff.RetireAll();
        }

        EndIfEmpty();
    }

    /// <summary>Under the lock.</summary>
    public void EndIfEmpty()
    {
        if (!IsWindingDown || Members.Count > 0 || Staff.Starter.Starting > 0 || _hasEnded.IsSet) return;
        Staff.Starter.Post(() => PoolMetrics.Remove(this));
        Staff.Starter.Dismiss();
        Heap?.Close();
        Heap = null;
        _hasEnded.Set();
        _ended.TrySetResult();
    }

    /// <exception cref="ObjectDisposedException">The pool is closed.</exception>
    public void ThrowIfClosed()
    {
        if (_broken is not null) throw new ProcgenException($"Pool {Settings.Name} has ended: {_broken.Message}", _broken);
        ObjectDisposedException.ThrowIf(_isClosing, typeof(ProcessPool));
    }

    private void Enter(PoolWork work, bool isOperation)
    {
        var flush = default(FlushList);
        long now = work.SubmittedAt = Stopwatch.GetTimestamp();
        lock (Gate)
        {
            if (IsTerminated || (!isOperation && _isClosing))
            {
                if (_broken is { } reason) FailAll(work, reason);
                else work.Abandon(Terminated);
                work.Settle(work.Count);
                return;
            }

            work.Sequence = _sequence++;
            if (!_admission.TryEnter(work, isOperation)) return;
            Queue.Add(WorkRange.All(work));
            Dispatcher.MakeWay(work.Options.Priority);
            Dispatcher.Dispatch(ref flush, now);
            Clock.Arm();
            Staff.Recruit();
        }

        flush.Flush();
    }

    private static void FailAll(PoolWork work, Exception reason)
    {
        for (int index = 0; index < work.Count; index++) work.Fail(index, reason);
    }
}
