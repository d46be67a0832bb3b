using Procgen.Transport;

namespace Procgen.Worker;

/// <summary>
/// The thread that watches the link of a process for one call. It can be made before it is known who will hear what it
/// reads: to make it takes longer than all of an empty call.
/// </summary>
internal sealed class LinkReader
{
    private readonly object _gate = new();
    private readonly Link _link;
    private IFrameHandler? _handler;

    public LinkReader(Link link)
    {
        _link = link;
        new Thread(Run, 256 * 1024) { IsBackground = true, Name = "Procgen reader" }.UnsafeStart();
    }

    /// <summary>From now on nobody else may read the link.</summary>
    public void Begin(IFrameHandler handler)
    {
        lock (_gate)
        {
            _handler = handler;
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        IFrameHandler handler;
        lock (_gate)
        {
            while (_handler is null) Monitor.Wait(_gate);
            handler = _handler;
        }

        _link.ReadFrames(handler);
    }
}
