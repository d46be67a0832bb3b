using Procgen.CompilerServices;
using Procgen.Serialization;
using Procgen.Shared;
using Procgen.Synchronization;

namespace Procgen.Queues;

/// <summary>
/// Where a queue's items live, behind the public type: in shared memory (<see cref="SharedQueueState"/>), or in another
/// process that is asked. Deals in encoded items.
/// </summary>
/// <remarks>Thread-safe. One instance per handle object; disposing it ends the calls that are inside with ObjectDisposedException.</remarks>
internal abstract class QueueState : IDisposable
{
    /// <summary>How many items there may be; 0 for any number.</summary>
    public abstract int MaxSize { get; }

    /// <summary>Items that can be taken now.</summary>
    public abstract int Count { get; }

    public abstract bool IsFull { get; }

    public abstract bool IsAddingCompleted { get; }

    public abstract bool IsCompleted { get; }

    /// <summary>Puts an item.</summary>
    /// <param name="item">The encoded item.</param>
    /// <param name="handles">What the handles in it lead to; the caller's, and null where there are none.</param>
    /// <param name="deadline">When to stop waiting for space.</param>
    /// <param name="cancellationToken">Ends the wait; the item is not put then.</param>
    /// <returns>False when the time was up first.</returns>
    /// <exception cref="InvalidOperationException">Adding was completed.</exception>
    public abstract bool TryPut(ReadOnlySpan<byte> item, HandleScope? handles, Deadline deadline, CancellationToken cancellationToken);

    /// <summary>Puts an item and gives the buffer back.</summary>
    public abstract ValueTask PutAsync(ItemBuffer item, HandleScope? handles, CancellationToken cancellationToken);

    /// <summary>Takes or leases an item.</summary>
    /// <param name="lease">Lease it.</param>
    /// <param name="deadline">When to stop waiting for one.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is lost.</param>
    /// <param name="item">What was taken, if the outcome is Done: then release it.</param>
    public abstract TakeOutcome TryTake(bool lease, Deadline deadline, CancellationToken cancellationToken, out QueueItem item);

    /// <summary>Takes or leases an item.</summary>
    public abstract ValueTask<(TakeOutcome Outcome, QueueItem Item)> TakeAsync(bool lease, CancellationToken cancellationToken);

    /// <summary>The item's bytes, until it is released.</summary>
    public abstract ReadOnlySpan<byte> BytesOf(in QueueItem item);

    /// <summary>Gives back what holds the item's bytes. Once.</summary>
    public abstract void Release(in QueueItem item);

    /// <summary>Ends a lease: the item is done and gone, or at the front again.</summary>
    public abstract void EndLease(long lease, bool completed);

    public abstract void CompleteAdding();

    /// <summary>Reports one item done.</summary>
    /// <returns>False when as many were reported as were put.</returns>
    public abstract bool TryReportDone();

    /// <summary>Waits until every item was reported done.</summary>
    /// <returns>False when the time was up first.</returns>
    public abstract bool Join(Deadline deadline);

    public abstract Task JoinAsync(CancellationToken cancellationToken);

    /// <summary>Writes where the items live, and what another process needs to open the same queue.</summary>
    public abstract void WriteHandle(ref PayloadWriter writer);

    public abstract void Dispose();

    public static QueueState Read(ref PayloadReader reader)
    {
        HandleKind kind = HandleKinds.Read(ref reader);
        return kind == HandleKind.Shared ? SharedQueueState.ReadShared(ref reader) : HostedStates.Read<QueueState>(kind, ref reader);
    }
}

/// <summary>An item that was taken from a <see cref="QueueState"/>.</summary>
/// <param name="Buffer">Holds its bytes, unless <paramref name="Run"/> does.</param>
/// <param name="Length">How many bytes it has.</param>
/// <param name="Run">The pages that hold a large item; 0 for none.</param>
/// <param name="Lease">Names the lease; 0 when it was taken for good.</param>
internal readonly record struct QueueItem(ItemBuffer Buffer, int Length, uint Run, long Lease);
