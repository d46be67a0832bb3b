namespace Procgen.Launching;

/// <summary>The parent as its worker knows it: alive while the link is.</summary>
internal sealed class RemoteParent(string name, int id)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEvent _sentinel = new(false);

    public string Name { get; } = name;

    public int Id { get; } = id;

    public WaitHandle Sentinel => _sentinel;

    public Task Ended => _ended.Task;

    public void HasEnded()
    {
        _sentinel.Set();
        _ended.TrySetResult();
    }
}
