using Procgen.CompilerServices;
using Procgen.Serialization;
using Procgen.Shared;
using Procgen.Synchronization;

namespace Procgen.Queues;

/// <summary>A queue in shared memory: one <see cref="ItemLog"/> with leases and reports of what is done.</summary>
internal sealed class SharedQueueState : QueueState
{
    private readonly QueueMemory _memory;
    private readonly UseGate _gate;
    private readonly LogAccess _access;

    private SharedQueueState(QueueMemory memory)
    {
        _memory = memory;
        _gate = new UseGate(typeof(ProcessQueue<>), memory.Dispose);
        _access = new LogAccess(memory.Open(0), _gate);
    }

    public override int MaxSize => Log.MaxItems;

    public override int Count => Inside(static state => state.CountNow());

    public override bool IsFull => Inside(static state => state.Log.Tail.IsFull());

    public override bool IsAddingCompleted => Inside(static state => state.Log.Tail.IsCompleted);

    public override bool IsCompleted => Inside(static state =>
        state.Log.Tail.IsCompleted && state.CountNow() == 0 && state.Log.Head.IsCompleted());

    /// <summary>Pages that were ever used: what the queue may hold in memory at most.</summary>
    public uint PagesUsed => _memory.Heap.Top;

    public ItemLog Log => _access.Log;

    public static SharedQueueState Create(int maxSize) => new(QueueMemory.Create(logs: 1, extra: 0, maxSize, maxVolume: 0));

    public static SharedQueueState ReadShared(ref PayloadReader reader) => new(QueueMemory.Read(ref reader));

    /// <summary>Another handle on the same memory, mapped again as another process would: for tests.</summary>
    public SharedQueueState OpenAgain() => new(_memory.OpenAgain());

    public override void WriteHandle(ref PayloadWriter writer)
    {
        _gate.Enter();
        try
        {
            HandleKinds.Write(ref writer, HandleKind.Shared);
            _memory.WriteHandle(ref writer);
        }
        finally
        {
            _gate.Exit();
        }
    }

    public override bool TryPut(ReadOnlySpan<byte> item, HandleScope? handles, Deadline deadline, CancellationToken cancellationToken) =>
        IsDone(_access.Put(item, ItemKind.Message, deadline, cancellationToken));

    public override async ValueTask PutAsync(ItemBuffer item, HandleScope? handles, CancellationToken cancellationToken) =>
        IsDone(await _access.PutAsync(item, ItemKind.Message, cancellationToken).ConfigureAwait(false));

    public override TakeOutcome TryTake(bool lease, Deadline deadline, CancellationToken cancellationToken, out QueueItem item) =>
        _access.Take(new TakeRequest(Lease: lease), deadline, cancellationToken, out item);

    public override ValueTask<(TakeOutcome Outcome, QueueItem Item)> TakeAsync(bool lease, CancellationToken cancellationToken) =>
        _access.TakeAsync(new TakeRequest(Lease: lease), cancellationToken);

    public override ReadOnlySpan<byte> BytesOf(in QueueItem item) => _access.BytesOf(item);

    public override void Release(in QueueItem item) => _access.Release(item);

    public override void EndLease(long lease, bool completed)
    {
        try
        {
            if (completed) Log.FinishLease((int)lease, counts: true);
            else Log.ReturnLease((int)lease);
        }
        finally
        {
            _gate.Exit();
        }
    }

    public override void CompleteAdding() => Inside(static state =>
    {
        state.Log.Complete();
        return true;
    });

    public override bool TryReportDone() => Inside(static state => state.Log.TryReportDone());

    public override bool Join(Deadline deadline)
    {
        _gate.Enter();
        try
        {
            using Parking parking = new(Log.Idle, deadline, _gate, CancellationToken.None);
            while (!Log.IsIdle)
            {
                if (!parking.Sleep()) return false;
                Log.ReturnFromTheDead();
            }

            return true;
        }
        finally
        {
            _gate.Exit();
        }
    }

    public override async Task JoinAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _gate.Enter();
        try
        {
            if (!Log.IsIdle) await new PendingJoin(Log, _gate).StartAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _gate.Exit();
        }
    }

    public override void Dispose()
    {
        if (!_gate.Close()) return;
        _access.Shake();
        Log.Idle.Shake();
        _gate.Exit();
    }

    private static bool IsDone(PutOutcome outcome) => outcome == PutOutcome.Completed
        ? throw QueueErrors.AddingCompleted()
        : outcome == PutOutcome.Done;

    private TResult Inside<TResult>(Func<SharedQueueState, TResult> action)
    {
        _gate.Enter();
        try
        {
            return action(this);
        }
        finally
        {
            _gate.Exit();
        }
    }

    private int CountNow()
    {
        Log.ReturnFromTheDead();
        return Log.Count;
    }
}
