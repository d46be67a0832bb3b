using System.Diagnostics;
using Procgen.Calls;

namespace Procgen.Pools;

/// <summary>
/// The workers' comings and goings: as many as are wanted, replaced when they die, age or grow.
/// Members are called under the pool's lock unless they say otherwise.
/// </summary>
internal sealed class PoolStaff
{
    private static readonly long MeasurePause = Stopwatch.Frequency / 100;

    private readonly PoolCore _core;
    private readonly List<TaskCompletionSource> _waiting = [];
    private readonly PoolIdleness _idleness;
    private int _wanted;
    private DeathCount _diedUnready;
    private DeathCount _diedUnused;
    private bool _isShown;

    public PoolStaff(PoolCore core)
    {
        _core = core;
        _wanted = core.Settings.Processes;
        Chores = new PoolChores(core); // First: it encodes, which may throw, and the starter has a thread.
        Starter = new PoolStarter(core);
        _idleness = new PoolIdleness(core);
    }

    public PoolStarter Starter { get; }

    public PoolChores Chores { get; }

    /// <summary>How many workers there may be. Any thread.</summary>
    public int Limit() => Volatile.Read(ref _wanted);

    /// <summary>Whether there are as many workers as there may be.</summary>
    public bool IsFull => Active() >= _wanted;

    private bool IsElastic => _core.Settings.MinProcesses is not null;

    /// <summary>Takes the lock itself.</summary>
    public void Begin()
    {
        lock (_core.Gate) Recruit();
    }

    /// <summary>Another number of workers from now on. Takes the lock itself.</summary>
    public void Resize(int processes)
    {
        var flush = default(FlushList);
        lock (_core.Gate)
        {
            _core.Life.ThrowIfClosed();
            _wanted = processes;
            Recruit();
            _core.Life.TellOperations();
            int surplus = Active() - processes;
            foreach (PoolMember member in _core.Members.Where(static member => member.State < MemberState.Spent).OrderByDescending(static member => member.Index).ToArray())
            {
                if (surplus-- <= 0) break;
                _core.Dispatcher.Requeue(member);
                Retire(member);
            }

            _core.Dispatcher.Dispatch(ref flush, Stopwatch.GetTimestamp());
            _core.Clock.Arm();
            TellIfComplete();
        }

        flush.Flush();
    }

    /// <summary>Completes when as many workers as are wanted are ready. Takes the lock itself.</summary>
    public Task WhenReadyAsync()
    {
        lock (_core.Gate)
        {
            _core.Life.ThrowIfClosed();
            if (IsComplete()) return Task.CompletedTask;
            var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add(waiter);
            return waiter.Task;
        }
    }

    /// <summary>The pool comes to its end: nobody becomes ready any more.</summary>
    public void GiveUp(Exception? reason)
    {
        foreach (TaskCompletionSource waiter in _waiting)
        {
            if (reason is null) waiter.TrySetCanceled();
            else waiter.TrySetException(reason);
        }

        _waiting.Clear();
    }

    /// <summary>Starts what is missing. Where nothing is, a used-up worker does not wait for a successor that will not come.</summary>
    public void Recruit()
    {
        if (_waiting.Count > 0) TellIfComplete(); // Fewer may be wanted than before.
        int missing = Missing();
        Starter.Start(missing);
        if (missing > 0 || _core.Members.Find(static member => member.State == MemberState.Spent) is not { } usedUp) return;
        if (Starter.Starting == 0 && !_core.Members.Exists(static member => member.State < MemberState.Ready)) Retire(usedUp);
    }

    /// <summary>A worker has connected. Called on its link thread; takes the lock itself.</summary>
    public void OnConnected(PoolMember member)
    {
        bool begins = false;
        lock (_core.Gate)
        {
            Recruit();
            if (member.State != MemberState.Booting) return;
            member.State = MemberState.Initializing;
            begins = Chores.Begin(member, error => OnInitialized(member, error));
            member.CountAsSent();
        }

        if (begins) member.Flush();
        else OnReady(member);
    }

    /// <summary>A worker is gone, for whatever reason.</summary>
    /// <param name="member">The worker, which is no member any more.</param>
    /// <param name="wasAtWork">It was running a call, which explains its end.</param>
    /// <returns>Whether others would fare no better: then the pool is to be terminated.</returns>
    public bool OnEnded(PoolMember member, bool wasAtWork)
    {
        // One that was used up was counted then, and who retires has no successor.
        if (!_core.Life.IsWindingDown && member.State < MemberState.Spent && Missing() > 0) _core.Totals.Restarts++;
        bool wasExpected = member.State == MemberState.Ending || member.WasKilled || _core.Life.IsTerminated;
        bool wasReady = member.State > MemberState.Initializing;
        if (wasExpected || (wasAtWork && wasReady))
        {
            Recruit();
            return false;
        }

        // Those who were started before the first of them died have had one misfortune.
        bool wasUsed = member.Done > 0 || member.Outstanding == 0;
        bool isNews = !(wasReady && wasUsed) && Starter.TryEndWave(member.Wave);
        Starter.Pause();
        if (!isNews) return false;
        return wasReady ? _diedUnused.Add() : _diedUnready.Add();
    }

