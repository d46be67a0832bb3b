using System.Buffers.Binary;
using Procgen.Calls;
using Procgen.Launching;
using Procgen.Shared;

namespace Procgen.Pools;

/// <summary>
/// How a worker's results come back: from the ring, from shared memory beside it or in frames, to the works that wait for
/// them. The worker's link thread does all of it; others read the counters.
/// </summary>
internal sealed class MemberResults(PoolMember member, PoolCore core)
{
    private readonly CallBoard _board = member.Board;
    private readonly List<Assignment> _touched = [];
    private Assignment? _current;
    private CallbackThreads? _callbacks;
    private SegmentViews? _shared;
    private long _consumed;
    private long _done;
    private long _failed;
    private long _bytes;

    /// <summary>Calls that have ended here.</summary>
    public long Done => Volatile.Read(ref _done);

    public long Failed => Volatile.Read(ref _failed);

    public long Bytes => Volatile.Read(ref _bytes);

    // Also for a work that reported elsewhere and was run again here.
    private CallbackThreads Callbacks => _callbacks ??= new CallbackThreads($"Procgen callbacks {member.Name}");

    /// <summary>Takes what the worker has shown, until there is no more.</summary>
    public void Collect()
    {
        do CollectTo(Volatile.Read(ref _board.Published));
        while (!TrySleep());
    }

    /// <summary>The worker is dead: takes what it had finished, shown or not.</summary>
    public void CollectLast()
    {
        try
        {
            CollectTo(Volatile.Read(ref _board.Committed));
        }
        catch (Exception)
        {
            // Damaged by what killed it, or its shared memory is out of reach: those items count as lost, and the rest of its end must follow.
            Move();
        }
    }

    /// <summary>Takes one that came as a frame.</summary>
    public void Collect(ReadOnlySpan<byte> outcome)
    {
        Settle(ResultRecord.Read(outcome), outcome[ResultRecord.HeaderLength..]);
        Move();
    }

    /// <summary>Ends a work's item with an error, after all that was reported for it.</summary>
    public void Fail(PoolWork work, int index, Exception error)
    {
        if (work.HasReported) EndLater(work, () => work.Fail(index, error));
        else work.Fail(index, error);
    }

    /// <summary>Has an item run again when all that it reported here has been heard: from another worker reports come on another thread. Under the pool's lock.</summary>
    public void RunAgainLater(WorkRange again)
    {
        core.Queue.Hold(again);
        Callbacks.Post(again.Work, () => core.RunAgain(again));
    }

    /// <summary>A stream's item.</summary>
    public void AddItem(ReadOnlySpan<byte> body)
    {
        uint batch = BinaryPrimitives.ReadUInt32LittleEndian(body);

        CallWork? work = member.Find(batch)?.Range.Work as CallWork;
        if (work is not null && work.TryAddItem(member, batch, body[sizeof(uint)..], body.Length)) return;

        // Credit is counted in whole bodies, as the worker counts them.
        member.AddCredit(batch, body.Length);
        if (work is { IsForsaken: true }) core.Withdraw(work);
    }

    /// <summary>A value for a caller's progress.</summary>
    public void Report(ReadOnlySpan<byte> body)
    {
        if (member.Find(BinaryPrimitives.ReadUInt32LittleEndian(body)) is not { Range.Work: { IsWanted: true } work } assignment) return;
        int item = BinaryPrimitives.ReadInt32LittleEndian(body[sizeof(uint)..]);
        if ((uint)item >= (uint)assignment.Range.Count) throw new InvalidDataException($"{member.Origin} reports for item {item} of {assignment.Range.Count}.");
        int argument = BinaryPrimitives.ReadInt32LittleEndian(body[(2 * sizeof(int))..]);
        byte[] kept = body[(3 * sizeof(int))..].ToArray();
        int index = assignment.Range.First + item;
        work.HasReported = true;
        Callbacks.Post(work, () =>
        {
            work.Report(index, argument, kept);
            if (work is CallWork { IsForsaken: true } call) core.Withdraw(call);
        });
    }

