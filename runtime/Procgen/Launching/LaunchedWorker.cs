using Procgen.Framing;
using Procgen.Transport;

namespace Procgen.Launching;

/// <summary>A worker that has come to be, by whatever start method, and the way to its end of a link.</summary>
internal abstract class LaunchedWorker(NativeProcess process)
{
    public NativeProcess Process { get; } = process;

    /// <summary>How it has come to be, whatever was asked for.</summary>
    public abstract StartMethod StartMethod { get; }

    /// <summary>Whether it is there already, so that <see cref="Connect"/> returns at once.</summary>
    public virtual bool IsConnected => false;

    /// <summary>What it has to be told before all else.</summary>
    public virtual void Greet(FrameBuffer frames)
    {
    }

    /// <summary>Waits until the worker is there. Called once.</summary>
    /// <returns>Null where it will never be.</returns>
    public abstract ByteChannel? Connect();

    /// <summary>Ends a wait in <see cref="Connect"/>.</summary>
    public virtual void GiveUp()
    {
    }
}
