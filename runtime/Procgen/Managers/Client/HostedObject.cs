using Procgen.CompilerServices;
using Procgen.Shared;
using Procgen.Synchronization;

namespace Procgen.Managers;

/// <summary>
/// Stands behind a queue, a lock or another handle whose state lives in a server: asks, waits, crosses, and counts as a proxy.
/// Closing it ends the waits of this handle, and lets go of the object when the last one has ended.
/// </summary>
internal sealed class HostedObject : ManagedProxy
{
    private readonly HashSet<PendingAnswer> _waits = [];
    private readonly Type _handle;
    private bool _isDisposed;
    private int _uses;

    /// <param name="client">Who reaches the server; the object is held for this already.</param>
    /// <param name="objectId">The object.</param>
    /// <param name="handle">The public type, which an <see cref="ObjectDisposedException"/> names.</param>
    public HostedObject(ManagerClient client, ulong objectId, Type handle)
        : base(client, objectId) => _handle = handle;

    public static HostedObject Read(ref PayloadReader reader, Type handle)
    {
        (ManagerClient client, ulong id) = ReadProxy(ref reader);
        return new HostedObject(client, id, handle);
    }

    /// <summary>A request that is answered at once, to which arguments may be added.</summary>
    public ManagerRequest To(ManagerOp op)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, _handle);
        return Request(op);
    }

    public PayloadReader Ask(ManagerRequest request) => Send(request);

    /// <summary>As <see cref="Ask(ManagerRequest)"/>, for a caller who does not wait for ever.</summary>
    /// <exception cref="ConnectionLostException">The server is gone, or does not answer.</exception>
    public PayloadReader Ask(ManagerRequest request, Deadline deadline, CancellationToken cancellationToken) => Send(request, deadline, cancellationToken);

    public PayloadReader Ask(ManagerOp op) => Send(To(op));

    /// <summary>As <see cref="To"/>, for what has to be said also after the handle was disposed.</summary>
    public ManagerRequest ToLast(ManagerOp op) => ManagerRequest.Create(op, ObjectId);

    /// <summary>Writes what opens the same object elsewhere.</summary>
    public void WriteHandle(ref PayloadWriter writer)
    {
        HandleKinds.Write(ref writer, HandleKind.Managed);
        WriteProxy(ref writer);
    }

    /// <summary>A request to wait, to which arguments may be added.</summary>
    public (ManagerRequest Request, long Id) ToWait(ManagerOp op)
    {
        long id = WaitChannel.NextId();
        return (To(ManagerOp.BeginWait).Add(id).Add((byte)op), id);
    }

    public bool Wait(ManagerOp op, Deadline deadline, CancellationToken cancellationToken, out PayloadReader result) =>
        Wait(ToWait(op), deadline, cancellationToken, out result);

    /// <summary>Waits on the calling thread.</summary>
    /// <returns>False when the time was up; then nothing was taken.</returns>
    /// <exception cref="OperationCanceledException">The token fired first; nothing was taken.</exception>
    /// <exception cref="ObjectDisposedException">The handle was disposed meanwhile.</exception>
    /// <exception cref="ConnectionLostException">The server is gone, or does not answer.</exception>
    public bool Wait((ManagerRequest Request, long Id) what, Deadline deadline, CancellationToken cancellationToken, out PayloadReader result)
    {
        PendingAnswer wait = Begin(what);
        try
        {
            return IsResult(wait, wait.Wait(deadline, cancellationToken), cancellationToken, out result);
        }
        finally
        {
            End(wait);
        }
    }

    /// <summary>Waits without a thread; else as <see cref="Wait(ValueTuple{ManagerRequest, long}, Deadline, CancellationToken, out PayloadReader)"/>.</summary>
    public async Task<ReadOnlyMemory<byte>> WaitAsync((ManagerRequest Request, long Id) what, CancellationToken cancellationToken)
    {
        PendingAnswer wait = Begin(what);
        try
        {
            using CancellationTokenRegistration cancellation = cancellationToken.UnsafeRegister(static wait => ((PendingAnswer)wait!).GiveUp(GivenUp.Cancelled), wait);
            PendingAnswer.Result answer = await wait.Task.ConfigureAwait(false);
            IsResult(wait, answer, cancellationToken, out _);
            return answer.Body;
        }
        finally
        {
            End(wait);
        }
    }

    public Task<ReadOnlyMemory<byte>> WaitAsync(ManagerOp op, CancellationToken cancellationToken) => WaitAsync(ToWait(op), cancellationToken);

    /// <summary>
    /// The object stays until the use has ended, also where the handle is disposed meanwhile: what has begun in it has last words
    /// to say (<see cref="ToLast"/>).
    /// </summary>
    public Use BeginUse()
    {
        Interlocked.Increment(ref _uses);
        return new Use(this);
    }

    /// <summary>Ends the waits; lets go of the object when they have ended, and every <see cref="Use"/>.</summary>
    public void Close()
    {
        PendingAnswer[] waits;
        lock (_waits)
        {
            _isDisposed = true;
            waits = [.. _waits];
        }

        foreach (PendingAnswer wait in waits) wait.GiveUp(GivenUp.Disposed);
        LetGoIfClosed();
    }

    private PendingAnswer Begin((ManagerRequest Request, long Id) what)
    {
        PendingAnswer wait = Client.Waits.Begin(what.Request, what.Id);
        lock (_waits)
        {
            _waits.Add(wait);
            if (!_isDisposed) return wait;
        }

        wait.GiveUp(GivenUp.Disposed);
        return wait;
    }

    private void End(PendingAnswer wait)
    {
        lock (_waits) _waits.Remove(wait);
        LetGoIfClosed();
        GC.KeepAlive(this);
    }

    private void LetGoIfClosed()
    {
        lock (_waits)
        {
            if (!_isDisposed || _waits.Count > 0 || Volatile.Read(ref _uses) > 0) return;
        }

        Dispose();
    }

    private bool IsResult(PendingAnswer wait, PendingAnswer.Result answer, CancellationToken cancellationToken, out PayloadReader result)
    {
        result = new PayloadReader(answer.Body.Span);
        switch (answer.How)
        {
            case ManagerAnswer.Error:
                throw Client.ReadError(ref result);
            case ManagerAnswer.Cancelled when wait.Why == GivenUp.Disposed:
                throw new ObjectDisposedException(_handle.Name, "The handle was disposed while it was waited for.");
            case ManagerAnswer.Cancelled when wait.Why == GivenUp.Cancelled:
                throw new OperationCanceledException(cancellationToken);
            default:
                return answer.How != ManagerAnswer.Cancelled;
        }
    }

    /// <summary>See <see cref="BeginUse"/>; to be disposed once.</summary>
    public readonly struct Use(HostedObject hosted) : IDisposable
    {
        public void Dispose()
        {
            Interlocked.Decrement(ref hosted._uses);
            hosted.LetGoIfClosed();
        }
    }
}
