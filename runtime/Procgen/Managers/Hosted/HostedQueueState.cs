using Procgen.CompilerServices;
using Procgen.Queues;
using Procgen.Serialization;
using Procgen.Shared;

namespace Procgen.Managers;

/// <summary>A queue in a server: see <see cref="QueueObject"/>.</summary>
internal sealed class HostedQueueState(HostedObject hosted, int maxSize) : QueueState
{
    public override int MaxSize => maxSize;

    public override int Count => Now.Count;

    public override bool IsFull => Now.IsFull;

    public override bool IsAddingCompleted => Now.IsAddingCompleted;

    public override bool IsCompleted => Now.IsCompleted;

    private Status Now
    {
        get
        {
            PayloadReader answer = hosted.Ask(ManagerOp.Status);
            return new Status(answer.ReadMemory<int>(), answer.ReadMemory<bool>(), answer.ReadMemory<bool>(), answer.ReadMemory<bool>());
        }
    }

    public static HostedQueueState ReadHosted(ref PayloadReader reader)
    {
        HostedObject hosted = HostedObject.Read(ref reader, typeof(ProcessQueue<>));
        return new HostedQueueState(hosted, reader.ReadMemory<int>());
    }

    public override bool TryPut(ReadOnlySpan<byte> item, HandleScope? handles, Deadline deadline, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var patience = new Patience(deadline, cancellationToken);
        if (IsPut(hosted.Ask(Add(hosted.To(ManagerOp.Put), item, handles), patience), handles)) return true;
        if (deadline.HasPassed) return false;
        using HostedObject.Use use = hosted.BeginUse();
        (ManagerRequest request, long id) = hosted.ToWait(ManagerOp.Put);
        return hosted.Wait((Add(request, item, handles), id), patience, out PayloadReader answer) && IsPut(answer, handles);
    }

    public override async ValueTask PutAsync(ItemBuffer item, HandleScope? handles, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using HostedObject.Use use = hosted.BeginUse();
        (ManagerRequest request, long id) = hosted.ToWait(ManagerOp.Put);
        Add(request, item.Written, handles);
        item.Return();
        IsPut(new PayloadReader((await hosted.WaitAsync((request, id), cancellationToken).ConfigureAwait(false)).Span), handles);
    }

    public override TakeOutcome TryTake(bool lease, Deadline deadline, CancellationToken cancellationToken, out QueueItem item)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var patience = new Patience(deadline, cancellationToken);
        ManagerOp op = OpOf(lease);
        TakeOutcome outcome = Read(hosted.Ask(op, patience), out item);
        if (outcome != TakeOutcome.Empty || deadline.HasPassed) return outcome;
        return hosted.Wait(op, patience, out PayloadReader answer) ? Read(answer, out item) : TakeOutcome.Empty;
    }

    public override async ValueTask<(TakeOutcome Outcome, QueueItem Item)> TakeAsync(bool lease, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ReadOnlyMemory<byte> answer = await hosted.WaitAsync(OpOf(lease), cancellationToken).ConfigureAwait(false);
        TakeOutcome outcome = Read(new PayloadReader(answer.Span), out QueueItem item);
        return (outcome, item);
    }

    public override ReadOnlySpan<byte> BytesOf(in QueueItem item) => item.Buffer.Written;

    public override void Release(in QueueItem item) => item.Buffer.Return();

    public override void EndLease(long lease, bool completed)
    {
        try
        {
            hosted.Ask(hosted.ToLast(completed ? ManagerOp.CompleteLease : ManagerOp.ReturnLease).Add(lease));
        }
        finally
        {
            hosted.Client.Held.LetGo(hosted.ObjectId);
        }
    }

    public override void CompleteAdding() => hosted.Ask(ManagerOp.CompleteAdding);

    public override bool TryReportDone() => hosted.Ask(ManagerOp.TaskDone).ReadMemory<bool>();

    public override bool Join(Deadline deadline) => hosted.Wait(ManagerOp.Join, new Patience(deadline, CancellationToken.None), out _);

    public override Task JoinAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return hosted.WaitAsync(ManagerOp.Join, cancellationToken);
    }

    public override void WriteHandle(ref PayloadWriter writer)
    {
        hosted.WriteHandle(ref writer);
        writer.WriteMemory(maxSize);
    }

    public override void Dispose() => hosted.Close();

    private static ManagerOp OpOf(bool lease) => lease ? ManagerOp.Lease : ManagerOp.Take;

    private ManagerRequest Add(ManagerRequest request, ReadOnlySpan<byte> item, HandleScope? handles) =>
        request.AddEncoded(item, handles, hosted.Client.ServerId);

    private bool IsPut(PayloadReader answer, HandleScope? handles)
    {
        switch ((PutAnswer)answer.ReadMemory<byte>())
        {
            case PutAnswer.Done:
                // From now on the server keeps alive what the item names of its own.
                if (handles is not null) ManagerRequest.LetGo(handles, hosted.Client.ServerId);
                return true;
            case PutAnswer.Completed:
                throw QueueErrors.AddingCompleted();
            default:
                return false;
        }
    }

    private TakeOutcome Read(PayloadReader answer, out QueueItem item)
    {
        item = default;
        var how = (TakeAnswer)answer.ReadMemory<byte>();
        if (how != TakeAnswer.Done) return how == TakeAnswer.Completed ? TakeOutcome.Completed : TakeOutcome.Empty;
        long lease = answer.ReadMemory<long>();
        int length = answer.ReadMemory<int>();
        ItemBuffer buffer = ItemBuffer.Rent();
        buffer.Set(answer.TakeSpan(length));
        item = new QueueItem(buffer, length, Run: 0, lease);

        // A lease outlives the handle that it came from, and the server's object with it.
        if (lease != 0) hosted.Client.Held.Hold(hosted.ObjectId);
        return TakeOutcome.Done;
    }

    private readonly record struct Status(int Count, bool IsFull, bool IsAddingCompleted, bool IsCompleted);
}
