using System.ComponentModel;
using Procgen.Calls;
using Procgen.Processes;

namespace Procgen;

/// <summary>
/// A target in a process of its own: started, joined, killed, closed. Python's <c>multiprocessing.Process</c>.
/// </summary>
/// <remarks>
/// Either given a call, or derived from: a <c>[ProcessTarget] partial</c> class that overrides <see cref="Run"/>. A
/// derived class's constructors do not run again in the child; its public state is assigned there.
/// All members may be used from any thread.
/// <para>The process ends with its target: threads that the target has started, foreground threads too, are cut off.</para>
/// </remarks>
/// <example><code>
/// using var child = ChildProcess.Start(WorkTargets.Square(4));
/// int sixteen = await child.Completion;
/// </code></example>
public class ChildProcess : IDisposable, IAsyncDisposable
{
    private ChildLife _life;

    /// <summary>Prepares a process that will run <paramref name="call"/>; <see cref="Start()"/> starts it.</summary>
    /// <param name="call">What to run. Its result is dropped; <see cref="ChildProcess{TResult}"/> keeps it.</param>
    /// <param name="options">How to start it; copied.</param>
    public ChildProcess(ProcessCall call, ProcessOptions? options = null)
        : this(new PendingVoid(call ?? throw new ArgumentNullException(nameof(call))), options)
    {
    }

    /// <summary>Prepares a process that will run <see cref="Run"/> of the derived class.</summary>
    /// <param name="options">How to start it; copied.</param>
    protected ChildProcess(ProcessOptions? options = null)
    {
        var pending = new PendingVoid(CreateRunCall());
        _life = new ChildLife(this, pending, options, GetType().Name);
        Completion = pending.Task;
    }

    private protected ChildProcess(PendingCall pending, Task completion, ProcessOptions? options)
    {
        _life = new ChildLife(this, pending, options, "Process");
        Completion = completion;
    }

    private ChildProcess(PendingVoid pending, ProcessOptions? options)
        : this(pending, pending.Task, options)
    {
    }

    internal ChildLife Life => _life;

    /// <summary>Whether it is ended, rather than joined, when this process exits.</summary>
    internal virtual bool EndsAtExit => _life.IsDaemon;

    /// <summary>Ends it because this process exits.</summary>
    internal void EndNow() => _life.TerminateIfStarted();

    /// <summary>
    /// Ends with the call: with its result's arrival, or with the target's exception, a
    /// <see cref="WorkerCrashedException"/> where the process ended before it answered (also by <c>Environment.Exit</c>), a
    /// <see cref="TimeoutException"/> where it did not connect within <see cref="ProcessDefaults.StartTimeout"/>. Where it was
    /// disposed without a start, as cancelled; until then whoever waits for one that nobody starts waits for ever.
    /// </summary>
    public Task Completion { get; private set; }

    /// <summary>Its name, for people: unique only by default. Python's <c>name</c>.</summary>
    /// <exception cref="ArgumentException">Set to null or an empty string.</exception>
    public string Name
    {
        get => _life.Name;
        set
        {
            ArgumentException.ThrowIfNullOrEmpty(value);
            _life.Name = value;
        }
    }

    /// <summary>Whether it is terminated when this process exits, and may not start children. Python's <c>daemon</c>.</summary>
    /// <exception cref="InvalidOperationException">Set after the start.</exception>
    public bool Daemon
    {
        get => _life.IsDaemon;
        set => _life.IsDaemon = value;
    }

    /// <summary>Its process id; null before the start. Python's <c>pid</c>.</summary>
    public int? Id => _life.Id;

    /// <summary>
    /// Null while it runs or has not started; 0 after its target returned, 1 after its target threw, n after
    /// <c>Environment.Exit(n)</c>, −n after signal n. Python's <c>exitcode</c>.
    /// </summary>
    public int? ExitCode => _life.ExitCode;

    /// <summary>Whether it has started and not ended. Python's <c>is_alive</c>.</summary>
    public bool IsAlive => _life.IsAlive;

