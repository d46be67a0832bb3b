using System.Runtime.CompilerServices;
using Procgen.Queues;
using Procgen.Serialization;
using Procgen.Shared;

namespace Procgen;

public sealed partial class ProcessQueue<T>
{
    /// <summary>Appends an item; the task waits while the queue is full, and no thread does. The item is encoded before this returns.</summary>
    /// <exception cref="InvalidOperationException">Adding was completed, also while waiting.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; the item was not put.</exception>
    public async ValueTask PutAsync(T item, CancellationToken cancellationToken = default)
    {
        ItemBuffer buffer = ItemBuffer.Rent();
        HandleScope? handles = ItemEncoder.Encode(_codec, item, buffer);
        try
        {
            await _state.PutAsync(buffer, handles, cancellationToken).ConfigureAwait(false);
        }
        catch (ConnectionLostException)
        {
            handles?.Dispose(); // Whether a manager that is gone has put it, nobody knows.
            throw;
        }
        catch
        {
            handles?.Withdraw();
            throw;
        }

        HandlesInTransit.Keep(handles);
    }

    /// <summary>Removes the first item; the task waits while there is none, and no thread does.</summary>
    /// <exception cref="InvalidOperationException">Adding is completed and no item is left.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; nothing was taken.</exception>
    public async ValueTask<T> TakeAsync(CancellationToken cancellationToken = default)
    {
        (TakeOutcome outcome, QueueItem item) = await _state.TakeAsync(lease: false, cancellationToken).ConfigureAwait(false);
        return outcome == TakeOutcome.Done ? Decode(item) : throw Completed();
    }

    /// <summary>Takes items until adding is completed and none is left; waits for each without a thread.</summary>
    /// <param name="cancellationToken">Ends the enumeration with an OperationCanceledException; nothing is lost.</param>
    public async IAsyncEnumerable<T> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            (TakeOutcome outcome, QueueItem item) = await _state.TakeAsync(lease: false, cancellationToken).ConfigureAwait(false);
            if (outcome != TakeOutcome.Done) yield break;
            yield return Decode(item);
        }
    }

    /// <summary>Waits until every item that was put has been reported done; no thread waits.</summary>
    public Task JoinAsync(CancellationToken cancellationToken = default) => _state.JoinAsync(cancellationToken);
}
