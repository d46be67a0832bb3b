using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Procgen.Calls;
using Procgen.CompilerServices;
using Procgen.Managers;

namespace Procgen;

/// <summary>
/// Objects in a server process, shared by processes of this machine or others through typed proxies. Python's
/// <c>multiprocessing.Manager</c>.
/// </summary>
/// <remarks>
/// <para>
/// The server ends with the process that started it, or by <see cref="Shutdown"/>; a caller that waits for it then gets a
/// <see cref="ConnectionLostException"/> at once. So does a process that the server takes for gone, after its network was cut:
/// it connects again. Thread-safe.
/// </para>
/// <para>
/// A server that is there but does not answer, because it is stopped or hangs, keeps those who wait for ever. Whoever uses a queue
/// or lock of it with a time limit, zero too, or a token, waits about 10 seconds longer than that, and then gives the server up,
/// for the whole process: all its uses are a <see cref="ConnectionLostException"/> from then on, and what the process held, locks,
/// leases and proxies, is lost. <see cref="Connect"/> again, and find or make everything anew. Given up, too, is a server to which a
/// further connection takes longer than <see cref="ProcessClientOptions.ConnectTimeout"/>.
/// </para>
/// </remarks>
/// <example><code>
/// using ProcessManager manager = ProcessManager.Start();
/// ManagedDictionary&lt;string, int&gt; counts = manager.CreateDictionary&lt;string, int&gt;();
/// </code></example>
public sealed partial class ProcessManager : IDisposable, IAsyncDisposable
{
    private readonly ManagerClient _client;
    private readonly ChildProcess? _server;
    private bool _isShutDown;
    private bool _isDisposed;

    private ProcessManager(ManagerClient client, ChildProcess? server)
    {
        _client = client;
        _server = server;
    }

    /// <summary>How long a server of this process may take to end.</summary>
    internal static TimeSpan ShutdownTime { get; set; } = ManagerServerCall.DisposalTime + TimeSpan.FromSeconds(5);

