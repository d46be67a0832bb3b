using System.Diagnostics;
using Procgen.CompilerServices;
using Procgen.Framing;
using Procgen.Launching;
using Procgen.Processes;
using Procgen.Shared;

namespace Procgen.Pools;

/// <summary>Where a pool's worker stands.</summary>
internal enum MemberState
{
    /// <summary>Started, not connected.</summary>
    Booting,

    /// <summary>Runs the initializer.</summary>
    Initializing,

    /// <summary>Takes calls.</summary>
    Ready,

    /// <summary>Takes no more calls, and ends when a successor is ready.</summary>
    Spent,

    /// <summary>Takes no more calls, and ends when it has none.</summary>
    Retiring,

    /// <summary>Told to end.</summary>
    Ending,
}

/// <summary>
/// A worker of a pool: where it stands and what has been sent to it; <see cref="MemberResults"/> is how its results come
/// back. All that is said to be under the lock is under the pool's.
/// </summary>
internal sealed class PoolMember : WorkerHost
{
    // No item is believed to take longer, whatever a target has written over the board.
    private static readonly long LongestEstimate = 3600 * Stopwatch.Frequency;
    private static readonly long WarmUp = 2 * Stopwatch.Frequency;
    private static readonly long Window = Stopwatch.Frequency / 500; // 2 ms of work ahead
    private static readonly TimeSpan LastLines = TimeSpan.FromMilliseconds(50);
    private const int MaxDepth = 32 * 1024;
    private const int FlushBytes = 64 * 1024;
    private static readonly long FlushAhead = Stopwatch.Frequency / 10_000; // 100 µs of work that it has for certain

    private readonly PoolCore _core;
    private readonly CallBoard _board;
    private readonly MemberBatches _batches = new();
    private readonly MemberResults _results;
    private long _accounted;
    private bool _knowsShared;

    private readonly MemberChores _chores = new();

    // What has been assigned and not written to the link. Under the lock.
    private bool _hasUnsentChores;
    private uint _sentTo;
    private int _unsent;
    private long _unsentBytes;

    public PoolMember(PoolCore core, int index, WorkerStart start, LaunchOptions options, CallBoard board)
        : base(start, options)
    {
        _core = core;
        _board = board;
        _results = new MemberResults(this, core);
        Index = index;
        Item = new RunningItem(board);
    }

    public int Index { get; }

    public CallBoard Board => _board;

    public RunningItem Item { get; }

    /// <summary>Under the lock.</summary>
    public MemberState State { get; set; }

    /// <summary>With whom it was started. Under the lock.</summary>
    public int Wave { get; set; }

    /// <summary>Items sent and not taken back, since the beginning. Under the lock.</summary>
    public long Offered { get; private set; }

    public long BytesSent { get; private set; }

    /// <summary>Initializer, finalizer and the like that have not ended. Under the lock.</summary>
    public int Chores => _chores.Count;

    /// <summary>Ticks that one item takes, as measured; 0 for unknown. Under the lock.</summary>
    public long Estimate { get; private set; }

    /// <summary>When it last answered, or got work after it had none. Under the lock.</summary>
    public long MovedAt { get; set; }

    /// <summary>Does not come to what it was sent: stopped, perhaps, or at an item that takes long. Gets nothing until it moves. Under the lock.</summary>
    public bool IsStuck { get; set; }

    /// <summary>Since when it has been seen to do nothing although it is stuck; 0 where it has not. Under the lock.</summary>
    public long StillSince { get; set; }

    /// <summary>Whether a look at how long it has been idle is due some time. Under the lock.</summary>
    public bool IsIdleWatched { get; set; }

    /// <summary>The item for whose time it was killed. Under the lock.</summary>
    public (uint Batch, int Index)? TimedOut { get; set; }

    public CallTimeoutException ToTimeout(PoolWork work) => new(work.Target.Name, Process.Id, work.Options.Timeout, Process.CanBeKilled);

    /// <summary>Under the lock.</summary>
    public bool WasKilled { get; set; }

    /// <summary>When its size was last looked at.</summary>
    public long MeasuredAt { get; set; }

    /// <summary>Calls that have ended here.</summary>
    public long Done => _results.Done;

    public long Failed => _results.Failed;

    public long BytesReceived => _results.Bytes;

