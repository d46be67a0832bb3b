using Procgen.Calls;
using Procgen.Framing;
using Procgen.Launching;

namespace Procgen.Processes;

/// <summary>
/// The states of a child process: prepared, running, ended, closed. Behind <see cref="ChildProcess"/>, so that a derived
/// class's object holds one field of ours.
/// </summary>
internal sealed partial class ChildLife : IWorkerOwner
{
    private const uint CallId = 1;
    private readonly object _gate = new();
    private readonly ChildProcess? _child;
    private readonly PendingCall? _call;
    private readonly LaunchOptions _options;
    private readonly string _identity;
    private readonly ManualResetEvent _ended = new(false);
    private readonly TaskCompletionSource<int> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool _isCurrent;
    private string _name;
    private bool _isDaemon;
    private ReadOnlyMemory<byte> _authKey;
    private WorkerProcess? _worker;
    private CancellationTokenRegistration _cancellation;
    private bool _isClosed;
    private bool _hasFailed;

    public ChildLife(ChildProcess child, PendingCall call, ProcessOptions? options, string className)
    {
        _child = child;
        _call = call;
        _options = new LaunchOptions(options ?? new ProcessOptions());
        _identity = FamilyMember.Current.NextChildIdentity();
        _name = options?.Name ?? $"{className}-{_identity}";
        _isDaemon = options?.Daemon ?? CurrentProcess.IsDaemon;
        _authKey = CurrentProcess.AuthKey;
    }

    private ChildLife()
    {
        _isCurrent = true;
        _options = new LaunchOptions(new ProcessOptions());
        _identity = FamilyMember.Current.Identity;
        _name = CurrentProcess.Name;
        _isDaemon = CurrentProcess.IsDaemon;
        _authKey = CurrentProcess.AuthKey;
    }

    /// <summary>Encoded before the start, where that must not wait for it.</summary>
    public byte[]? EncodedCall { get; set; }

    public string Name
    {
        get => _isCurrent ? CurrentProcess.Name : _name;
        set
        {
            _name = value;
            if (_isCurrent) CurrentProcess.Name = value;
        }
    }

    public bool IsDaemon
    {
        get => _isDaemon;
        set
        {
            RequireNotStarted(nameof(ChildProcess.Daemon));
            _isDaemon = value;
        }
    }

    public ReadOnlyMemory<byte> AuthKey
    {
        get => _authKey;
        set
        {
            RequireNotStarted(nameof(ChildProcess.AuthKey));
            _authKey = value.ToArray();
        }
    }

    public int? Id
    {
        get
        {
            RequireNotClosed();
            return _isCurrent ? Environment.ProcessId : _worker?.Process.Id;
        }
    }

    public int? ExitCode
    {
        get
        {
            RequireNotClosed();
            return _exit.Task.IsCompletedSuccessfully ? _exit.Task.Result : null;
        }
    }

    public bool IsAlive
    {
        get
        {
            RequireNotClosed();
            return IsRunning;
        }
    }

    /// <summary>As <see cref="IsAlive"/>, also of a process that was closed meanwhile.</summary>
    public bool IsRunning => _isCurrent || (_worker is not null && !_exit.Task.IsCompleted);

    public WaitHandle Sentinel
    {
        get
        {
            _ = Started;
            return _ended;
        }
    }

    /// <summary>The worker of a process that has been started.</summary>
    /// <exception cref="InvalidOperationException">It has not.</exception>
    public WorkerProcess Started
    {
        get
        {
            RequireNotClosed();
            if (_isCurrent) throw new InvalidOperationException($"Process {Name} is this process: only its parent can wait for it or end it.");
            return _worker ?? throw new InvalidOperationException($"Process {Name} has not been started.");
        }
    }

    public static ChildLife Current() => new();

    /// <summary>The process, to be ended by force.</summary>
    /// <exception cref="PlatformNotSupportedException">It is a thread.</exception>
    public NativeProcess Killable
    {
        get
        {
            NativeProcess process = Started.Process;
            return process.CanBeKilled ? process : throw new PlatformNotSupportedException(
                $"Process {Name} runs on a thread of this process (StartMethod.InProcess), and a thread cannot be killed: cancel its token, or dispose it, which cancels and gives it up.");
        }
    }

    public void Start(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CurrentProcess.RequireMayStart();
        lock (_gate)
        {
            RequireNotClosed();
            if (_isCurrent || _worker is not null) throw new InvalidOperationException($"Process {Name} was started before.");
            if (_hasFailed) throw new InvalidOperationException($"Process {Name} could not be started, and its call has ended with that: make another.");
            using var frames = new FrameBuffer();
            bool isSent = false;
            try
            {
                if (EncodedCall is byte[] encoded) frames.Append(encoded);
                else CallFrames.AppendCall(frames, CallId, _call!.Item, _call.Handles);
                var worker = new WorkerProcess(CreateStart(), _options, this);
                worker.Call(CallId, _call!, frames.Written);
                isSent = true;
                worker.Begin();
                _worker = worker;
            }
            catch (Exception error)
            {
                // No answer will come.
                _hasFailed = true;
                if (isSent) _call!.Fail(error);
                else _call!.Withdraw(error);
                throw;
            }

            _cancellation = cancellationToken.UnsafeRegister(static (state, token) => ((ChildLife)state!).Cancel(token), this);
        }

        ChildRegistry.Add(_child!);
        if (IsRunning) return;

        // It ended before it was added, and nobody else would.
        ChildRegistry.Remove(_child!);
        if (_call!.HasEnded) _cancellation.Unregister();
    }

    public void AddCredit(int bytes) => _worker!.AddCredit(CallId, bytes);

    public override string ToString()
    {
        string state = _isClosed ? "closed"
            : _isCurrent ? "started"
            : _worker is null ? "initial"
            : ExitCode is int code ? $"stopped exitcode={code}"
            : "started";
        return $"ChildProcess({Name}, {state})";
    }

    private WorkerStart CreateStart() => new()
    {
        Name = Name,
        Identity = _identity,
        IsDaemon = IsDaemon,
        AuthKey = AuthKey.ToArray(),
        ParentName = CurrentProcess.Name,
        ParentId = Environment.ProcessId,
        Target = _call!.Item.Target,
        IsJoinedAtExit = !_child!.EndsAtExit,
        MaxStackSize = _options.MaxStackSize,
    };

    private void RequireNotStarted(string property)
    {
        if (_isCurrent || _worker is not null) throw new InvalidOperationException($"{property} of process {Name} can only be set before it is started.");
    }

    private void RequireNotClosed() => ObjectDisposedException.ThrowIf(_isClosed, typeof(ChildProcess));
}