    internal ManagerClient Client
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _client;
        }
    }

    /// <summary>Where the server listens.</summary>
    public EndPoint Address => _client.EndPoint;

    /// <summary>How many objects the server hosts. Python's <c>_number_of_objects</c>.</summary>
    public int ObjectCount => Client.Send(ManagerRequest.Create(ManagerOp.CountObjects)).ReadMemory<int>();

    /// <summary>Starts a server process of the same executable: a daemon, unless the options say otherwise.</summary>
    /// <param name="options">How to start it and where it listens; copied.</param>
    /// <exception cref="InvalidOperationException">This process is a daemon.</exception>
    /// <exception cref="WorkerCrashedException">The server did not come up.</exception>
    public static ProcessManager Start(ProcessManagerOptions? options = null) => StartCore(options, CancellationToken.None);

    /// <inheritdoc cref="Start"/>
    /// <param name="options">How to start it and where it listens; copied.</param>
    /// <param name="cancellationToken">Ends the wait; the server then ends too, also while its initializer runs.</param>
    public static Task<ProcessManager> StartAsync(ProcessManagerOptions? options = null, CancellationToken cancellationToken = default) =>
        LateResult.MakeAsync(() => StartCore(options, cancellationToken), cancellationToken);

    /// <summary>Connects to a server that another process started. Python's <c>BaseManager.connect</c>.</summary>
    /// <param name="address">Where it listens.</param>
    /// <param name="authKey">Its key; by default <see cref="CurrentProcess.AuthKey"/>.</param>
    /// <param name="options">Time limit and TLS.</param>
    /// <exception cref="ConnectionLostException">Nobody listens there.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The key or the certificate is wrong.</exception>
    public static ProcessManager Connect(EndPoint address, ReadOnlySpan<byte> authKey = default, ProcessClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        byte[] key = authKey.IsEmpty ? CurrentProcess.AuthKey.ToArray() : authKey.ToArray();
        return new ProcessManager(ManagerClient.Connect(new ServerAddress(address, key, options)), null);
    }

    /// <inheritdoc cref="Connect"/>
    /// <param name="address">Where it listens.</param>
    /// <param name="authKey">Its key; by default <see cref="CurrentProcess.AuthKey"/>.</param>
    /// <param name="options">Time limit and TLS.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task<ProcessManager> ConnectAsync(
        EndPoint address, ReadOnlyMemory<byte> authKey = default, ProcessClientOptions? options = null, CancellationToken cancellationToken = default) =>
        LateResult.MakeAsync(() => Connect(address, authKey.Span, options), cancellationToken);

    /// <summary>Makes a list in the server. Python's <c>list()</c>.</summary>
    /// <typeparam name="T">What the items are.</typeparam>
    /// <param name="items">Its first items.</param>
    public ManagedList<T> CreateList<T>(IEnumerable<T>? items = null) =>
        new(Client, Create(ManagerRequest.Create(ManagerOp.CreateList).AddValues(Codecs.Get<T>(), items ?? [], Client.ServerId)));

    /// <summary>Makes a dictionary in the server. Python's <c>dict()</c>.</summary>
    /// <typeparam name="TKey">What the keys are: equal where their encoded bytes are.</typeparam>
    /// <typeparam name="TValue">What the values are.</typeparam>
    /// <param name="items">Its first items.</param>
    /// <exception cref="ArgumentNullException">A key is null.</exception>
    public ManagedDictionary<TKey, TValue> CreateDictionary<TKey, TValue>(IEnumerable<KeyValuePair<TKey, TValue>>? items = null)
        where TKey : notnull
    {
        IReadOnlyCollection<KeyValuePair<TKey, TValue>> all = ManagedValues.CollectItems(items ?? []);
        ManagerRequest request = ManagerRequest.Create(ManagerOp.CreateDictionary)
            .AddValues(Codecs.Get<TKey>(), all.Select(static item => item.Key), Client.ServerId)
            .AddValues(Codecs.Get<TValue>(), all.Select(static item => item.Value), Client.ServerId);
        return new ManagedDictionary<TKey, TValue>(Client, Create(request));
    }

    /// <summary>Makes a value in the server. Python's <c>Value()</c>.</summary>
    /// <typeparam name="T">What it is.</typeparam>
    /// <param name="initial">Its first value.</param>
    public ManagedValue<T> CreateValue<T>(T initial = default!) =>
        new(Client, Create(ManagerRequest.Create(ManagerOp.CreateValue).AddValue(Codecs.Get<T>(), initial, Client.ServerId)));

    /// <summary>Makes an array in the server. Python's <c>Array()</c>.</summary>
    /// <typeparam name="T">What the items are.</typeparam>
    /// <param name="items">Its items, as many as it will ever have.</param>
    public ManagedArray<T> CreateArray<T>(IEnumerable<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        return new(Client, Create(ManagerRequest.Create(ManagerOp.CreateArray).AddValues(Codecs.Get<T>(), items, Client.ServerId)));
    }

    /// <summary>Makes a namespace in the server. Python's <c>Namespace()</c>.</summary>
    public ManagedNamespace CreateNamespace() => new(Client, Create(ManagerRequest.Create(ManagerOp.CreateNamespace).Add(0).Add(0)));

    /// <summary>Makes an object known by a name, in the place of what had it. It lives until then, or as long as the server.</summary>
    /// <typeparam name="T">The object's type, which <see cref="Find{T}"/> has to name.</typeparam>
    /// <param name="name">The name.</param>
    /// <param name="handle">
    /// A proxy, or a queue, lock or other handle. One that its own constructor made lives in shared memory and not in the server: only as long
    /// as some process holds it.
    /// </param>
    public void Publish<T>(string name, T handle)
        where T : class
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(handle);
        Client.Send(ManagerRequest.Create(ManagerOp.Publish).Add(name).Add(typeof(T).ToString()).AddValue(Codecs.Get<T>(), handle, Client.ServerId));
    }

    /// <summary>An object by the name it was published under.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="name">The name.</param>
    /// <exception cref="KeyNotFoundException">Nothing was published under that name.</exception>
    /// <exception cref="InvalidCastException">It was published as another type.</exception>
    public T Find<T>(string name)
        where T : class =>
        TryFind<T>(name, out T? handle) ? handle : throw new KeyNotFoundException($"The manager at {Address} has nothing published as '{name}'.");

    /// <inheritdoc cref="Find{T}"/>
    /// <param name="name">The name.</param>
    /// <param name="handle">The object.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryFind<T>(string name, [MaybeNullWhen(false)] out T handle)
        where T : class
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return ManagedValues.TryRead(Client.Send(ManagerRequest.Create(ManagerOp.Find).Add(name).Add(typeof(T).ToString())), Codecs.Get<T>(), out handle);
    }

    /// <summary>Ends the server, for all who use it. Python's <c>shutdown</c>.</summary>
    /// <exception cref="ConnectionLostException">Another process has started it, and it does not answer.</exception>
    /// <remarks>Objects in it have 10 seconds to be disposed. One that this object started is killed where it has not ended after 15, because it is stopped for instance, or waits for children of its own.</remarks>
    public void Shutdown()
    {
        if (_isShutDown) return;
        using IDisposable? limit = _server is { Life.IsProcess: true } ? Deadlines.Schedule(ShutdownTime, _server.Life.KillIfStarted) : null;
        try
        {
            _client.Send(ManagerRequest.Create(ManagerOp.Shutdown), _server is null ? Patience.None : null);
        }
        catch (ConnectionLostException)
        {
            // It has ended already, or before it could answer; or it did not answer once, and is there again.
            if (_client.HasGivenUp && _server is not { IsAlive: false }) ShutdownAnew();
        }

        _server?.Join();
        _isShutDown = true;
    }

    /// <summary>Ends the server where this object started it, as <see cref="Shutdown"/> does; else lets go of it.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        if (_server is not null) Shutdown();
        _client.RemoveUser(isServerEnded: _server is not null);
        _server?.Dispose();
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync() => new(Task.Factory.StartNew(Dispose, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));

    private void ShutdownAnew()
    {
        try
        {
            using var again = new ProcessManager(_client.ConnectAgain(), server: null);
            again.Shutdown();
        }
        catch (ConnectionLostException error) when (_server is not null || error.InnerException is SocketException)
        {
            // It is killed, then, if it still does not answer; or it has ended meanwhile, and nobody listens there.
        }
    }

    private static ProcessManager StartCore(ProcessManagerOptions? options, CancellationToken cancellationToken) =>
        ManagerStarter.Start(options ?? new ProcessManagerOptions(), static (client, server) => new ProcessManager(client, server), cancellationToken);

    private ulong Create(ManagerRequest request)
    {
        ulong id = Client.Send(request).ReadMemory<ulong>();
        Client.Held.HoldNew(id);
        return id;
    }
}
