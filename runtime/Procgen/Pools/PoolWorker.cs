using Procgen.Pools;

namespace Procgen;

/// <summary>One worker of a pool, as it is when the properties are read.</summary>
public sealed class PoolWorker
{
    private readonly PoolMember _member;

    internal PoolWorker(PoolMember member) => _member = member;

    /// <summary>Its process id.</summary>
    public int Id => _member.Process.Id;

    /// <summary>Its name: the pool's, and a number.</summary>
    public string Name => _member.Name;

    /// <summary>Its place in the pool, from 0, as <see cref="WorkerContext.WorkerIndex"/> there. A replacement takes its predecessor's.</summary>
    public int Index => _member.Index;

    /// <summary>How many calls have ended on it.</summary>
    public long CallsDone => _member.Done;

    /// <summary>The target that it is running; null while it is idle or gone.</summary>
    public string? RunningTarget => _member.RunningTarget;

    /// <summary>Its resident size in bytes; 0 where it is gone.</summary>
    public long Memory => _member.HasEnded ? 0 : ResidentMemory.Of(_member.Process.Id);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} (pid {Id})";
}
