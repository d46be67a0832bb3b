using Procgen.Queues;

namespace Procgen.Connections;

/// <summary>One direction of a pipe as one of its ends sees it.</summary>
/// <param name="log">The messages.</param>
/// <param name="gate">Of the transport.</param>
/// <param name="peers">Who holds the other end.</param>
internal sealed class PipeDirection(ItemLog log, UseGate gate, EndHolders peers) : LogAccess(log, gate)
{
    protected override bool HasPeerGone() => peers.IsClosed();
}
