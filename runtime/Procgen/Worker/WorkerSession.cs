using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Procgen.Calls;
using Procgen.CompilerServices;
using Procgen.Framing;
using Procgen.Transport;

namespace Procgen.Worker;

/// <summary>
/// A worker's half of the conversation. The reader thread takes frames in and must never wait; the target thread takes
/// calls from the queue, one at a time, and runs them. When the parent is gone, so is this process, whatever a target does.
/// </summary>
internal sealed class WorkerSession(Link link, WorkerContext context, Action parentGone) : IFrameHandler
{
    private readonly object _gate = new();
    private readonly Queue<QueuedCall> _queue = new();
    private HashSet<uint>? _cancelled;
    private RunningCall? _running;
    private bool _isFinishing;

    public SentHandles SentHandles { get; } = new();

    // A class: the runtime has no code of its own for a queue of our structs, and would compile it at every start.
    private sealed record QueuedCall(uint Id, byte[] Body, int Length);

    /// <summary>Runs the one call that a process of its own was started for.</summary>
    /// <returns>The exception that the target threw.</returns>
    public Exception? ServeOne() => TryDequeue(out QueuedCall? call) ? Run(call) : null;

    /// <summary>Nobody waits for answers any more: the running call's token is cancelled, and no further one is begun.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            _isFinishing = true;
            _queue.Clear();
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
                Enqueue(reader.ReadMemory<uint>(), body[sizeof(uint)..]);
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
        parentGone();
    }

    private void Enqueue(uint id, ReadOnlySpan<byte> body)
    {
        byte[] kept = ArrayPool<byte>.Shared.Rent(body.Length);
        body.CopyTo(kept);
        lock (_gate)
        {
            _queue.Enqueue(new QueuedCall(id, kept, body.Length));
            Monitor.Pulse(_gate);
        }
    }

    private bool TryDequeue([NotNullWhen(true)] out QueuedCall? call)
    {
        lock (_gate)
        {
            while (!_queue.TryDequeue(out call))
            {
                if (_isFinishing) return false;
                Monitor.Wait(_gate);
            }

            return true;
        }
    }

    private Exception? Run(QueuedCall queued)
    {
        using var call = new RunningCall(link, queued.Id, SentHandles);
        lock (_gate)
        {
            _running = call;
            if (_cancelled is not null && _cancelled.Remove(queued.Id)) call.Cancel();
        }

        RemoteThrow[] throws = [];
        try
        {
            IWorkItem item = Read(queued);
            throws = item.Target.Throws;
            context.CallCount++;
            context.CancellationToken = call.CancellationToken;
            ValueTask execution = item.ExecuteAsync(new Invocation(call.CancellationToken, context, call), call);
            if (execution.IsCompleted) execution.GetAwaiter().GetResult();
            else execution.AsTask().GetAwaiter().GetResult();
            if (!call.HasResult) link.Send(FrameKind.Result, queued.Id, CallFrames.Id);
            return null;
        }
        catch (Exception error)
        {
            link.Send(FrameKind.Error, (queued.Id, error, throws), static (ref PayloadWriter writer, (uint Id, Exception Error, RemoteThrow[] Throws) failure) =>
            {
                writer.WriteMemory(failure.Id);
                RemoteError.Write(ref writer, failure.Error, failure.Throws);
            });
            return error;
        }
        finally
        {
            lock (_gate) _running = null;
        }
    }

    private static IWorkItem Read(QueuedCall queued)
    {
        try
        {
            var reader = new PayloadReader(queued.Body.AsSpan(0, queued.Length));
            return CallFrames.ReadCall(ref reader);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(queued.Body);
        }
    }

    private void Cancel(uint id)
    {
        lock (_gate)
        {
            if (_running?.Id == id) _running.Cancel();
            else if (_queue.Any(call => call.Id == id)) (_cancelled ??= []).Add(id);
        }
    }

    private void AddCredit(uint id, int bytes)
    {
        RunningCall? running;
        lock (_gate) running = _running;
        if (running?.Id == id) running.AddCredit(bytes);
    }
}
