using Procgen.Transport;

namespace Procgen.Launching;

/// <summary>A worker that has come to be, by whatever start method, and the way to its end of a link.</summary>
internal abstract class LaunchedWorker(NativeProcess process)
{
    public NativeProcess Process { get; } = process;

    /// <summary>Waits until the worker is there. Called once.</summary>
    /// <returns>Null where it will never be.</returns>
    public abstract ByteChannel? Connect();

    /// <summary>Ends a wait in <see cref="Connect"/>.</summary>
    public virtual void GiveUp()
    {
    }
}