    /// <summary>Items that are with it.</summary>
    public long Outstanding => Offered - _results.Done;

    /// <summary>Whether items are behind what it is doing. Under the lock.</summary>
    public bool HasMore => Outstanding > (Chores > 0 ? 0 : 1);

    public int CallsLeft => (int)Math.Min(int.MaxValue, (_core.Settings.MaxCallsPerWorker ?? long.MaxValue) - Offered);

    /// <summary>
    /// Whether it may still be loading the app before its first call. Its successor, which loads as slowly, must not take that
    /// call from it, or the one after would take it in turn, and so on for ever. Under the lock.
    /// </summary>
    public bool IsWarmingUp(long now) => _results.Done == 0 && now - MovedAt < WarmUp;

    public bool HasEnded { get; private set; }

    public string? RunningTarget =>
        !HasEnded && Volatile.Read(ref _board.Running) is > 0 and var running && Find((uint)(running - 1)) is { } assignment ? assignment.Range.Work.Target.Name : null;

    /// <summary>How many more items it may have without their waiting for long; at least one where it has none. Under the lock.</summary>
    public long Room
    {
        get
        {
            if (State != MemberState.Ready || IsStuck || CallsLeft <= 0 || !_batches.HasPlace) return 0;
            return (Estimate == 0 ? 2 : Math.Clamp(Window / Estimate, 2, MaxDepth)) - Outstanding;
        }
    }

    /// <summary>Whether what is to be sent should be sent now: not while it is busy for a while, and will be looked at when it answers. Under the lock.</summary>
    public bool WantsFlush => _hasUnsentChores || WantsFlushOfItems;

    private bool WantsFlushOfItems => _unsent > 0 && (Estimate == 0 || (Outstanding - _unsent) * Estimate < FlushAhead || _unsentBytes > FlushBytes);

    /// <inheritdoc cref="MemberChores.Add"/>
    /// <remarks><see cref="Flush"/> follows outside the lock. Under the lock.</remarks>
    public void Assign(Chore chore, Action<Exception?> ended)
    {
        _chores.Add(chore, ended);
        AssignChores(Stopwatch.GetTimestamp());
    }

    /// <summary>The chores that were not sent: it is gone, or the pool. Under the lock.</summary>
    public IEnumerable<PoolWork> TakeUnsentChores()
    {
        while (_chores.TryTake(out WorkRange? range)) yield return range.Work;
    }

    /// <summary>Appends a batch to what is sent next; <see cref="Flush"/> follows outside the lock. Under the lock.</summary>
    public void Assign(WorkRange range, long now)
    {
        if (Outstanding == 0) MovedAt = now;
        var assignment = new Assignment(this, _batches.Next, range) { SentAt = now };
        _board.Offer(assignment.Batch, range.Count);
        _batches.Add(assignment);
        _hasUnsentChores |= range.Work.IsInternal;
        if (!range.Work.IsInternal)
        {
            Offered += range.Count;
            _unsent += range.Count;
        }

        BytesSent += range.Length;
        _unsentBytes += range.Length;
        range.Work.OnAssigned(assignment);
        if (range.Work.Items.Segment is not null) AnnounceShared();
        Link!.Append(FrameKind.Batch, assignment, Assignment.Write);
    }

    /// <summary><see cref="Flush"/> is about to be called. Under the lock.</summary>
    public void CountAsSent()
    {
        _sentTo = _batches.Next;
        _hasUnsentChores = false;
        _unsent = 0;
        _unsentBytes = 0;
    }

    public void Flush() => Link!.Flush();

    /// <summary>Takes back what has not begun. Under the lock.</summary>
    public void TakeBack(List<WorkRange> taken)
    {
        foreach (Assignment assignment in _batches.All)
        {
            if (!assignment.Range.Work.IsInternal) TakeBack(assignment, taken);
        }
    }

    /// <summary>Takes back what has not begun of one batch. Under the lock.</summary>
    public void TakeBack(Assignment assignment, List<WorkRange> taken)
    {
        if (assignment.IsTakenBack) return;
        int begun = _board.TakeBack(assignment.Batch);
        int rest = assignment.Range.Count - begun;
        if (rest == 0) return;
        assignment.KeepOnly(begun);
        Offered -= rest;
        if (unchecked((int)(assignment.Batch - _sentTo)) >= 0) _unsent -= rest;
        taken.Add(begun == 0 ? assignment.Range : assignment.Range.Without(begun));
    }

