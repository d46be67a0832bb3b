using System.Buffers.Binary;
using System.Diagnostics;
using Procgen.Calls;
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
/// A worker of a pool: what has been sent to it, and how its results come back. Its link thread collects them from the
/// ring; all that is said to be under the lock is under the pool's.
/// </summary>
internal sealed class PoolMember : WorkerHost
{
    private static readonly long Window = Stopwatch.Frequency / 500; // 2 ms of work ahead
    private const int MaxDepth = 32 * 1024;
    private const int FlushBytes = 64 * 1024;
    private static readonly long FlushAhead = Stopwatch.Frequency / 10_000; // 100 µs of work that it has for certain

    private readonly PoolCore _core;
    private readonly CallBoard _board;
    private readonly Assignment?[] _assignments = new Assignment?[CallBoard.MaxBatches];
    private readonly List<Assignment> _touched = [];
    private Assignment? _current;
    private CallbackThread? _callbacks;
    private long _consumed;
    private long _done;
    private long _failed;
    private long _bytesReceived;
    private int _movedItems;
    private bool _knowsShared;
    private SegmentViews? _shared;

    // What has been assigned and not written to the link. Under the lock.
    private uint _sentTo;
    private int _unsent;
    private long _unsentBytes;

    public PoolMember(PoolCore core, int index, WorkerStart start, LaunchOptions options, CallBoard board)
        : base(start, options)
    {
        _core = core;
        _board = board;
        Index = index;
    }

    public int Index { get; }

    public CallBoard Board => _board;

    /// <summary>Under the lock.</summary>
    public MemberState State { get; set; }

    /// <summary>The first batch that may not have been finished. Under the lock.</summary>
    public uint Oldest { get; private set; }

    /// <summary>The next batch. Under the lock.</summary>
    public uint Next { get; private set; }

    /// <summary>Items sent and not taken back, since the beginning. Under the lock.</summary>
    public long Offered { get; private set; }

    public long BytesSent { get; private set; }

    /// <summary>Initializer, finalizer and the like that are still out. Under the lock.</summary>
    public int Chores { get; set; }

    /// <summary>Ticks that one item takes, as measured; 0 for unknown. Under the lock.</summary>
    public long Estimate { get; private set; }

    /// <summary>When it last answered, or got work after it had none. Under the lock.</summary>
    public long MovedAt { get; set; }

    /// <summary>Has not begun what it was sent, though it has nothing else: stopped, perhaps. Gets nothing until it moves. Under the lock.</summary>
    public bool IsStuck { get; set; }

    /// <summary>The item for whose time it was killed. Under the lock.</summary>
    public (uint Batch, int Index)? TimedOut { get; set; }

    /// <summary>Under the lock.</summary>
    public bool WasKilled { get; set; }

    /// <summary>When its size was last looked at.</summary>
    public long MeasuredAt { get; set; }

    /// <summary>Calls that have ended here.</summary>
    public long Done => Volatile.Read(ref _done);

    public long Failed => Volatile.Read(ref _failed);

    public long BytesReceived => Volatile.Read(ref _bytesReceived);

    /// <summary>Items that are with it.</summary>
    public long Outstanding => Offered - Volatile.Read(ref _done);

    public int CallsLeft => (int)Math.Min(int.MaxValue, (_core.Settings.MaxCallsPerWorker ?? long.MaxValue) - Offered);

    public bool HasEnded { get; private set; }

    public string? RunningTarget =>
        !HasEnded && Volatile.Read(ref _board.Running) is > 0 and var running && Find((uint)(running - 1)) is { } assignment ? assignment.Range.Work.Target.Name : null;

    public new void Begin() => base.Begin();

    /// <summary>How many more items it may have without their waiting for long; at least one where it has none. Under the lock.</summary>
    public long Room
    {
        get
        {
            if (State != MemberState.Ready || IsStuck || CallsLeft <= 0 || Next - Oldest >= CallBoard.MaxBatches) return 0;
            return (Estimate == 0 ? 2 : Math.Clamp(Window / Estimate, 2, MaxDepth)) - Outstanding;
        }
    }

    /// <summary>Whether what is to be sent should be sent now: not while it is busy for a while, and will be looked at when it answers. Under the lock.</summary>
    public bool WantsFlush => _unsent > 0 && (Estimate == 0 || (Outstanding - _unsent) * Estimate < FlushAhead || _unsentBytes > FlushBytes);

    /// <summary>Appends a batch to what is sent next; <see cref="Flush"/> follows outside the lock. Under the lock.</summary>
    public void Assign(WorkRange range, long now)
    {
        if (Outstanding == 0) MovedAt = now;
        var assignment = new Assignment(this, Next, range);
        Volatile.Write(ref _assignments[Next % CallBoard.MaxBatches], assignment);
        _board.Offer(Next, range.Count);
        Next++;
        if (range.Work.IsInternal)
        {
            Chores++;
        }
        else
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
        _sentTo = Next;
        _unsent = 0;
        _unsentBytes = 0;
    }

