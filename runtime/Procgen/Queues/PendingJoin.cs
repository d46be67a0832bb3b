using Procgen.Shared;

namespace Procgen.Queues;

/// <summary>A join that waits without a thread.</summary>
internal sealed class PendingJoin(ItemLog log, UseGate gate) : PendingWait<bool>
{
    protected override bool TryTake(out bool result, out WaitWord word, out int expected)
    {
        gate.ThrowIfClosed();
        word = log.Idle.Word;
        expected = log.Idle.Arm();
        log.ReturnFromTheDead();
        return result = log.IsIdle;
    }
}
