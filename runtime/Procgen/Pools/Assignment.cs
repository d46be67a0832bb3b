using Procgen.Calls;
using Procgen.CompilerServices;
using Procgen.Framing;

namespace Procgen.Pools;

/// <summary>A batch at a worker.</summary>
/// <param name="member">The worker.</param>
/// <param name="batch">Its number there.</param>
/// <param name="range">What was sent.</param>
internal sealed class Assignment(PoolMember member, uint batch, WorkRange range)
{
    public static readonly FrameBody<Assignment> Write = static (ref PayloadWriter writer, Assignment assignment) =>
    {
        PoolWork work = assignment.Range.Work;
        new BatchHeader(assignment.Batch, assignment.Range.Count, work.Options.IsTimed, work.Items.Segment is not null, work.IsInternal, work.Target.ModuleVersionId, work.Target.Id, work.Options.TraceParent)
            .Write(ref writer);
        assignment.Range.Write(ref writer);
    };

    private int? _kept;

    public PoolMember Member { get; } = member;

    public uint Batch { get; } = batch;

    public WorkRange Range { get; } = range;

    /// <summary>Items that have ended. Counted by the worker's link thread.</summary>
    public int Done { get; set; }

    /// <summary>Items that have ended and are not settled. The link thread's.</summary>
    public int Unsettled { get; set; }

    /// <summary>How many of those threw. The link thread's.</summary>
    public int UnsettledFailures { get; set; }

    /// <summary>How long their results were. The link thread's.</summary>
    public long UnsettledBytes { get; set; }

    /// <summary>When it was sent, by the system's monotonic clock.</summary>
    public long SentAt { get; init; }

    /// <summary>The worker is past it, though the rest had been taken back.</summary>
    public bool IsLeft { get; set; }

    /// <summary>The rest has been taken back. Under the pool's lock.</summary>
    public bool IsTakenBack => _kept != null;

    /// <summary>No more of it comes: what came in a frame may be taken after what the worker said in the ring later.</summary>
    public bool IsFinished => _kept is int kept ? IsLeft && Done == kept : Done == Range.Count;

    /// <summary>The items behind the first <paramref name="kept"/> have been taken back. Under the pool's lock.</summary>
    public void KeepOnly(int kept) => _kept = kept;
}
