using Procgen.Calls;
using Procgen.CompilerServices;
using Procgen.Framing;
using Procgen.Launching;
using Procgen.Shared;
using Procgen.Telemetry;

namespace Procgen.Processes;

/// <summary>Hears what becomes of a <see cref="WorkerProcess"/>, on its link thread: never calls user code there.</summary>
internal interface IWorkerOwner
{
    /// <summary>A call ended with its result or with the target's exception, and its caller has been told.</summary>
    void OnCallEnded(WorkerProcess worker, uint id);

    /// <summary>Once, when all others have ended: these were accepted and will have no answer, so the owner ends them. After all that was reported.</summary>
    void OnCallsLost(WorkerProcess worker, WorkerEnd end, IReadOnlyList<PendingCall> lost);

    /// <summary>The process is gone.</summary>
    void OnExited(WorkerProcess worker, WorkerEnd end);
}

/// <summary>A worker with the calls that have not been answered, by their ids.</summary>
internal sealed class WorkerProcess : WorkerHost
{
    private readonly object _calls = new();
    private readonly IWorkerOwner _owner;
    private readonly Dictionary<uint, PendingCall> _pending = [];
    private CallbackThread? _callbacks;
    private WorkerEnd? _end;

    /// <summary>Launches it. Nothing is sent or heard until <see cref="WorkerHost.Begin"/>.</summary>
    public WorkerProcess(WorkerStart start, LaunchOptions options, IWorkerOwner owner)
        : base(start, options) => _owner = owner;

    /// <summary>Sends a call that <see cref="CallFrames.AppendCall"/> encoded under <paramref name="id"/>.</summary>
    /// <remarks>Where the worker has ended already, so has the call; the owner is not told.</remarks>
    public void Call(uint id, PendingCall call, ReadOnlySpan<byte> frames)
    {
        ProcgenEvents.Log.CallStarted(call.TargetName, Name);
        WorkerEnd? end;
        lock (_calls)
        {
            end = _end;
            if (end is null) _pending.Add(id, call);
        }

        if (end is null) Send(frames);
        else call.Fail(end.ToException(call.TargetName));
    }

    public override void OnFrame(FrameKind kind, ReadOnlySpan<byte> body)
    {
        var reader = new PayloadReader(body);
        switch (kind)
        {
            case FrameKind.Result or FrameKind.Error:
                End(reader.ReadMemory<uint>(), kind, body[sizeof(uint)..]);
                break;
            case FrameKind.Item:
                AddItem(reader.ReadMemory<uint>(), body);
                break;
            case FrameKind.Progress:
                uint id = reader.ReadMemory<uint>();
                _ = reader.ReadMemory<int>(); // Which item: there is one.
                Report(id, reader.ReadMemory<int>(), body[(3 * sizeof(int))..]);
                break;
            case FrameKind.Ready:
                break;
            case FrameKind.Will:
                HandlesInTransit.TakeOver(ref reader);
                break;
            case FrameKind.Launches:
                NoteLaunches();
                break;
            default:
                throw new InvalidDataException($"{Origin} sent a frame of kind {(byte)kind}.");
        }
    }

    protected override void OnEnded(WorkerEnd end)
    {
        List<PendingCall> lost;
        lock (_calls)
        {
            _end = end;
            lost = [.. _pending.Values];
            _pending.Clear();
        }

        if (_callbacks is null) _owner.OnCallsLost(this, end, lost);
        else _callbacks.Finish(() => _owner.OnCallsLost(this, end, lost));
        _owner.OnExited(this, end);
    }

    private void End(uint id, FrameKind kind, ReadOnlySpan<byte> payload)
    {
        PendingCall? call;
        lock (_calls) _pending.Remove(id, out call);
        if (call is null) return; // Its caller has given up on it.
        call.IsAnswered = true;
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
        lock (_calls) _pending.TryGetValue(id, out call);

        // Credit is counted in whole bodies, as the worker counts them.
        if (call is null || !call.TryAddItem(body[sizeof(uint)..], body.Length)) AddCredit(id, body.Length);
    }

    private void Report(uint id, int index, ReadOnlySpan<byte> payload)
    {
        PendingCall? call;
        lock (_calls) _pending.TryGetValue(id, out call);
        if (call is null || call.HasEnded) return;
        call.HasReported = true;
        byte[] kept = payload.ToArray();
        _callbacks ??= new CallbackThread($"Procgen callbacks {Name}");
        _callbacks.Post(() => call.Report(index, kept));
    }
}
