using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Procgen.Calls;
using Procgen.CompilerServices;
using Procgen.Framing;
using Procgen.Launching;
using Procgen.Serialization;
using Procgen.Shared;
using Procgen.Telemetry;
using Procgen.Transport;

namespace Procgen.Worker;

/// <summary>
/// A pool worker's half of the conversation. The target thread reads the link itself while it has nothing to run, so that
/// a call is one wake away; <see cref="BusyWatch"/> has it read by another thread while an item keeps it.
/// </summary>
internal sealed class BatchSession : IFrameHandler
{
    private readonly Link _link;
    private readonly CallBoard _board;
    private readonly WorkerContext _context;
    private readonly ResultWriter _results;
    private readonly BusyWatch _watch;
    private readonly object _gate = new();
    private readonly Queue<ReceivedBatch> _queue = new();
    private HashSet<uint>? _cancelled;
    private BatchCall _call;
    private HandleScope _handles = new(isAwaited: true); // Of the value that is being written; each with handles has its own.
    private Target? _lastTarget;
    private Exception? _targetProblem;
    private uint? _running;
    private bool _isFinishing;
    private SharedBlock? _sharedBlock;
    private SegmentViews? _shared;

    /// <param name="link">To the pool.</param>
    /// <param name="board">What is shared with it.</param>
    /// <param name="context">The worker's.</param>
    /// <param name="parentGone">Called when the pool's process is gone.</param>
    /// <param name="sent">Keeps the handles in what is sent.</param>
    public BatchSession(Link link, CallBoard board, WorkerContext context, Action parentGone, SentHandles sent)
    {
        SentHandles = sent;
        _link = link;
        _board = board;
        _context = context;
        _results = new ResultWriter(board, link);
        _watch = new BusyWatch(this, link, parentGone, _results.PublishWatched);
        _call = NewCall();
    }

    public SentHandles SentHandles { get; }

    // A class: the runtime has no code of its own for a queue of our structs, and would compile it at every start.
    private sealed record ReceivedBatch(BatchHeader Header, byte[] Body, int Offset, int Length);

    /// <summary>Takes in what has arrived together with the start; from now on the link is seen to, whatever keeps this thread.</summary>
    public void Begin()
    {
        _link.HandleArrived(this);
        _watch.Begin();
    }

    /// <summary>Runs batches on the calling thread until the pool says that no more follow.</summary>
    public void Serve()
    {
        _results.Resume();
        while (TryDequeue(out ReceivedBatch? batch)) Run(batch);
        _results.Publish();
        _watch.Stop();
        _results.Close();
        _board.Block.Release();
        _shared?.Close();
        _sharedBlock?.Release();
    }

    /// <summary>Nobody waits for answers any more: the running item's token is cancelled, and no further one is begun.</summary>
    public void Abandon()
    {
        lock (_gate)
        {
            _isFinishing = true;
            _queue.Clear();
            if (_running is not null) _call.Cancel();
        }
    }

    public void OnFrame(FrameKind kind, ReadOnlySpan<byte> body)
    {
        var reader = new PayloadReader(body);
        switch (kind)
        {
            case FrameKind.Batch:
                BatchHeader header = BatchHeader.Read(ref reader);
                byte[] kept = ArrayPool<byte>.Shared.Rent(body.Length);
                body.CopyTo(kept);
                lock (_gate) _queue.Enqueue(new ReceivedBatch(header, kept, body.Length - reader.Remaining, reader.Remaining));
                break;
            case FrameKind.Shared:
                _sharedBlock = SharedBlock.Read(ref reader);
                _shared = new SegmentViews(_sharedBlock);
                break;
            case FrameKind.Cancel:
                Cancel(reader.ReadMemory<uint>());
                break;
            case FrameKind.Credit:
                uint id = reader.ReadMemory<uint>();
                lock (_gate)
                {
                    if (_running == id) _call.AddCredit(reader.ReadMemory<int>());
                }

                break;
            case FrameKind.Finish:
                lock (_gate) _isFinishing = true;
                break;
            default:
                throw new InvalidDataException($"A pool's worker cannot be sent a frame of kind {(byte)kind}.");
        }
    }

    public void OnClosed(Exception? reason)
    {
    }

    private bool TryDequeue([NotNullWhen(true)] out ReceivedBatch? batch)
    {
        while (true)
        {
            int readCount = _watch.ReadCount;
            lock (_gate)
            {
                if (_queue.TryDequeue(out batch))
                {
                    _running = batch.Header.Batch;
                    return true;
                }

                if (_isFinishing) return false;
            }

            _results.Rest();
            _results.Publish();
            _watch.ReadWhileIdle(readCount);
            _results.Resume();
        }
    }