    /// <summary>A call has ended: what killed workers before it was no constant trouble.</summary>
    public void HasWorked()
    {
        Starter.HasWorked();
        _diedUnready.Pass();
        _diedUnused.Pass();
    }

    /// <summary>A worker has answered: is it old, or does it wait to end?</summary>
    public void Review(PoolMember member)
    {
        if (member.State == MemberState.Ready && member.CallsLeft <= 0) Replace(member);
        if (member.State == MemberState.Retiring && member.Outstanding == 0 && member.Chores == 0) End(member);
        if (member.State == MemberState.Ready && member.Outstanding == 0 && IsElastic) _idleness.Watch(member);
    }

    public void RetireAll()
    {
        foreach (PoolMember member in _core.Members.ToArray()) Retire(member);
    }

    public bool MustMeasure(PoolMember member, long now)
    {
        if (_core.Settings.MaxWorkerMemory is null || member.State != MemberState.Ready || now - member.MeasuredAt < MeasurePause) return false;
        member.MeasuredAt = now;
        return true;
    }

    /// <summary>Replaces a worker that has grown too large. Outside the lock.</summary>
    public void Measure(PoolMember member)
    {
        if (ResidentMemory.Of(member.Process.Id) <= _core.Settings.MaxWorkerMemory) return;
        var flush = default(FlushList);
        lock (_core.Gate)
        {
            if (member.State != MemberState.Ready) return;
            _core.Dispatcher.Requeue(member);
            Replace(member);
            _core.Dispatcher.Dispatch(ref flush, Stopwatch.GetTimestamp());
            _core.Clock.Arm();
        }

        flush.Flush();
    }

    /// <summary>Workers that take calls or will.</summary>
    public int Active() => _core.CountMembers(static member => member.State < MemberState.Spent);

    private int Target()
    {
        if (_core.Settings.MinProcesses is not { } least) return _wanted;
        long demand = _core.Queue.Items; // What is not accepted waits for the end of what is, not for a worker.
        foreach (PoolMember member in _core.Members)
        {
            // What the others have they also do: no successor is wanted for it.
            if (member.State < MemberState.Spent) demand += member.Outstanding;
        }

        return (int)Math.Min(_wanted, Math.Max(least, demand));
    }

    /// <summary>How many workers are wanted beyond those that there are or will be.</summary>
    private int Missing() => Target() - Active() - Starter.Starting;

    private void Replace(PoolMember member)
    {
        member.State = MemberState.Spent;

        // An elastic pool may have no use for a successor, whose coming it would wait for.
        if (Missing() <= 0)
        {
            Retire(member);
            return;
        }

        _core.Totals.Restarts++;
        Recruit();
    }

    /// <summary>Lets a worker end when it has done what it has.</summary>
    public void Retire(PoolMember member)
    {
        if (member.State >= MemberState.Retiring) return;
        bool hasRun = member.State != MemberState.Booting;
        member.State = MemberState.Retiring;
        if (!hasRun)
        {
            member.State = MemberState.Ending;
            member.WasKilled = true;
            member.Process.Kill();
        }
        else if (member.Outstanding == 0 && member.Chores == 0)
        {
            End(member);
        }
    }

    /// <summary>Nothing is out there any more: its finalizer, then its end.</summary>
    private void End(PoolMember member)
    {
        member.State = MemberState.Ending;
        if (Chores.Finalizer is { } finalizer)
        {
            member.Assign(finalizer, _ => member.Finish());
            member.CountAsSent();
            member.Flush();
        }
        else
        {
            member.Finish();
        }
    }

    /// <summary>The calls that come first on a worker have ended, or one has failed. Called on its link thread.</summary>
    private void OnInitialized(PoolMember member, Exception? error)
    {
        if (error is null) OnReady(member);
        else if (error is not WorkerCrashedException) _core.Life.Terminate(error); // Of a dead one OnEnded knows more.
    }

    /// <summary>Called on its link thread; takes the lock itself.</summary>
    private void OnReady(PoolMember member)
    {
        var flush = default(FlushList);
        lock (_core.Gate)
        {
            if (member.State != MemberState.Initializing) return;
            member.State = MemberState.Ready;
            _diedUnready.Pass();
            if (_core.Members.Find(static other => other.State == MemberState.Spent) is { } predecessor) Retire(predecessor);
            long now = Stopwatch.GetTimestamp();
            _core.Dispatcher.Dispatch(ref flush, now);
            if (_core.Dispatcher.Balance(now)) _core.Dispatcher.Dispatch(ref flush, now);
            _core.Clock.Arm();
            Review(member);
            Recruit();
            if (!_isShown)
            {
                _isShown = true;

                // Making the first instruments takes the processor for milliseconds, which first results need more.
                Deadlines.Schedule(TimeSpan.FromSeconds(1), () => Starter.Post(() => PoolMetrics.Add(_core)));
            }

            TellIfComplete();
        }

        flush.Flush();
    }

    private void TellIfComplete()
    {
        if (!IsComplete()) return;
        foreach (TaskCompletionSource waiter in _waiting) waiter.TrySetResult();
        _waiting.Clear();
    }

    // One that is used up is ready too: it stays until its successor is.
    private bool IsComplete() => _core.CountMembers(static member => member.State is MemberState.Ready or MemberState.Spent) >= Target();
}
