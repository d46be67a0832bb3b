using Procgen.Queues;
using Procgen.Shared;

namespace Procgen.Connections;

/// <summary>One direction of a pipe as one of its ends sees it.</summary>
/// <param name="log">The messages.</param>
/// <param name="gate">Of the transport.</param>
/// <param name="peers">Who holds the other end.</param>
/// <param name="flags">The pipe's flags: <see cref="PipeLayout.Flags"/>.</param>
internal sealed class PipeDirection(ItemLog log, UseGate gate, EndHolders peers, WaitWord flags) : LogAccess(log, gate)
{
    /// <summary>Where the other end is served by a thread that many pipes share: what it sleeps on. Set before the first use.</summary>
    public PipeBell? Bell { get; set; }

    /// <summary>Whether nobody holds the other end, without a look whether the holders live.</summary>
    public bool IsLetGo => peers.IsLetGo;

    public override bool HasPeerGone() => peers.IsClosed();

    protected override void OnPut()
    {
        if (Bell is { } bell && (flags.Read() & PipeLayout.RingsBell) != 0) bell.Ring();
    }
}
