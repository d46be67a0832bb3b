namespace Procgen.Launching;

/// <summary>
/// A process that this one has started. Its exit status comes from the system's own record, exactly; it is reaped as soon as
/// it ends; and no signal is ever sent to an id that may have passed to another process.
/// </summary>
/// <remarks>
/// A dedicated background thread (<see cref="EndWatcher"/>) notices its end, or the one that waits for it; and it, or else the thread
/// that delivers the last captured line, reports it: none of them is a thread of the pool. All members may be used from any thread.
/// </remarks>
internal abstract class NativeProcess : IDisposable
{
    private readonly object _gate = new();
    private readonly ManualResetEvent _exited = new(false);
    private readonly TaskCompletionSource<ExitStatus> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly OutputCapture? _output;
    private ExitStatus? _status;
    private WatchedEnd? _watched;
    private Action? _onEnd;
    private bool _hasEnded;
    private bool _reported;
    private bool _disposed;

    private protected NativeProcess(int id, OutputCapture? output)
    {
        Id = id;
        _output = output;
    }

    public int Id { get; }

    /// <summary>Set once it has ended and all its captured lines have been delivered.</summary>
    public WaitHandle Exited => _exited;

    /// <summary>Completes when <see cref="Exited"/> is set; what awaits it never runs on the waiting thread.</summary>
    public Task<ExitStatus> Completion => _completion.Task;

    /// <summary>False as soon as it has ended, which may be a little before <see cref="Exited"/>.</summary>
    public bool IsAlive => Status is null;

    /// <summary>False for what is a process in name only.</summary>
    public virtual bool CanBeKilled => true;

    /// <summary>Whether the calling thread is delivering one of its captured lines.</summary>
    public bool IsDelivering => _output?.IsDelivering ?? false;

    /// <summary>How many captured lines have been delivered.</summary>
    public long DeliveredLines => _output?.DeliveredLines ?? 0;

    /// <summary>How it ended; null while it runs.</summary>
    public ExitStatus? Status
    {
        get
        {
            lock (_gate)
            {
                if (_status is null && TryReap(out ExitStatus status)) _status = status;
                return _status;
            }
        }
    }

    /// <summary>The last 64 lines of its standard error where that is captured, else empty. Complete once <see cref="Exited"/> is set.</summary>
    public string StandardErrorTail => _output?.StandardErrorTail ?? "";

    /// <summary>Calls <paramref name="action"/>, which must be quick, on the waiting thread as soon as it has ended, or at once where it has.</summary>
    public void OnEnd(Action action)
    {
        lock (_gate)
        {
            if (!_hasEnded)
            {
                _onEnd += action;
                return;
            }
        }

        action();
    }

    /// <summary>Waits until it has ended, though its last captured lines may be under way: on this thread itself where that can be, one wake earlier.</summary>
    /// <param name="usual">How long that takes as a rule.</param>
    /// <param name="whenLate">Called where it takes longer; what it returns is disposed at the end.</param>
    public void WaitUntilEnded(TimeSpan usual, Func<IDisposable> whenLate)
    {
        if (_watched is { } watched && EndWatcher.TryTakeOver(watched))
        {
            if (!watched.Wait(usual))
            {
                using IDisposable late = whenLate();
                watched.Wait(Timeout.InfiniteTimeSpan);
            }

            watched.Tell();
        }
        else
        {
            var ended = new ManualResetEventSlim();
            OnEnd(ended.Set);
            if (ended.Wait(usual)) return;
            using IDisposable late = whenLate();
            ended.Wait();
        }
    }

    /// <summary>Starts what <paramref name="request"/> describes.</summary>
    /// <exception cref="FileNotFoundException">The executable, or the assembly that it runs, is missing.</exception>
    /// <exception cref="DirectoryNotFoundException">The working directory is missing.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be executed, or the priority not be had.</exception>
    /// <exception cref="PlatformNotSupportedException">This system has no such limit.</exception>
    public static NativeProcess Start(LaunchRequest request)
    {
        if (!File.Exists(request.Command.FileName))
            throw new FileNotFoundException($"There is no executable '{request.Command.FileName}' to start.", request.Command.FileName);
        if (request.Command.Assembly is { } assembly && !File.Exists(assembly))
            throw new FileNotFoundException($"There is no assembly '{assembly}' to start a process from: it was there when this process started.", assembly);
        if (request.WorkingDirectory is { } directory && !Directory.Exists(directory))
            throw new DirectoryNotFoundException($"There is no directory '{directory}' to start a process in.");

        NativeProcess process = OperatingSystem.IsWindows() ? WindowsProcess.Launch(request) : UnixProcess.Launch(request);
        try
        {
            process._output?.Start();
            process._watched = EndWatcher.Watch(process.Id, process.WaitForEnd, process.NoteEnd);
        }
        catch
        {
            // No thread to be had: without one nobody would ever reap it.
            process.Kill();
            process.NoteEnd();
            throw;
        }

        return process;
    }

    /// <summary>Asks it to end, also where it is stopped: SIGTERM, or on Windows ends it with exit code -15. Nothing where it has ended already.</summary>
    /// <param name="entireTree">Also all processes that it and its descendants have started and that still hang together.</param>
    public void Terminate(bool entireTree = false) => End(forcibly: false, entireTree);

    /// <summary>Ends it: SIGKILL, or on Windows exit code -9. Nothing where it has ended already.</summary>
    /// <param name="entireTree">Also all processes that it and its descendants have started and that still hang together.</param>
    public void Kill(bool entireTree = false) => End(forcibly: true, entireTree);

    /// <summary>As <see cref="Kill"/>, where nobody waits for what a thread in the place of a process still does: it counts as ended at once.</summary>
    public virtual void Abandon() => Kill();

    /// <summary>After its end: deletes what children of its were to connect to, where it has left that behind.</summary>
    public virtual void DeleteLaunchSockets()
    {
    }

    /// <summary>Gives back what this object holds. A process that still runs goes on and is reaped when it ends.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _disposed = true;
            if (!_reported) return;
        }

        Release();
    }

    /// <summary>Blocks until it has ended, and leaves it unreaped.</summary>
    private protected abstract void WaitForEnd();

    /// <summary>Reaps it if it has ended. Called under the lock, and never again once it said true.</summary>
    private protected abstract bool TryReap(out ExitStatus status);

    /// <summary>Called under the lock while it has not been reaped.</summary>
    private protected abstract void Signal(bool forcibly, bool entireTree);

    private protected virtual void ReleaseHandles()
    {
    }

    private void End(bool forcibly, bool entireTree)
    {
        lock (_gate)
        {
            if (Status is null) Signal(forcibly, entireTree);
        }
    }

    /// <summary>It has ended, or does so now: reports it once its output has been delivered. Called once.</summary>
    private protected void NoteEnd()
    {
        WaitForEnd();
        ExitStatus status = Status ?? ExitStatus.Unknown;
        Action? onEnd;
        lock (_gate)
        {
            _hasEnded = true;
            onEnd = _onEnd;
        }

        onEnd?.Invoke();
        if (_output is null) Report(status);
        else _output.Finish(() => Report(status));
    }

    private void Report(ExitStatus status)
    {
        _completion.TrySetResult(status);
        bool disposed;
        lock (_gate)
        {
            _exited.Set();
            _reported = true;
            disposed = _disposed;
        }

        if (disposed) Release();
    }

    private void Release()
    {
        ReleaseHandles();
        _exited.Dispose();
    }
}
