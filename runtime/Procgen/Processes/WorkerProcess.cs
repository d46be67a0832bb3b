using Procgen.Calls;
using Procgen.CompilerServices;
using Procgen.Framing;
using Procgen.Launching;
using Procgen.Shared;
using Procgen.Transport;

namespace Procgen.Processes;

/// <summary>Hears what becomes of a <see cref="WorkerProcess"/>, on its link thread: never calls user code there.</summary>
internal interface IWorkerOwner
{
    /// <summary>A call ended with its result or with the target's exception, and its caller has been told.</summary>
    void OnCallEnded(WorkerProcess worker, uint id);

    /// <summary>These were accepted and will have no answer: the owner ends them. After all that they reported.</summary>
    void OnCallsLost(WorkerProcess worker, WorkerEnd end, IReadOnlyList<PendingCall> lost);

    /// <summary>The process is gone.</summary>
    void OnExited(WorkerProcess worker, WorkerEnd end);
}

/// <summary>
/// One worker process seen from its parent: the process, its link, and the calls that have not been answered. A thread of
/// its own accepts the connection, reads, and waits for the end of the process.
/// </summary>
internal sealed class WorkerProcess : IFrameHandler
{
    private readonly object _gate = new();
    private readonly WorkerStart _start;
    private readonly IWorkerOwner _owner;
    private readonly Dictionary<uint, PendingCall> _pending = [];
    private readonly LaunchedWorker _launched;
    private FrameBuffer? _outbox = new();
    private Link? _link;
    private CallbackThread? _callbacks;
    private Exception? _reason;
    private bool _hasEnded;

    private WorkerProcess(WorkerStart start, LaunchOptions options, IWorkerOwner owner)
    {
        _start = start;
        _owner = owner;

        _outbox.Append(FrameKind.Start, start, WorkerStart.Write);
        try
        {
            _launched = WorkerLauncher.Launch(start, options);
        }
        catch
        {
            _outbox.Dispose();
            throw;
        }
    }

    public NativeProcess Process => _launched.Process;

    public string Name => _start.Name;

    private string Origin => $"process {Name} (pid {Process.Id})";

    public static WorkerProcess Start(WorkerStart start, LaunchOptions options, IWorkerOwner owner)
    {
        var worker = new WorkerProcess(start, options, owner);
        new Thread(worker.Converse, 256 * 1024) { IsBackground = true, Name = $"Procgen link {start.Name}" }.Start();
        return worker;
    }

    /// <summary>Sends a call that <see cref="CallFrames.AppendCall"/> encoded under <paramref name="id"/>.</summary>
    /// <returns>False where the worker is gone: it will not be asked, and the owner is not told.</returns>
    public bool TryBegin(uint id, PendingCall call, ReadOnlySpan<byte> frames)
    {
        lock (_gate)
        {
            if (_hasEnded) return false;
            _pending.Add(id, call);
        }

        Send(frames);
        return true;
    }

    public void Cancel(uint id) => Send(FrameKind.Cancel, id, CallFrames.Id);

    public void AddCredit(uint id, int bytes) => Send(FrameKind.Credit, (id, bytes), CallFrames.Credit);

    /// <summary>Lets the worker finish what it has and exit.</summary>
    public void Finish() => Send(FrameKind.Finish, 0u, CallFrames.Id);

    /// <summary>Gives up on the worker for a reason of this side.</summary>
    public void Abort(Exception reason)
    {
        lock (_gate) _reason ??= reason;
        Process.Kill();
    }

    public void OnFrame(FrameKind kind, ReadOnlySpan<byte> body)
    {
        var reader = new PayloadReader(body);
        switch (kind)
        {
            case FrameKind.Result or FrameKind.Error:
                End(reader.ReadUnmanaged<uint>(), kind, body[sizeof(uint)..]);
                break;
            case FrameKind.Item:
                AddItem(reader.ReadUnmanaged<uint>(), body);
                break;
            case FrameKind.Progress:
                Report(reader.ReadUnmanaged<uint>(), reader.ReadUnmanaged<int>(), body[(2 * sizeof(int))..]);
                break;
            case FrameKind.Ready:
                break;
            case FrameKind.Will:
                HandlesInTransit.TakeOver(ref reader);
                break;
            default:
                throw new InvalidDataException($"{Origin} sent a frame of kind {(byte)kind}.");
        }
    }