    public void Flush() => Link!.Flush();

    /// <summary>Takes back what has not begun. Under the lock.</summary>
    public void TakeBack(List<WorkRange> taken)
    {
        for (uint batch = Oldest; batch != Next; batch++)
        {
            if (Find(batch) is not { IsTakenBack: false } assignment || assignment.Range.Work.IsInternal) continue;
            TakeBack(assignment, taken);
        }
    }

    /// <summary>Takes back what has not begun of one batch. Under the lock.</summary>
    public void TakeBack(Assignment assignment, List<WorkRange> taken)
    {
        if (assignment.IsTakenBack) return;
        int begun = _board.TakeBack(assignment.Batch);
        int rest = assignment.Range.Count - begun;
        if (rest == 0) return;
        assignment.IsTakenBack = true;
        Offered -= rest;
        if (unchecked((int)(assignment.Batch - _sentTo)) >= 0) _unsent -= rest;
        taken.Add(begun == 0 ? assignment.Range : assignment.Range.Without(begun));
    }

    /// <summary>The batches that it has. Under the lock.</summary>
    public IEnumerable<Assignment> Assignments()
    {
        for (uint batch = Oldest; batch != Next; batch++)
        {
            if (Find(batch) is { } assignment) yield return assignment;
        }
    }

    public Assignment? Find(uint batch) =>
        Volatile.Read(ref _assignments[batch % CallBoard.MaxBatches]) is { } assignment && assignment.Batch == batch ? assignment : null;

    /// <summary>Forgets finished batches and measures. Called by its link thread, under the lock.</summary>
    /// <returns>How many items have ended since the last time.</returns>
    public int Account(List<Assignment> touched, long now)
    {
        foreach (Assignment assignment in touched)
        {
            if (!assignment.IsFinished) continue;
            if (assignment.Range.Work.IsInternal) Chores--;
            Volatile.Write(ref _assignments[assignment.Batch % CallBoard.MaxBatches], null);
        }

        while (Oldest != Next && Find(Oldest) is null) Oldest++;
        int moved = _movedItems;
        _movedItems = 0;
        IsStuck = false;
        if (moved > 0)
        {
            long each = Math.Max(1, (now - MovedAt) / moved);
            Estimate = Estimate == 0 ? each : (Estimate + each) / 2;
        }

        MovedAt = now;
        if (moved > 0) touched[^1].Range.Work.Target.EstimatedTicks = Estimate;
        return moved;
    }

    public override void OnFrame(FrameKind kind, ReadOnlySpan<byte> body)
    {
        switch (kind)
        {
            case FrameKind.Doorbell:
                Collect();
                break;
            case FrameKind.Outcome:
                Settle(ResultRecord.Read(body), body[ResultRecord.HeaderLength..]);
                Move();
                break;
            case FrameKind.Item:
                AddItem(BinaryPrimitives.ReadUInt32LittleEndian(body), body);
                break;
            case FrameKind.Progress:
                Report(BinaryPrimitives.ReadUInt32LittleEndian(body), BinaryPrimitives.ReadInt32LittleEndian(body[sizeof(int)..]), body[(2 * sizeof(int))..]);
                break;
            case FrameKind.Will:
                var reader = new PayloadReader(body);
                HandlesInTransit.TakeOver(ref reader);
                break;
            default:
                throw new InvalidDataException($"{Origin} sent a frame of kind {(byte)kind}.");
        }
    }

    /// <summary>Ends a work's item with an error, after all that was reported for it.</summary>
    public void Fail(PoolWork work, int index, Exception error)
    {
        if (work.HasReported) _callbacks!.Post(() => work.Fail(index, error));
        else work.Fail(index, error);
    }

    protected override void OnConnected() => _core.Staff.OnConnected(this);

    protected override void OnEnded(WorkerEnd end)
    {
        HasEnded = true;
        try
        {
            // What it finished before it died is in the ring, shown or not.
            CollectTo(Volatile.Read(ref _board.Committed));
        }
        catch (InvalidDataException)
        {
            // Damaged by what killed it: those items count as lost.
        }

        _core.OnEnded(this, end);
        _callbacks?.Finish(static () => { });
        _shared?.Close();
        _board.Block.Release();
    }

    /// <summary>Long arguments do not go over the link, but are in memory that the worker opens once.</summary>
    private void AnnounceShared()
    {
        if (_knowsShared) return;
        _knowsShared = true;
        Link!.Append(FrameKind.Shared, _core.Heap!.Block!, static (ref PayloadWriter writer, SharedBlock block) => block.Write(ref writer));
    }

    private void Collect()
    {
        do CollectTo(Volatile.Read(ref _board.Published));
        while (!TrySleep());
    }

    /// <summary>From now on the worker rings; false where more has come meanwhile.</summary>
    private bool TrySleep()
    {
        Interlocked.Exchange(ref _board.ReaderSleeps, 1);
        if (Volatile.Read(ref _board.Published) == _consumed) return true;
        Interlocked.Exchange(ref _board.ReaderSleeps, 0);
        return false;
    }