    private void Run(ReceivedBatch batch)
    {
        BatchHeader header = batch.Header;
        lock (_gate)
        {
            if (!_call.TryReset()) _call = NewCall();
            _call.Id = header.Batch;
            if (_cancelled is not null && _cancelled.Remove(header.Batch)) _call.Cancel();
        }

        CancellationToken token = _call.Invocation.CancellationToken;
        if (_context.CancellationToken != token) _context.CancellationToken = token;
        using Activity? span = header.TraceParent is { } parent ? CallSpans.Continue(Find(header)?.Name, parent) : null;
        try
        {
            RunItems(header, batch.Body, batch.Offset, batch.Length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(batch.Body);
            Volatile.Write(ref _board.Running, 0);
            lock (_gate) _running = null;
            if (token.IsCancellationRequested) SentHandles.Abandon(header.Batch);
        }
    }

    private void RunItems(in BatchHeader header, byte[] body, int offset, int length)
    {
        Target? target = Find(header);
        _results.Measure(!header.IsInternal);
        var items = new BatchItems(header, body.AsSpan(offset, length), _shared);
        for (int index = 0; index < header.Count; index++)
        {
            _watch.ItemComes();
            if (!_board.TryBegin(header.Batch))
            {
                _results.Begin();
                _results.Commit(header.Batch, index, ItemStatus.BatchLeft);
                return;
            }

            // Not before: who sees it running may kill this process and expect that it costs this item.
            if (index == 0) Volatile.Write(ref _board.Running, header.Batch + 1L);
            else if (!_call.TryReuse()) RenewCall(header.Batch);
            _watch.ItemBegins();
            if (header.IsTimed) Volatile.Write(ref _board.BegunAt, Stopwatch.GetTimestamp());
            RunItem(header, target, index, items[index]);
        }
    }

    private void RunItem(in BatchHeader header, Target? target, int index, ReadOnlySpan<byte> arguments)
    {
        ItemStatus status = ItemStatus.Returned;
        _call.Item = index;
        _context.CallCount++;
        try
        {
            if (target is null) throw _targetProblem ?? new UnknownTargetException(header.Module, header.Target);
            if (target is CallTarget { Run: { } run }) RunAtOnce(run, arguments);
            else Execute(target, arguments);
        }
        catch (Exception error)
        {
            status = ItemStatus.Threw;

            _handles.Withdraw();
            _results.Begin();
            var writer = new PayloadWriter(_results);
            RemoteError.Write(ref writer, error, target?.Throws ?? []);
            writer.Flush();
        }

        if (header.IsTimed) Volatile.Write(ref _board.BegunAt, 0);
        SentHandles.Secure();
        _results.Commit(header.Batch, index, status, asFrame: _call.HasSpoken);
    }

    private void RunAtOnce(CallRunner run, ReadOnlySpan<byte> arguments)
    {
        var reader = new PayloadReader(arguments);
        PayloadWriter writer = _results.Begin(_handles);
        run(ref reader, _call.Invocation, ref writer);
        _results.End(ref writer);
        if (_handles.IsEmpty) return;
        SentHandles.Keep(_call.Id, _handles);
        _handles = new HandleScope(isAwaited: true);
    }

    private void Execute(Target target, ReadOnlySpan<byte> arguments)
    {
        var reader = new PayloadReader(arguments);
        ValueTask execution = CallFrames.ReadItem(target, ref reader).ExecuteAsync(_call.Invocation, _call);
        if (execution.IsCompleted) execution.GetAwaiter().GetResult();
        else execution.AsTask().GetAwaiter().GetResult();
        if (!_call.HasResult) _results.Begin();
    }

    private Target? Find(in BatchHeader header)
    {
        if (_lastTarget is { } last && last.Id == header.Target && last.ModuleVersionId == header.Module) return last;
        Target? target = null;
        _targetProblem = null;
        try
        {
            TargetRegistry.TryFind(header.Module, header.Target, out target);
        }
        catch (Exception error)
        {
            // To make it runs code of the user's, such as the constructor of a codec: that is an error of each item.
            _targetProblem = error;
        }

        return _lastTarget = target;
    }

    private BatchCall NewCall() => new(_link, _results, SentHandles, _context);

    private void RenewCall(uint batch)
    {
        lock (_gate)
        {
            bool isCancelled = _call.Invocation.CancellationToken.IsCancellationRequested;
            _call = NewCall();
            _call.Id = batch;
            if (isCancelled) _call.Cancel();
        }

        _context.CancellationToken = _call.Invocation.CancellationToken;
    }

    private void Cancel(uint batch)
    {
        lock (_gate)
        {
            if (_running == batch)
            {
                if (_call.Id == batch) _call.Cancel();
                else (_cancelled ??= []).Add(batch);
            }
            else if (_queue.Any(queued => queued.Header.Batch == batch))
            {
                (_cancelled ??= []).Add(batch);
            }
            else
            {
                SentHandles.Abandon(batch);
            }
        }
    }
}
