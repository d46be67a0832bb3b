namespace Procgen.Pools;

/// <summary>What the workers that have ended did, and what else is counted. Under the pool's lock.</summary>
internal sealed class PoolTotals
{
    public long Done { get; private set; }

    public long Failed { get; private set; }

    public long BytesSent { get; private set; }

    public long BytesReceived { get; private set; }

    /// <summary>Calls that lost their worker for the last time.</summary>
    public long Lost { get; set; }

    public long Retried { get; set; }

    public long Restarts { get; set; }

    public void Add(PoolMember member)
    {
        Done += member.Done;
        Failed += member.Failed;
        BytesSent += member.BytesSent;
        BytesReceived += member.BytesReceived;
    }
}
