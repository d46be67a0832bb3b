using Procgen.Queues;

namespace Procgen.Tests.Queues;

/// <summary>A queue and handles on it that are mapped again, as other processes would have them.</summary>
internal sealed class QueueFixture<T> : IDisposable
{
    private readonly List<ProcessQueue<T>> _handles = [];

    public QueueFixture(int maxSize = 0) => _handles.Add(Queue = new ProcessQueue<T>(maxSize));

    public ProcessQueue<T> Queue { get; }

    public ProcessQueue<T> OpenAgain()
    {
        ProcessQueue<T> handle = new(((SharedQueueState)Queue.State).OpenAgain());
        _handles.Add(handle);
        return handle;
    }

    public void Dispose() => _handles.ForEach(handle => handle.Dispose());
}
