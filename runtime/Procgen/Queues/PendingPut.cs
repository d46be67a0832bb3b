using Procgen.Shared;

namespace Procgen.Queues;

/// <summary>A put that waits for space without a thread.</summary>
internal sealed class PendingPut(ItemLog log, UseGate gate, PreparedItem item, ItemBuffer payload) : PendingWait<PutOutcome>
{
    protected override bool TryTake(out PutOutcome result, out WaitWord word, out int expected)
    {
        gate.ThrowIfClosed();
        word = log.Space.Word;
        expected = log.Space.Arm();
        result = log.TryPut(item, payload.Written);
        if (result == PutOutcome.Full) return false;
        log.Space.Arm();
        if (!log.Tail.IsFull()) log.Space.Notify();
        return true;
    }
}
