using Procgen.Calls;
using Procgen.Framing;
using Procgen.Launching;
using Procgen.Telemetry;
using Procgen.Transport;

namespace Procgen.Processes;

/// <summary>
/// One worker process seen from its parent: the process and its link. A thread of its own accepts the connection, reads,
/// and waits for the end of the process; the overrides are called there and never call user code.
/// </summary>
internal abstract class WorkerHost : IFrameHandler
{
    /// <summary>What certainly goes into an empty link at once, whatever the worker does.</summary>
    private const int ImmediateBytes = 32 * 1024;

    private static readonly TimeSpan UsualExit = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestExit = TimeSpan.FromSeconds(10);
    private readonly object _gate = new();
    private readonly WorkerStart _start;
    private readonly LaunchedWorker _launched;
    private readonly long _launchedAt = Environment.TickCount64;
    private FrameBuffer? _outbox = new();
    private Exception? _reason;
    private bool _launches;

    protected WorkerHost(WorkerStart start, LaunchOptions options)
    {
        _start = start;
        using var introduction = new FrameBuffer();
        try
        {
            introduction.Append(FrameKind.Start, start, WorkerStart.Write);
            _launched = WorkerLauncher.Launch(start, options);
        }
        catch
        {
            _outbox.Dispose();
            throw;
        }

        _launched.Greet(_outbox);
        _outbox.Append(introduction.Written);
    }

    public NativeProcess Process => _launched.Process;

    public string Name => _start.Name;

    /// <summary>Where an error comes from, for stack traces.</summary>
    public string Origin => $"process {Name} (pid {Process.Id})";

    /// <summary>Set when the worker has connected.</summary>
    protected Link? Link { get; private set; }

    /// <summary>Cancels the token of a call or batch.</summary>
    public void Cancel(uint id) => Send(FrameKind.Cancel, id, CallFrames.Id);

    public void AddCredit(uint id, int bytes) => Send(FrameKind.Credit, new StreamCredit(id, bytes), CallFrames.Credit);

    /// <summary>Lets the worker finish what it has and exit.</summary>
    public void Finish() => Send(FrameKind.Finish, 0u, CallFrames.Id);

    /// <summary>Gives up on the worker for a reason of this side.</summary>
    public void Abort(Exception reason)
    {
        lock (_gate) _reason ??= reason;
        Process.Kill();
    }

    /// <summary>How long its end waits for what its callers do with its last captured lines.</summary>
    protected virtual TimeSpan OutputPatience => Timeout.InfiniteTimeSpan;

    public abstract void OnFrame(FrameKind kind, ReadOnlySpan<byte> body);

    public void OnClosed(Exception? reason)
    {
        lock (_gate) _reason ??= reason;
    }

    /// <summary>Sends what has been said so far as soon as the worker is there, and listens to it.</summary>
    public void Begin()
    {
        try
        {
            // A worker from the reserve begins while the thread that listens to it comes to be.
            if (_launched.IsConnected && _outbox!.Length <= ImmediateBytes && _launched.Connect() is ByteChannel channel) Open(new Link(channel, sendersWait: false));
            // With the usual stack: results are read on it, whose objects may lie deep in each other.
            new Thread(Converse) { IsBackground = true, Name = $"Procgen link {Name}" }.Start();
        }
        catch
        {
            // No thread to be had: without one the worker would look for its pipe as long as this process lives.
            Process.Kill();
            Process.Dispose();
            throw;
        }
    }

    /// <summary>The worker has said so: <see cref="FrameKind.Launches"/>.</summary>
    protected void NoteLaunches() => _launches = true;

    /// <summary>Frames go straight to the link from now on.</summary>
    protected virtual void OnConnected()
    {
    }

    /// <summary>The process is gone and all that it sent has been read; last.</summary>
    protected abstract void OnEnded(WorkerEnd end);

    protected void Send<TState>(FrameKind kind, TState state, FrameBody<TState> body)
    {
        lock (_gate)
        {
            if (Link is null)
            {
                _outbox?.Append(kind, state, body);
                return;
            }
        }

        Link.Send(kind, state, body);
    }

    protected void Send(ReadOnlySpan<byte> frames)
    {
        lock (_gate)
        {
            if (Link is null)
            {
                _outbox?.Append(frames);
                return;
            }
        }

        Link.Send(frames);
    }

    private void Converse()
    {
        try
        {
            if (Link is null && Connect() is ByteChannel channel) Open(new Link(channel, sendersWait: false));
            if (Link is Link link)
            {
                OnConnected();
                link.ReadToEnd(this);
            }
        }
        catch (Exception error)
        {
            lock (_gate) _reason ??= error;
            if (Link is null) Process.Kill(); // It looks for a pipe that there will never be.
        }

        WaitForEnd();
        if (_launches) Process.DeleteLaunchSockets();
        lock (_gate)
        {
            _outbox?.Dispose();
            _outbox = null;
        }

        OnEnded(new WorkerEnd(Name, Process.Id, Process.Status ?? ExitStatus.Unknown, Link is not null, _reason, Process.StandardErrorTail));
        Thread.Yield(); // Who has waited for it may have been woken on this processor.
        Link?.Dispose();
        Process.Dispose();
    }

    /// <summary>The end of the link is the end of the worker; one that lingers without it would be an orphan.</summary>
    private void WaitForEnd()
    {
        Process.WaitUntilEnded(UsualExit, () => Deadlines.Schedule(LongestExit, () => Process.Kill()));
        Process.Exited.WaitOne(OutputPatience);
    }

    private ByteChannel? Connect()
    {
        using IDisposable limit = Deadlines.Schedule(ProcessDefaults.StartTimeout, () =>
        {
            Abort(new TimeoutException($"{Origin} did not connect within {ProcessDefaults.StartTimeout}."));
            _launched.GiveUp();
        });
        return _launched.Connect();
    }

    /// <summary>Sends what was said before the worker was there.</summary>
    private void Open(Link link)
    {
        ProcgenEvents.Log.ProcessConnected(Name, Process.Id, Environment.TickCount64 - _launchedAt);
        lock (_gate)
        {
            FrameBuffer outbox = _outbox!;
            _outbox = null;
            Link = link;
            link.Send(outbox.Written);
            outbox.Dispose();
        }
    }
}
