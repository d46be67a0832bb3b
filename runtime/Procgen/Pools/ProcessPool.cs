using Procgen.Calls;
using Procgen.Pools;
using Procgen.Telemetry;

namespace Procgen;

/// <summary>
/// Worker processes that run calls, one at a time each. A worker that dies costs the call that it was running and is
/// replaced; calls can be given time limits, cancelled and run again. Python's <c>multiprocessing.Pool</c>.
/// </summary>
/// <remarks>Thread-safe. The blocking forms never need a thread of the thread pool.</remarks>
/// <example><code>
/// await using var pool = new ProcessPool(4);
/// int nine = await pool.RunAsync(WorkTargets.Square(3));
/// int[] squares = await pool.MapAsync(Enumerable.Range(0, 10), WorkTargets.Square);
/// </code></example>
public sealed partial class ProcessPool : IDisposable, IAsyncDisposable
{
    private static ProcessPool? _shared;
    private static object? _sharedGate;
    private readonly PoolCore _core;

    /// <summary>Makes a pool; its workers start in the background.</summary>
    /// <param name="processes">How many workers, 1 or more; null for <see cref="ProcessPoolOptions.Processes"/>.</param>
    /// <param name="options">How the pool works.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    /// <exception cref="InvalidOperationException">This process is a daemon, or a worker that runs module initializers: they may not start children.</exception>
    /// <exception cref="PlatformNotSupportedException">The workers are threads (<see cref="StartMethod.InProcess"/>), and an option belongs to a process.</exception>
    public ProcessPool(int? processes = null, ProcessPoolOptions? options = null)
    {
        CurrentProcess.RequireMayStart();
        _core = new PoolCore(new PoolSettings(processes, options ?? new ProcessPoolOptions()));
    }

    /// <inheritdoc cref="ProcessPool(int?, ProcessPoolOptions?)"/>
    public ProcessPool(ProcessPoolOptions options)
        : this(null, options ?? throw new ArgumentNullException(nameof(options)))
    {
    }

    /// <summary>A pool with one worker per processor, made at the first use; it lives as long as the process.</summary>
    /// <exception cref="InvalidOperationException">It is not made yet, and this process is a daemon, or a worker that runs module initializers: they may not start children.</exception>
    public static ProcessPool Shared =>
        // No Lazy, which would keep an exception for good: a worker may start processes once its module initializers have run.
        LazyInitializer.EnsureInitialized(ref _shared, ref _sharedGate, static () => new ProcessPool(new ProcessPoolOptions { Name = "SharedPool" }));

    /// <summary>The workers that take calls or are about to.</summary>
    public IReadOnlyList<PoolWorker> Workers
    {
        get
        {
            lock (_core.Gate) return [.. _core.Members.Where(static member => member.State < MemberState.Retiring).OrderBy(static member => member.Index).Select(static member => new PoolWorker(member))];
        }
    }

    /// <summary>Runs a call on a worker. Python's <c>apply_async</c>.</summary>
    /// <param name="call">The call; its arguments are encoded before this returns.</param>
    /// <param name="options">Time limit, retries, priority.</param>
    /// <param name="cancellationToken">Ends the task at once and cancels the target's token; a target that does not stop in time is killed.</param>
    /// <returns>
    /// Ends with the call: with the target's exception, <see cref="WorkerCrashedException"/>, <see cref="CallTimeoutException"/>,
    /// <see cref="OperationCanceledException"/>, or <see cref="ObjectDisposedException"/> where the pool is closed.
    /// </returns>
    public Task RunAsync(ProcessCall call, PoolRunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        var pending = new PendingVoid(call);
        Submit(pending, pending.Task, options, cancellationToken);
        return pending.Task;
    }

    /// <inheritdoc cref="RunAsync(ProcessCall, PoolRunOptions?, CancellationToken)"/>
    /// <typeparam name="T">What the target returns.</typeparam>
    public Task<T> RunAsync<T>(ProcessCall<T> call, PoolRunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        var pending = new PendingResult<T>(call);
        Submit(pending, pending.Task, options, cancellationToken);
        return pending.Task;
    }

    /// <summary>Runs a target that yields items, which come as they are yielded: it is ahead of the reader by a megabyte at most.</summary>
    /// <typeparam name="T">What the target yields.</typeparam>
    /// <param name="call">The call; its arguments are encoded before this returns, and it runs once for every enumeration.</param>
    /// <param name="options">Time limit, retries (of a stream that has yielded nothing), priority.</param>
    /// <param name="cancellationToken">Ends the enumeration and cancels the target's token.</param>
    public IAsyncEnumerable<T> StreamAsync<T>(ProcessStream<T> call, PoolRunOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        return new PoolStream<T>(_core, call, WorkOptions(options), cancellationToken);
    }

