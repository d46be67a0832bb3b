using Procgen.Launching;
using Procgen.Shared;

namespace Procgen;

/// <summary>The process that started this one. Python's <c>parent_process()</c>.</summary>
public sealed class ParentProcess
{
    private readonly RemoteParent _parent;

    internal ParentProcess(RemoteParent parent) => _parent = parent;

    /// <summary>Its name when it started this process.</summary>
    public string Name => _parent.Name;

    /// <summary>Its process id.</summary>
    public int Id => _parent.Id;

    /// <summary>Whether it still runs. This process ends as soon as it does not.</summary>
    public bool IsAlive => !_parent.Ended.IsCompleted;

    /// <summary>Signalled when it has ended.</summary>
    public WaitHandle Sentinel => _parent.Sentinel;

    /// <summary>Waits until it has ended.</summary>
    /// <param name="timeout">At most so long; null or <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <returns>Whether it has ended.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative and not infinite.</exception>
    public bool Join(TimeSpan? timeout = null) => Deadline.After(timeout).Wait(Sentinel.WaitOne);

    /// <summary>Waits until it has ended.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WaitForExitAsync(CancellationToken cancellationToken = default) => _parent.Ended.WaitAsync(cancellationToken);
}
