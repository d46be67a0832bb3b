using Procgen.Calls;

namespace Procgen.Managers;

/// <summary>Disposes users' objects, one after the other and on a thread of its own: one that takes its time delays no client.</summary>
internal sealed class ObjectDisposal
{
    private readonly object _gate = new();
    private CallbackThread? _thread;
    private bool _isFinished;

    /// <summary>Disposes an object, if it is disposable.</summary>
    /// <param name="name">Its type, for messages.</param>
    /// <param name="value">The object.</param>
    public void Add(string name, object value)
    {
        if (value is not (IAsyncDisposable or IDisposable)) return;
        lock (_gate)
        {
            if (_isFinished) return;
            _thread ??= new CallbackThread("Procgen manager disposal");
            _thread.Post(() => Dispose(name, value));
        }
    }

    /// <summary>Waits until everything that was added is disposed.</summary>
    public void Finish(TimeSpan limit)
    {
        using var done = new ManualResetEventSlim();
        lock (_gate)
        {
            _isFinished = true;
            if (_thread is null) return;
            _thread.Finish(done.Set);
        }

        done.Wait(limit);
    }

    private static void Dispose(string name, object value)
    {
        try
        {
            if (value is IAsyncDisposable asynchronous) asynchronous.DisposeAsync().AsTask().GetAwaiter().GetResult();
            else ((IDisposable)value).Dispose();
        }
        catch (Exception error)
        {
            // Nobody is left to be told.
            Console.Error.WriteLine($"Procgen: a {name} in the manager's server could not be disposed:{Environment.NewLine}{error}");
        }
    }
}
