using Procgen.Shared;

namespace Procgen.Queues;

/// <summary>A take that waits for an item without a thread.</summary>
internal sealed class PendingTake(LogAccess access, TakeRequest request) : PendingWait<(TakeOutcome Outcome, QueueItem Item)>
{
    protected override bool TryTake(out (TakeOutcome Outcome, QueueItem Item) result, out WaitWord word, out int expected)
    {
        access.Gate.ThrowIfClosed();
        word = access.Log.Items.Word;
        expected = access.Log.Items.Arm();
        TakeOutcome outcome = access.TryTake(request, out QueueItem item);
        result = (outcome, item);
        if (outcome == TakeOutcome.Empty) return false;
        access.PassOnItems();
        return true;
    }
}