    public void OnClosed(Exception? reason)
    {
        lock (_gate) _reason ??= reason;
    }

    private void Converse()
    {
        try
        {
            if (Connect() is ByteChannel channel)
            {
                var link = new Link(channel);
                Open(link);
                link.ReadFrames(this);
            }
        }
        catch (Exception error)
        {
            lock (_gate) _reason ??= error;
        }

        // The end of the link is the end of the worker; one that lingers without it would be an orphan.
        using (Deadlines.Schedule(TimeSpan.FromSeconds(10), () => Process.Kill())) Process.Exited.WaitOne();
        List<PendingCall> lost;
        lock (_gate)
        {
            _hasEnded = true;
            lost = [.. _pending.Values];
            _pending.Clear();
            _outbox?.Dispose();
            _outbox = null;
        }

        var end = new WorkerEnd(Name, Process.Id, Process.Status!.Value, _link is not null, _reason, Process.StandardErrorTail);
        if (_callbacks is null) _owner.OnCallsLost(this, end, lost);
        else _callbacks.Finish(() => _owner.OnCallsLost(this, end, lost));
        _owner.OnExited(this, end);
        Process.Dispose();
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

    /// <summary>Sends what was said before the worker was there; from now on frames go straight to the link.</summary>
    private void Open(Link link)
    {
        lock (_gate)
        {
            FrameBuffer outbox = _outbox!;
            _outbox = null;
            _link = link;
            link.Send(outbox.Written);
            outbox.Dispose();
        }
    }

    private void Send<TState>(FrameKind kind, TState state, FrameBody<TState> body)
    {
        lock (_gate)
        {
            if (_link is null)
            {
                _outbox?.Append(kind, state, body);
                return;
            }
        }

        _link.Send(kind, state, body);
    }

    private void Send(ReadOnlySpan<byte> frames)
    {
        lock (_gate)
        {
            if (_link is null)
            {
                _outbox?.Append(frames);
                return;
            }
        }

        _link.Send(frames);
    }

    private void End(uint id, FrameKind kind, ReadOnlySpan<byte> payload)
    {
        PendingCall? call;
        lock (_gate) _pending.Remove(id, out call);
        if (call is null) return; // Its caller has given up on it.
        if (call.HasReported)
        {
            byte[] kept = payload.ToArray();
            _callbacks!.Post(() => Settle(call, kind, kept));
        }
        else
        {
            Settle(call, kind, payload);
        }

        _owner.OnCallEnded(this, id);
    }

    private void Settle(PendingCall call, FrameKind kind, ReadOnlySpan<byte> payload)
    {
        if (kind == FrameKind.Result) call.Complete(payload);
        else call.Fail(payload, Origin);
    }

    private void AddItem(uint id, ReadOnlySpan<byte> body)
    {
        PendingCall? call;
        lock (_gate) _pending.TryGetValue(id, out call);

        // Credit is counted in whole bodies, as the worker counts them.
        if (call is null || !call.TryAddItem(body[sizeof(uint)..], body.Length)) AddCredit(id, body.Length);
    }

    private void Report(uint id, int index, ReadOnlySpan<byte> payload)
    {
        PendingCall? call;
        lock (_gate) _pending.TryGetValue(id, out call);
        if (call is null || call.HasEnded) return;
        call.HasReported = true;
        byte[] kept = payload.ToArray();
        _callbacks ??= new CallbackThread($"Procgen callbacks {Name}");
        _callbacks.Post(() => call.Report(index, kept));
    }
}
