using Procgen.Calls;
using Procgen.CompilerServices;
using Procgen.Framing;
using Procgen.Transport;

namespace Procgen.Worker;

/// <summary>
/// The worker's half of the conversation in a process that was started for one call. The reader thread takes frames in and
/// must never wait; the target thread waits for the call and runs it. When the parent is gone, so is this process,
/// whatever the target does.
/// </summary>
internal sealed class WorkerSession(Link link, WorkerContext context, Action parentGone, SentHandles sent) : IFrameHandler
{
    /// <summary>Longer ones are not to be kept beside what has been read from them.</summary>
    private const int ShortArguments = 64 * 1024;

    private readonly object _gate = new();
    private byte[]? _body;
    private uint _id;
    private RunningCall? _running;
    private uint? _cancelled;
    private bool _isFinishing;

    /// <summary>Runs the call when it has come.</summary>
    /// <returns>The exception that the target threw.</returns>
    public Exception? ServeOne() => WaitForCall() is byte[] body ? Run(body) : null;

    /// <summary>Nobody waits for answers any more: the running call's token is cancelled, and no further one is begun.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            _isFinishing = true;
            _body = null;
            _cancelled = _id;
            _running?.Cancel();
            Monitor.PulseAll(_gate);
        }
    }

    public void OnFrame(FrameKind kind, ReadOnlySpan<byte> body)
    {
        var reader = new PayloadReader(body);
        switch (kind)
        {
            case FrameKind.Call:
                Receive(reader.ReadMemory<uint>(), body[sizeof(uint)..]);
                break;
            case FrameKind.Cancel:
                Cancel(reader.ReadMemory<uint>());
                break;
            case FrameKind.Credit:
                AddCredit(reader.ReadMemory<uint>(), reader.ReadMemory<int>());
                break;
            case FrameKind.Finish:
                lock (_gate)
                {
                    _isFinishing = true;
                    Monitor.PulseAll(_gate);
                }

                break;
            default:
                throw new InvalidDataException($"A worker cannot be sent a frame of kind {(byte)kind}.");
        }
    }

    public void OnClosed(Exception? reason)
    {
        if (reason is InvalidDataException) Console.Error.WriteLine($"Procgen: worker {context.WorkerName} ends: {reason.Message}");
        parentGone();
    }

    private void Receive(uint id, ReadOnlySpan<byte> body)
    {
        byte[] kept = body.ToArray();
        lock (_gate)
        {
            if (_isFinishing) return;
            _id = id;
            _body = kept;
            Monitor.Pulse(_gate);
        }
    }

    private byte[]? WaitForCall()
    {
        lock (_gate)
        {
            while (_body is null && !_isFinishing) Monitor.Wait(_gate);
            byte[]? body = _body;
            _body = null; // Not kept for as long as the target runs.
            return body;
        }
    }

    private Exception? Run(byte[] body)
    {
        using var call = new RunningCall(link, sent) { Id = _id };
        lock (_gate)
        {
            _running = call;
            if (_cancelled == _id) call.Cancel();
        }

        RemoteThrow[] throws = [];
        try
        {
            var reader = new PayloadReader(body);
            Target target = CallHandle.ReadTarget(ref reader);
            throws = target.Throws;
            context.CallCount++;
            context.CancellationToken = call.CancellationToken;
            var invocation = new Invocation(call.CancellationToken, context, call);
            if (target is CallTarget { Run: { } run } && reader.Remaining <= ShortArguments) call.RunAtOnce(run, invocation, body.AsMemory(body.Length - reader.Remaining));
            else Execute(CallFrames.ReadItem(target, ref reader), invocation, call);
            return null;
        }
        catch (Exception error)
        {
            link.Send(FrameKind.Error, new Failure(_id, error, throws), static (ref PayloadWriter writer, Failure failure) =>
            {
                writer.WriteMemory(failure.Id);
                RemoteError.Write(ref writer, failure.Error, failure.Throws);
            });
            if (!IsCancellation(error)) LastWords.Print(error);
            return error;
        }
        finally
        {
            lock (_gate) _running = null;
        }
    }

    /// <summary>Whether it is what the caller has asked for, who needs not read of it.</summary>
    private bool IsCancellation(Exception error)
    {
        lock (_gate) return error is OperationCanceledException && _cancelled == _id;
    }

    private void Execute(IWorkItem item, Invocation invocation, RunningCall call)
    {
        ValueTask execution = item.ExecuteAsync(invocation, call);
        if (execution.IsCompleted) execution.GetAwaiter().GetResult();
        else execution.AsTask().GetAwaiter().GetResult();
        if (!call.HasResult) link.Send(FrameKind.Result, call.Id, CallFrames.Id);
    }

    private void Cancel(uint id)
    {
        lock (_gate)
        {
            _cancelled = id; // It may come before its call.
            if (_running?.Id == id) _running.Cancel();
        }
    }

    private void AddCredit(uint id, int bytes)
    {
        RunningCall? running;
        lock (_gate) running = _running;
        if (running?.Id == id) running.AddCredit(bytes);
    }

    private readonly record struct Failure(uint Id, Exception Error, RemoteThrow[] Throws);
}
