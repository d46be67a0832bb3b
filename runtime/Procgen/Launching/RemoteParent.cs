namespace Procgen.Launching;

/// <summary>The parent as its worker knows it: alive while the link is.</summary>
/// <remarks>Few workers ever wait for it: what they would wait on is made when it is asked for.</remarks>
internal sealed class RemoteParent(string name, int id)
{
    private readonly object _gate = new();
    private TaskCompletionSource? _ended;
    private ManualResetEvent? _sentinel;
    private bool _hasEnded;

    public string Name { get; } = name;

    public int Id { get; } = id;

    public WaitHandle Sentinel
    {
        get
        {
            lock (_gate) return _sentinel ??= new ManualResetEvent(_hasEnded);
        }
    }

    public Task Ended
    {
        get
        {
            lock (_gate)
            {
                if (_hasEnded) return Task.CompletedTask;
                _ended ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return _ended.Task;
            }
        }
    }

    public void HasEnded()
    {
        lock (_gate)
        {
            _hasEnded = true;
            _sentinel?.Set();
            _ended?.TrySetResult();
        }
    }
}
