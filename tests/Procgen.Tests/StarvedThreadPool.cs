namespace Procgen.Tests;

/// <summary>Until it is disposed, what is queued to this process's thread pool waits behind more blocked items than the pool gets threads for.</summary>
internal sealed class StarvedThreadPool : IDisposable
{
    private static readonly int Blocked = (4 * Environment.ProcessorCount) + 200;
    private readonly ManualResetEventSlim _release = new();
    private readonly CountdownEvent _gone = new(Blocked);

    public StarvedThreadPool()
    {
        for (int i = 0; i < Blocked; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(_ =>
            {
                _release.Wait();
                _gone.Signal();
            }, null);
        }
    }

    public void Dispose()
    {
        _release.Set();
        if (!_gone.Wait(TimeSpan.FromMinutes(1))) return; // They are still used.
        _gone.Dispose();
        _release.Dispose();
    }
}
