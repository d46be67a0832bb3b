using System.Diagnostics.CodeAnalysis;
using Procgen.Queues;
using Procgen.Serialization;
using Procgen.Shared;

namespace Procgen;

public sealed partial class ProcessQueue<T>
{
    /// <summary>
    /// Takes the first item on trust; waits while there is none. The item comes back to the front when the lease is disposed
    /// without <see cref="QueueLease{T}.Complete"/>, and when this process dies.
    /// </summary>
    /// <exception cref="InvalidOperationException">Adding is completed, and no item is left or leased.</exception>
    public QueueLease<T> Lease() => Lease(CancellationToken.None);

    /// <inheritdoc cref="Lease()"/>
    /// <exception cref="OperationCanceledException">The token was cancelled; nothing was leased.</exception>
    public QueueLease<T> Lease(CancellationToken cancellationToken) =>
        _state.TryTake(lease: true, Deadline.Never, cancellationToken, out QueueItem item) == TakeOutcome.Done ? LeaseOf(item) : throw Completed();

    /// <summary>Leases the first item if there is one within a time.</summary>
    /// <param name="lease">The lease: dispose it.</param>
    /// <param name="timeout">How long to wait for an item; zero not to wait, <see cref="Timeout.InfiniteTimeSpan"/> for ever. A manager's server is asked in any case.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is leased then.</param>
    /// <returns>False when there was no item, at once when none will come.</returns>
    public bool TryLease([MaybeNullWhen(false)] out QueueLease<T> lease, TimeSpan timeout = default, CancellationToken cancellationToken = default)
    {
        bool found = _state.TryTake(lease: true, Deadline.After(timeout), cancellationToken, out QueueItem item) == TakeOutcome.Done;
        lease = found ? LeaseOf(item) : null;
        return found;
    }

    /// <summary>Leases the first item; the task waits while there is none, and no thread does.</summary>
    /// <exception cref="InvalidOperationException">Adding is completed, and no item is left or leased.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; nothing was leased.</exception>
    public async ValueTask<QueueLease<T>> LeaseAsync(CancellationToken cancellationToken = default)
    {
        (TakeOutcome outcome, QueueItem item) = await _state.TakeAsync(lease: true, cancellationToken).ConfigureAwait(false);
        return outcome == TakeOutcome.Done ? LeaseOf(item) : throw Completed();
    }

    private QueueLease<T> LeaseOf(in QueueItem item)
    {
        var receipt = new HandleReceipt();
        T value;
        try
        {
            value = Decode(item, receipt);
        }
        catch
        {
            // Nobody could read it: gone and counted, as after a take, or it would come back for ever.
            receipt.Confirm();
            _state.EndLease(item.Lease, completed: true);
            throw;
        }

        return new QueueLease<T>(_state, item.Lease, value, receipt);
    }
}