    /// <summary>The key that it inherits; by default this process's. Python's <c>authkey</c>.</summary>
    /// <exception cref="InvalidOperationException">Set after the start.</exception>
    public ReadOnlyMemory<byte> AuthKey
    {
        get => _life.AuthKey;
        set => _life.AuthKey = value;
    }

    /// <summary>Signalled when it has ended. Python's <c>sentinel</c>.</summary>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public WaitHandle Sentinel => _life.Sentinel;

    /// <summary>Starts a process that runs <paramref name="call"/>.</summary>
    /// <param name="call">What to run; its arguments may change once this returns.</param>
    /// <param name="options">How to start it.</param>
    /// <param name="cancellationToken">
    /// Cancels the target's token and ends <see cref="Completion"/>; a target that does not end within 2 seconds is killed.
    /// </param>
    /// <exception cref="ArgumentException">An option is none that there is: see <see cref="ProcessOptions"/>, and as for <see cref="Start()"/>.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled before.</exception>
    /// <exception cref="InvalidOperationException">This process is a daemon, a worker that runs module initializers, or does not know which executable it is.</exception>
    /// <inheritdoc cref="Start()"/>
    public static ChildProcess Start(ProcessCall call, ProcessOptions? options = null, CancellationToken cancellationToken = default)
    {
        var child = new ChildProcess(call, options);
        child._life.Start(cancellationToken);
        return child;
    }

    /// <inheritdoc cref="Start(ProcessCall, ProcessOptions?, CancellationToken)"/>
    /// <typeparam name="T">What the target returns.</typeparam>
    public static ChildProcess<T> Start<T>(ProcessCall<T> call, ProcessOptions? options = null, CancellationToken cancellationToken = default)
    {
        var child = new ChildProcess<T>(call, options);
        ((ChildProcess)child)._life.Start(cancellationToken);
        return child;
    }

    /// <summary>
    /// Runs a target that yields items in a process of its own: a fresh one for every enumeration, which ends with it
    /// (killed where that takes more than 2 seconds), or with this process. The target runs ahead of the reader by at most
    /// 1 MiB of items.
    /// </summary>
    /// <typeparam name="T">What the target yields.</typeparam>
    /// <param name="call">What to run; its arguments may change once this returns.</param>
    /// <param name="options">How to start it.</param>
    /// <param name="cancellationToken">As in <see cref="Start(ProcessCall, ProcessOptions?, CancellationToken)"/>.</param>
    public static IAsyncEnumerable<T> StreamAsync<T>(ProcessStream<T> call, ProcessOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        return new ChildStream<T>(call, options, cancellationToken);
    }

    /// <summary>Starts it. Python's <c>start</c>.</summary>
    /// <exception cref="InvalidOperationException">It was started before, or could not be, this process is a daemon or a worker that runs module initializers, or it does not know which executable it is.</exception>
    /// <exception cref="ObjectDisposedException">It was closed or disposed.</exception>
    /// <exception cref="ProcessSerializationException">An argument cannot be encoded after all.</exception>
    /// <exception cref="FileNotFoundException">The executable does not exist.</exception>
    /// <exception cref="DirectoryNotFoundException">The working directory does not exist.</exception>
    /// <exception cref="UnauthorizedAccessException">The executable may not be run, or the priority is not this user's to give.</exception>
    /// <exception cref="ArgumentException">A variable of the environment has a name or a value that none can have.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such start method or priority, or the system has none of the processors.</exception>
    /// <exception cref="PlatformNotSupportedException">This system has no such limit, or a thread (<see cref="StartMethod.InProcess"/>) cannot have it.</exception>
    /// <exception cref="Win32Exception">The system cannot start a process for another reason; its error is in <see cref="Win32Exception.NativeErrorCode"/>.</exception>
    public void Start() => _life.Start(CancellationToken.None);

