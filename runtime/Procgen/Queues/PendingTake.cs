using Procgen.Shared;

namespace Procgen.Queues;

/// <summary>A take that waits for an item without a thread.</summary>
internal sealed class PendingTake(ItemLog log, UseGate gate, TakeRequest request) : PendingWait<(TakeOutcome Outcome, QueueItem Item)>
{
    protected override bool TryTake(out (TakeOutcome Outcome, QueueItem Item) result, out WaitWord word, out int expected)
    {
        gate.ThrowIfClosed();
        word = log.Items.Word;
        expected = log.Items.Arm();
        ItemBuffer buffer = ItemBuffer.Rent();
        TakeOutcome outcome = log.TryTake(request, buffer, out TakenItem taken);
        result = (outcome, new QueueItem(buffer, taken.Length, taken.Run, taken.Lease));
        if (outcome != TakeOutcome.Done) buffer.Return();
        if (outcome == TakeOutcome.Empty) return false;
        SharedQueueState.PassOn(log);
        return true;
    }
}
