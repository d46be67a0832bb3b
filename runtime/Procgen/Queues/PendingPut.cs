using Procgen.Shared;

namespace Procgen.Queues;

/// <summary>A put that waits for space without a thread.</summary>
internal sealed class PendingPut(LogAccess access, PreparedItem item, ItemBuffer payload) : PendingWait<PutOutcome>
{
    protected override bool TryTake(out PutOutcome result, out WaitWord word, out int expected)
    {
        access.Gate.ThrowIfClosed();
        word = access.Log.Space.Word;
        expected = access.Log.Space.Arm();
        result = access.TryPut(item, payload.Written);
        if (result == PutOutcome.Full) return false;
        access.PassOnSpace();
        return true;
    }
}
