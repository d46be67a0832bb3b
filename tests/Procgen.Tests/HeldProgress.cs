namespace Procgen.Tests;

/// <summary>A progress that does not return before it is released.</summary>
internal sealed class HeldProgress : IProgress<int>, IDisposable
{
    private readonly ManualResetEventSlim _entered = new();
    private readonly ManualResetEventSlim _released = new();
    private readonly List<int> _heard = [];

    public bool IsEntered => _entered.IsSet;

    public int[] Heard
    {
        get
        {
            lock (_heard) return [.. _heard];
        }
    }

    public void Release() => _released.Set();

    public void Report(int value)
    {
        lock (_heard) _heard.Add(value);
        _entered.Set();
        _released.Wait();
    }

    /// <summary>Nobody is kept, whatever came of the test.</summary>
    public void Dispose() => Release();
}
