using System.Collections.Concurrent;

namespace Procgen;

/// <summary>
/// What a target may know about the worker that runs it. Taken as a parameter (it does not appear in the stub) or read
/// from <see cref="Current"/>.
/// </summary>
public sealed class WorkerContext
{
    private static readonly AsyncLocal<WorkerContext?> Here = new();
    private static WorkerContext? _process;
    private static bool _hasThreads;
    private ConcurrentDictionary<Type, Lazy<object>>? _services;
    private ConcurrentDictionary<string, object?>? _state;

    internal WorkerContext(string workerName, int workerIndex)
    {
        WorkerName = workerName;
        WorkerIndex = workerIndex;
    }

    /// <summary>The context of this worker; null in code that runs in none.</summary>
    public static WorkerContext? Current => _process ?? (_hasThreads ? Here.Value : null);

    /// <summary>The worker's name, as <c>CurrentProcess.Name</c>.</summary>
    public string WorkerName { get; }

    /// <summary>The worker's place in its pool, from 0; 0 in a process of its own.</summary>
    public int WorkerIndex { get; }

    /// <summary>How many calls this worker has begun, the running one included.</summary>
    public int CallCount { get; internal set; }

    /// <summary>What an initializer leaves for the calls after it: this worker's own, gone with it.</summary>
    public IDictionary<string, object?> State => LazyInitializer.EnsureInitialized(ref _state, static () => new ConcurrentDictionary<string, object?>());

    /// <summary>The token of the running call: there is one at a time.</summary>
    public CancellationToken CancellationToken { get; internal set; }

    /// <summary>One object of each type per worker, made at the first call and disposed when the worker ends.</summary>
    /// <typeparam name="T">The object's type, which is its key.</typeparam>
    /// <param name="create">Makes it; runs once, also with concurrent callers; where it throws, the next call runs it again.</param>
    public T GetOrAdd<T>(Func<T> create)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(create);
        ConcurrentDictionary<Type, Lazy<object>> services = LazyInitializer.EnsureInitialized(ref _services, static () => new ConcurrentDictionary<Type, Lazy<object>>());
        Lazy<object> service = services.GetOrAdd(typeof(T), static (_, make) => new Lazy<object>(make), create);
        try
        {
            return (T)service.Value;
        }
        catch
        {
            // It keeps the exception; the next call may have better luck.
            services.TryRemove(new KeyValuePair<Type, Lazy<object>>(typeof(T), service));
            throw;
        }
    }

    /// <summary>This process is the worker.</summary>
    internal static void Become(WorkerContext? context) => _process = context;

    /// <summary>The calling thread is the worker, with what is awaited from it.</summary>
    internal static void EnterThread(WorkerContext context)
    {
        Here.Value = context;
        Volatile.Write(ref _hasThreads, true);
    }

    /// <summary>Disposes all of them, also where one throws.</summary>
    /// <returns>What the first that did has thrown.</returns>
    internal Exception? DisposeServices()
    {
        Exception? failure = null;
        if (_services is null) return failure;
        foreach (Lazy<object> service in _services.Values)
        {
            try
            {
                if (service.IsValueCreated && service.Value is IDisposable disposable) disposable.Dispose();
            }
            catch (Exception error)
            {
                failure ??= error;
            }
        }

        return failure;
    }
}
