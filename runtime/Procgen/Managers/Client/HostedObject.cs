using Procgen.CompilerServices;
using Procgen.Synchronization;

namespace Procgen.Managers;

/// <summary>
/// Stands behind a queue, a lock or another handle whose state lives in a server: asks, waits, crosses, and counts as a proxy.
/// Closing it ends the waits of this handle, and lets go of the object when the last one has ended.
/// </summary>
internal sealed class HostedObject : ManagedProxy
{
    /// <summary>The waits that have begun in it. Also the lock of what follows.</summary>
    private readonly HashSet<PendingAnswer> _waits = [];
    private readonly Type _handle;
    private volatile bool _isDisposed;
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

    /// <inheritdoc cref="ManagerClient.Send"/>
    public PayloadReader Ask(ManagerRequest request, Patience? patience = null) => Send(request, patience);

    public PayloadReader Ask(ManagerOp op, Patience? patience = null) => Send(To(op), patience);

    /// <summary>As <see cref="To"/>, for what has to be said also after the handle was disposed.</summary>
    public ManagerRequest ToLast(ManagerOp op) => ManagerRequest.Create(op, ObjectId);

    /// <summary>Writes what opens the same object elsewhere.</summary>
    public void WriteHandle(ref PayloadWriter writer)
    {
        HandleKinds.Write(ref writer, HandleKind.Managed);
        WriteProxy(ref writer);
    }

    /// <summary>A request to wait, to which arguments may be added. Within a <see cref="Use"/>.</summary>
    public (ManagerRequest Request, long Id) ToWait(ManagerOp op)
    {
        long id = WaitChannel.NextId();
        return (To(ManagerOp.BeginWait).Add(id).Add((byte)op), id);
    }

    public bool Wait(ManagerOp op, Patience patience, out PayloadReader result)
    {
        using Use use = BeginUse();
        return Wait(ToWait(op), patience, out result);
    }

    /// <summary>Waits on the calling thread. Within a <see cref="Use"/>.</summary>
    /// <returns>False when the time was up; then nothing was taken.</returns>
    /// <exception cref="OperationCanceledException">The token fired first; nothing was taken.</exception>
    /// <exception cref="ObjectDisposedException">The handle was disposed meanwhile.</exception>
    /// <exception cref="ConnectionLostException">The server is gone, or does not answer.</exception>
    public bool Wait((ManagerRequest Request, long Id) what, Patience patience, out PayloadReader result)
    {
        PendingAnswer wait = Begin(what);
        try
        {
            return IsResult(wait, wait.Wait(patience), patience.CancellationToken, out result);
        }
        finally
        {
            End(wait);
        }
    }

    public async Task<ReadOnlyMemory<byte>> WaitAsync(ManagerOp op, CancellationToken cancellationToken)
    {
        using Use use = BeginUse();
        return await WaitAsync(ToWait(op), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits without a thread; else as <see cref="Wait(ValueTuple{ManagerRequest, long}, Patience, out PayloadReader)"/>.</summary>
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

    /// <summary>
    /// The object stays until the use has ended, also where the handle is disposed meanwhile: what has begun in it waits for an
    /// answer of the object, or has last words to say (<see cref="ToLast"/>).
    /// </summary>
    /// <exception cref="ObjectDisposedException">The handle was disposed before.</exception>
    public Use BeginUse()
    {
        lock (_waits)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, _handle);
            _uses++;
        }

        return new Use(this);
    }

    /// <summary>Ends the waits; lets go of the object when every <see cref="Use"/> has ended.</summary>
    public void Close()
    {
        PendingAnswer[] waits;
        lock (_waits)
        {
            _isDisposed = true;
            waits = [.. _waits];
        }

        foreach (PendingAnswer wait in waits) wait.GiveUp(GivenUp.Disposed);
        EndUses(0);
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
    }

    private void EndUses(int count)
    {
        lock (_waits)
        {
            _uses -= count;
            if (!_isDisposed || _uses > 0) return;
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
        public void Dispose() => hosted.EndUses(1);
    }
}