    /// <summary>The batches that it has. Under the lock.</summary>
    public IEnumerable<Assignment> Assignments() => _batches.All;

    /// <summary>Whether an item with a time limit is there. Under the lock.</summary>
    public bool HasTimed()
    {
        foreach (Assignment assignment in Assignments())
        {
            if (assignment.Range.Work.Options.IsTimed) return true;
        }

        return false;
    }

    /// <summary>It is gone: nobody looks for its batches any more, whose board goes next. Under the lock.</summary>
    public void Forget()
    {
        State = MemberState.Ending;
        _batches.Clear();
    }

    public Assignment? Find(uint batch) => _batches.Find(batch);

    /// <summary>Whether it has begun a later batch, as they run in order: what has ended there may not have been collected here. Under the lock.</summary>
    public bool IsPast(uint batch)
    {
        foreach (Assignment assignment in Assignments())
        {
            if (unchecked((int)(assignment.Batch - batch)) > 0 && _board.CountBegun(assignment.Batch) > 0) return true;
        }

        return false;
    }

    /// <summary>Forgets finished batches and measures. Called by its link thread, under the lock.</summary>
    /// <returns>How many items have ended since the last time.</returns>
    public int Account(List<Assignment> touched, long now)
    {
        foreach (Assignment assignment in touched)
        {
            if (!assignment.IsFinished) continue;
            if (assignment.Range.Work.IsInternal) _chores.Leave();
            _batches.Remove(assignment);
        }

        AssignChores(now);
        int moved = (int)(_results.Done - _accounted);
        _accounted += moved;
        IsStuck = false;
        StillSince = 0;
        MovedAt = now;

        // As the worker has measured: it does not count how long it waited for its work, or somebody for its answer.
        Estimate = Math.Clamp(Volatile.Read(ref _board.ItemTicks), 0, LongestEstimate);
        if (moved > 0 && Estimate > 0) touched[^1].Range.Work.Target.EstimatedTicks = Estimate;
        return moved;
    }

    /// <summary>Others wait for its end: the calls that it costs, its successor, who disposes the pool, which may be who hears the lines.</summary>
    protected override TimeSpan OutputPatience => LastLines;

    public override void OnFrame(FrameKind kind, ReadOnlySpan<byte> body)
    {
        switch (kind)
        {
            case FrameKind.Doorbell:
                _results.Collect();
                break;
            case FrameKind.Outcome:
                _results.Collect(body);
                break;
            case FrameKind.Item:
                _results.AddItem(body);
                break;
            case FrameKind.Progress:
                _results.Report(body);
                break;
            case FrameKind.Will:
                var reader = new PayloadReader(body);
                HandlesInTransit.TakeOver(ref reader);
                break;
            case FrameKind.Launches:
                NoteLaunches();
                break;
            default:
                throw new InvalidDataException($"{Origin} sent a frame of kind {(byte)kind}.");
        }
    }

    /// <inheritdoc cref="MemberResults.Fail"/>
    public void Fail(PoolWork work, int index, Exception error) => _results.Fail(work, index, error);

    /// <inheritdoc cref="MemberResults.RunAgainLater"/>
    public void RunAgainLater(WorkRange again) => _results.RunAgainLater(again);

    protected override void OnConnected() => _core.Staff.OnConnected(this);

    protected override void OnEnded(WorkerEnd end)
    {
        HasEnded = true;
        _results.CollectLast();
        _core.OnEnded(this, end);
        _results.Close();
        _board.Block.Release();
    }

    /// <summary>As many as there are places for, in order.</summary>
    private void AssignChores(long now)
    {
        while (_batches.HasPlace && _chores.TryTake(out WorkRange? range)) Assign(range, now);
    }

    /// <summary>Long arguments do not go over the link, but are in memory that the worker opens once.</summary>
    private void AnnounceShared()
    {
        if (_knowsShared) return;
        _knowsShared = true;
        Link!.Append(FrameKind.Shared, _core.Heap!.Block!, static (ref PayloadWriter writer, SharedBlock block) => block.Write(ref writer));
    }
}