    /// <summary>Waits until it has ended. Python's <c>join</c>.</summary>
    /// <remarks>Not whether its target succeeded: <see cref="Completion"/> and <see cref="ExitCode"/> say that.</remarks>
    /// <param name="timeout">At most so long; null or <see cref="Timeout.InfiniteTimeSpan"/> for ever.</param>
    /// <returns>Whether it has ended.</returns>
    /// <exception cref="InvalidOperationException">It has not been started, or is this process.</exception>
    /// <exception cref="ObjectDisposedException">It was closed or disposed.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative and not infinite.</exception>
    public bool Join(TimeSpan? timeout = null) => _life.Join(timeout);

    /// <summary>Waits until it has ended and all its captured lines were delivered.</summary>
    /// <param name="cancellationToken">Ends the wait, not the process.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    public Task<int> WaitForExitAsync(CancellationToken cancellationToken = default) => _life.WaitForExitAsync(cancellationToken);

    /// <summary>
    /// Ends it by SIGTERM (<c>TerminateProcess</c> on Windows), also where it is stopped: no <c>finally</c> runs in it. Its
    /// exit code is −15. Nothing happens where it has ended. Python's <c>terminate</c>.
    /// </summary>
    /// <param name="entireTree">Also end the processes that it started. Its Procgen children end in any case.</param>
    /// <exception cref="InvalidOperationException">It has not been started.</exception>
    /// <exception cref="PlatformNotSupportedException">It runs on a thread: <see cref="StartMethod.InProcess"/>.</exception>
    public void Terminate(bool entireTree = false) => _life.Killable.Terminate(entireTree);

    /// <summary>Ends it by SIGKILL: exit code −9. Python's <c>kill</c>.</summary>
    /// <inheritdoc cref="Terminate"/>
    public void Kill(bool entireTree = false) => _life.Killable.Kill(entireTree);

    /// <summary>Lets go of an ended process; most members then throw. Python's <c>close</c>.</summary>
    /// <exception cref="InvalidOperationException">It is still running.</exception>
    public void Close() => _life.Close();

    /// <summary>
    /// Kills it and the processes it started, where it still runs, waits for its end, and closes it. One whose target has
    /// ended is given 2 seconds to exit; one that another thread is starting is killed once it has started.
    /// </summary>
    public void Dispose()
    {
        _life.End();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc cref="Dispose"/>
    public async ValueTask DisposeAsync()
    {
        await _life.EndAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public override string ToString() => _life.ToString();

    /// <summary>What the child does: overridden in a derived class. Python's <c>run</c>.</summary>
    protected virtual void Run() => throw new InvalidOperationException("This process runs a call, not Run().");

    /// <summary>Called by generated code only.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected internal virtual ProcessCall CreateRunCall() => throw new InvalidOperationException(
        $"{GetType().Name} derives from ChildProcess: it must be a partial class marked [ProcessTarget], so that its stub can be generated (PROCGEN009).");

    /// <summary>Called by generated code only, in the child: makes this object, whose constructor has not run, the process itself.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected void BecomeCurrent()
    {
        _life = ChildLife.Current();
        Completion = new TaskCompletionSource().Task;
    }
}

/// <summary>A <see cref="ChildProcess"/> whose target returns a value.</summary>
/// <typeparam name="TResult">What the target returns.</typeparam>
public sealed class ChildProcess<TResult> : ChildProcess
{
    /// <inheritdoc cref="ChildProcess(ProcessCall, ProcessOptions?)"/>
    public ChildProcess(ProcessCall<TResult> call, ProcessOptions? options = null)
        : this(new PendingResult<TResult>(call ?? throw new ArgumentNullException(nameof(call))), options)
    {
    }

    private ChildProcess(PendingResult<TResult> pending, ProcessOptions? options)
        : base(pending, pending.Task, options) => Completion = pending.Task;

    /// <summary>The target's result, or why there is none: see <see cref="ChildProcess.Completion"/>.</summary>
    public new Task<TResult> Completion { get; }
}