    private void CollectTo(long end)
    {
        while (_consumed < end)
        {
            int contiguous = CallBoard.ContiguousFrom(_consumed);
            var results = new ResultCursor(_board.Ring(_consumed, (int)Math.Min(contiguous, end - _consumed)));
            bool isSkipped = false;
            while (!results.IsAtEnd && !isSkipped)
            {
                if (!results.TryPeek(out ResultRecord record)) throw Damaged();
                isSkipped = record.Length == ResultRecord.Skip;
                if (isSkipped) break;
                if (record.Status == ItemStatus.Returned && !record.IsShared) SettleReturned(ref results, record);
                else Settle(record, results.Take(record));
                MakeRoom(_consumed + results.Offset);
            }

            _consumed += isSkipped ? contiguous : results.Offset;
        }

        MakeRoom(_consumed);
        Move();
    }

    private void MakeRoom(long consumed)
    {
        Volatile.Write(ref _board.Consumed, consumed);
        if (Volatile.Read(ref _board.RoomWanted.Value) == 1 && Interlocked.Exchange(ref _board.RoomWanted.Value, 0) == 1) _board.RoomWanted.Wake();
    }

    /// <summary>Values mostly come many of a batch in a row.</summary>
    private void SettleReturned(ref ResultCursor results, ResultRecord record)
    {
        Assignment assignment = Locate(record.Batch);
        PoolWork work = assignment.Range.Work;
        if (work.HasReported)
        {
            Settle(record, results.Take(record));
            return;
        }

        long before = results.PayloadBytes;
        results.PauseAt = results.Offset + (CallBoard.RingLength / 8);
        int count = work.Complete(ref results, record.Batch, assignment.Range.First);
        if (count == 0) throw Damaged();
        Count(assignment, count, results.PayloadBytes - before);
    }

    private InvalidDataException Damaged() => new($"The results of {Origin} are damaged: a target wrote where it should not.");

    private Assignment Locate(uint batch)
    {
        if (_current is { } current && current.Batch == batch) return current;
        Assignment assignment = Find(batch) ?? throw new InvalidDataException($"{Origin} answers batch {batch}, which it does not have.");
        _touched.Add(assignment);
        return _current = assignment;
    }

    private void Count(Assignment assignment, int items, long bytes)
    {
        assignment.Done += items;
        assignment.Unsettled += items;
        _bytesReceived += bytes;
        if (assignment.Range.Work.IsInternal) return;
        _movedItems += items;
        Volatile.Write(ref _done, _done + items);
    }

    private void Settle(ResultRecord record, ReadOnlySpan<byte> payload)
    {
        if (!record.IsShared)
        {
            SettleOne(record, payload);
            return;
        }

        if (payload.Length != SegmentRange.EncodedLength) throw Damaged();
        SegmentRange range = SegmentRange.Read(payload);
        _shared ??= new SegmentViews(_board.Block);
        SettleOne(record, _shared.Read(range));
        _shared.Release(range);
    }

    private void SettleOne(ResultRecord record, ReadOnlySpan<byte> payload)
    {
        Assignment assignment = Locate(record.Batch);
        if (record.Status == ItemStatus.BatchLeft)
        {
            assignment.IsLeft = true;
            return;
        }

        PoolWork work = assignment.Range.Work;
        int index = assignment.Range.First + record.Index;
        Count(assignment, 1, payload.Length);
        if (record.Status == ItemStatus.Threw && !work.IsInternal) Volatile.Write(ref _failed, _failed + 1);
        if (work.HasReported) SettleLater(work, index, record.Status, payload.ToArray());
        else if (record.Status == ItemStatus.Returned) work.Complete(index, payload);
        else work.Fail(index, payload, Origin);
    }

    private void SettleLater(PoolWork work, int index, ItemStatus status, byte[] payload) => _callbacks!.Post(() =>
    {
        if (status == ItemStatus.Returned) work.Complete(index, payload);
        else work.Fail(index, payload, Origin);
    });

    private void Move()
    {
        if (_touched.Count == 0) return;
        _current = null;
        _core.OnMoved(this, _touched);
        _touched.Clear();
    }

    private void AddItem(uint batch, ReadOnlySpan<byte> body)
    {
        // Credit is counted in whole bodies, as the worker counts them.
        if (Find(batch)?.Range.Work is not CallWork work || !work.TryAddItem(this, batch, body[sizeof(uint)..], body.Length)) AddCredit(batch, body.Length);
    }

    private void Report(uint batch, int argument, ReadOnlySpan<byte> payload)
    {
        if (Find(batch)?.Range.Work is not { IsWanted: true } work) return;
        work.HasReported = true;
        byte[] kept = payload.ToArray();
        _callbacks ??= new CallbackThread($"Procgen callbacks {Name}");
        _callbacks.Post(() => work.Report(argument, kept));
    }
}