    /// <summary>Nothing follows any more.</summary>
    public void Close()
    {
        _callbacks?.Finish();
        _shared?.Close();
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
            long from = _consumed;
            int contiguous = CallBoard.ContiguousFrom(from);
            var results = new ResultCursor(_board.Ring(from, (int)Math.Min(contiguous, end - from)));
            bool isSkipped = false;
            while (!results.IsAtEnd && !isSkipped)
            {
                if (!results.TryPeek(out ResultRecord record)) throw Damaged();
                isSkipped = record.Length == ResultRecord.Skip;
                if (isSkipped) break;
                if (record.Status == ItemStatus.Returned && !record.IsShared) SettleReturned(ref results, record);
                else Settle(record, results.Take(record));

                // At once: where what follows is damaged, nobody must take this again.
                _consumed = from + results.Offset;
                MakeRoom(_consumed);
            }

            if (isSkipped) _consumed = from + contiguous;
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

        // A call is counted before its caller is told: it is not with the worker any more when the caller's next one comes.
        if (work.HasReported || assignment.Range.Count == 1 || IsOverdue(record.Batch))
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

    private InvalidDataException Damaged() => new($"The results of {member.Origin} are damaged: a target wrote where it should not.");

    private Assignment Locate(uint batch)
    {
        if (_current is { } current && current.Batch == batch) return current;
        Assignment assignment = member.Find(batch) ?? throw new InvalidDataException($"{member.Origin} answers batch {batch}, which it does not have.");
        _touched.Add(assignment);
        return _current = assignment;
    }

    private void Count(Assignment assignment, int items, long bytes)
    {
        assignment.Done += items;
        assignment.Unsettled += items;
        Volatile.Write(ref _bytes, _bytes + bytes);
        assignment.UnsettledBytes += bytes;
        if (!assignment.Range.Work.IsInternal) Volatile.Write(ref _done, _done + items);
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

        // Here, as the end may be told elsewhere, where nobody would take the error.
        if ((uint)record.Index >= (uint)assignment.Range.Count) throw Damaged();
        if (IsOverdue(record.Batch) && member.TimedOut!.Value.Index == record.Index) return;
        PoolWork work = assignment.Range.Work;
        int index = assignment.Range.First + record.Index;
        Count(assignment, 1, payload.Length);
        if (record.Status == ItemStatus.Threw && !work.IsInternal)
        {
            Volatile.Write(ref _failed, _failed + 1);
            assignment.UnsettledFailures++;
        }

        if (work.HasReported) SettleLater(work, index, record.Status, payload.ToArray());
        else if (record.Status == ItemStatus.Returned) work.Complete(index, payload);
        else work.Fail(index, payload, member.Origin);
    }

    /// <summary>
    /// An item of that batch has outlasted its time on a thread, which cannot be killed. What it says when it sees its token comes too
    /// late: it is lost, as a killed one is, and run again where that is asked for.
    /// </summary>
    private bool IsOverdue(uint batch) => !member.Process.CanBeKilled && member.TimedOut?.Batch == batch;

    private void SettleLater(PoolWork work, int index, ItemStatus status, byte[] payload) => EndLater(work, () =>
    {
        if (status == ItemStatus.Returned) work.Complete(index, payload);
        else work.Fail(index, payload, member.Origin);
    });

    private void EndLater(PoolWork work, Action end)
    {
        work.BeLate();
        LinkedListNode<PoolWork> untold = core.Life.BeginTelling(work);
        Callbacks.Post(work, () =>
        {
            end();
            work.EndLate();
            core.Life.EndTelling(untold);
        });
    }

    private void Move()
    {
        if (_touched.Count == 0) return;
        _current = null;
        core.OnMoved(member, _touched);
        _touched.Clear();
    }
}