    /// <summary>Completes when all workers are up and initialized; calls need not wait for that.</summary>
    /// <exception cref="ObjectDisposedException">The pool is closed.</exception>
    /// <exception cref="WorkerCrashedException">The workers do not come up.</exception>
    /// <exception cref="TimeoutException">They do not within <see cref="ProcessDefaults.StartTimeout"/>.</exception>
    /// <exception cref="ProcgenException">The pool has ended: its workers did not come up, or its initializer failed.</exception>
    public Task StartAsync(CancellationToken cancellationToken = default) => _core.Staff.WhenReadyAsync().WaitAsync(cancellationToken);

    /// <summary>Runs a call once on every worker, and on later ones when they start, before their other calls.</summary>
    /// <param name="call">The call; its arguments are encoded before this returns.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>
    /// Ends when it has on all workers that there are, with the first error: a call that fails on one of them, or meets its death
    /// there, is not run on later ones. Call it again then.
    /// </returns>
    /// <exception cref="ObjectDisposedException">The pool is closed.</exception>
    public Task RunOnEachAsync(ProcessCall call, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        return RunWhenReadyAsync(call).WaitAsync(cancellationToken);
    }

    /// <summary>Another number of workers from now on: more are started, or the last ones end when their calls have.</summary>
    /// <param name="processes">1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is less.</exception>
    /// <exception cref="ObjectDisposedException">The pool is closed.</exception>
    public void Resize(int processes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(processes, 1);
        _core.Staff.Resize(processes);
    }

    /// <summary>What the pool has done and is doing.</summary>
    public PoolStatistics GetStatistics() => PoolReport.Of(_core);

    /// <summary>Takes no more calls, and completes when the accepted ones have ended and the workers are gone. Python's <c>close</c> and <c>join</c>.</summary>
    /// <param name="cancellationToken">Ends the waiting, not the closing.</param>
    public Task CloseAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfShared();
        _core.Life.Close();
        return _core.Life.Ended.WaitAsync(cancellationToken);
    }

    /// <summary>Kills the workers; outstanding calls end with <see cref="OperationCanceledException"/>. Python's <c>terminate</c>.</summary>
    public void Terminate()
    {
        ThrowIfShared();
        _core.Life.Terminate();
    }

    /// <summary><see cref="Terminate"/>, and waits until the workers are dead.</summary>
    public async ValueTask DisposeAsync()
    {
        Terminate();
        await _core.Life.Ended.ConfigureAwait(false);
    }

    /// <inheritdoc cref="object.ToString"/>
    public override string ToString() => $"ProcessPool({_core.Settings.Name}, {_core.Staff.Limit()})";

    private async Task RunWhenReadyAsync(ProcessCall call)
    {
        Chore chore = _core.Staff.Chores.Encode(call);
        await _core.Staff.WhenReadyAsync().ConfigureAwait(false);
        await _core.Staff.Chores.RunOnEachAsync(chore).ConfigureAwait(false);
    }

    private void Submit(PendingCall pending, Task task, PoolRunOptions? options, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            pending.Cancel(cancellationToken);
            return;
        }

        PoolWorkOptions workOptions = WorkOptions(options);
        ProcgenEvents.Log.CallStarted(pending.TargetName, _core.Settings.Name);
        try
        {
            CallSpans.EndWith(CallSpans.Begin(pending.TargetName, _core.Settings.Name, out string? traceParent), task);
            if (traceParent is not null) workOptions = workOptions with { TraceParent = traceParent };
            _core.Submit(new CallWork(pending, workOptions, _core.Heap), cancellationToken);
        }
        catch (Exception error)
        {
            // Also what a listener, an argument's codec or its property threw: what the other arguments lead to is let go with it.
            pending.Withdraw(error);
        }
    }

    private PoolWorkOptions WorkOptions(PoolRunOptions? options) => options is null
        ? _core.DefaultOptions
        : new PoolWorkOptions(options.Priority, _core.Settings.TimeoutOf(options), _core.Settings.RetriesOf(options), null);

    private void ThrowIfShared()
    {
        if (ReferenceEquals(this, _shared))
            throw new InvalidOperationException("The shared pool belongs to the whole process and cannot be closed; make a pool of your own.");
    }
}
