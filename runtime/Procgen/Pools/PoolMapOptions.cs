namespace Procgen;

/// <summary>How a pool maps.</summary>
public class PoolMapOptions : PoolRunOptions
{
    /// <summary>
    /// How many items are sent to a worker together, at least, 1 or more; null for as many as take about a millisecond, as
    /// measured. A worker that is soon through with them is sent more at once, and gives back what it has not begun when another is free.
    /// Results, failures and timeouts are each item's own in any case. Python's <c>chunksize</c>.
    /// </summary>
    public int? ChunkSize { get; set; }

    /// <summary>Whether a stream's results come in the order of the items, or as they are done. Python's <c>imap</c> and <c>imap_unordered</c>.</summary>
    public bool Ordered { get; set; } = true;

    /// <summary>
    /// How many items may have been taken from the source and not been answered or, from a stream, not been read: 1 or more;
    /// null for as many as keep the workers busy: 65,536, or fewer where their results take more than 16 MiB.
    /// </summary>
    public int? MaxInFlight { get; set; }

    /// <summary>Hears how far the map has come, at most 20 times a second and once at its end. What it throws is ignored: the map goes on.</summary>
    public IProgress<MapProgress>? Progress { get; set; }
}
