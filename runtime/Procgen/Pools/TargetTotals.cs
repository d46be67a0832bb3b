namespace Procgen.Pools;

/// <summary>What has become of a pool's calls of one target. Under the pool's lock.</summary>
internal sealed class TargetTotals(string name)
{
    public string Name { get; } = name;

    public long Done { get; set; }

    /// <summary>Of these, how many threw.</summary>
    public long Failed { get; set; }

    /// <summary>Calls that lost their worker for the last time.</summary>
    public long Lost { get; set; }

    public long Retried { get; set; }

    public long BytesSent { get; set; }

    public long BytesReceived { get; set; }

    /// <summary>How long calls waited that no histogram has recorded; null until somebody listens.</summary>
    public CallTimes? QueueTimes { get; private set; }

    /// <summary>How long they ran.</summary>
    public CallTimes? RunTimes { get; private set; }

    /// <summary>For histograms.</summary>
    public void Note(long queued, long ran, int count)
    {
        (QueueTimes ??= new CallTimes()).Add(queued, count);
        (RunTimes ??= new CallTimes()).Add(ran, count);
    }
}
