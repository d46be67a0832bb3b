using System.Buffers;
using Procgen.Calls;
using Procgen.CompilerServices;

namespace Procgen.Managers;

/// <summary>Writes the result of a wait.</summary>
internal delegate void ResultWriter(ref PayloadWriter writer);

/// <summary>
/// What a client waits for at one object. It gets one answer: the result, an error, or that it was given up. Whichever thread
/// brings it about sends the answer, and never waits for the client to read it.
/// </summary>
internal sealed class ServerWait(long id, ManagerOp op, ServerObject target, ClientSession session, ServerWaits owner)
{
    private Handover? _handover;

    public long Id { get; } = id;

    public ManagerOp Op { get; } = op;

    public ServerObject Target { get; } = target;

    public ClientSession Session { get; } = session;

    /// <summary>Nobody is there any more to be answered.</summary>
    public bool HasGone => Session.HasEnded || owner.HasEnded;

    /// <summary>Answers a wait that could not even begin.</summary>
    public static void Refuse(long id, Exception error, ServerWaits owner) => _ = RefuseAsync(id, error, owner);

    /// <param name="result">The result; null for none.</param>
    public void Complete(ResultWriter? result = null)
    {
        owner.Remove(this);
        _ = SendAsync(ManagerAnswer.Result, result);
    }

    /// <summary>Completes with something that must not be lost on the way: it is open until the client has said that it came.</summary>
    public void Complete(ResultWriter result, Handover handover)
    {
        _handover = handover;
        _ = SendAsync(ManagerAnswer.ResultToConfirm, result, handover);
    }

    public void GiveUp()
    {
        owner.Remove(this);
        _ = SendAsync(ManagerAnswer.Cancelled);
    }

    /// <summary>It goes on though the client has given it up, who is to know that it was heard.</summary>
    public void Hear() => _ = SendAsync(ManagerAnswer.Heard);

    public void Fail(Exception error)
    {
        owner.Remove(this);
        Refuse(Id, error, owner);
    }

    public void Confirm()
    {
        owner.Remove(this);
        _handover?.Confirm();
    }

    /// <summary>The client's connection has ended.</summary>
    public void Drop()
    {
        Target.Cancel(this);
        _handover?.Undo();
    }

    private static async Task RefuseAsync(long id, Exception error, ServerWaits owner)
    {
        try
        {
            await owner.SendAsync(Encode(id, ManagerAnswer.Error, (ref PayloadWriter writer) => RemoteError.Write(ref writer, error, []))).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Who gets no answer at all would wait for ever: the end of the connection is one.
            owner.EndConnection();
        }
    }

    private static ReadOnlyMemory<byte> Encode(long id, ManagerAnswer how, ResultWriter? result)
    {
        var answer = new ArrayBufferWriter<byte>(64);
        var writer = new PayloadWriter(answer);
        writer.WriteMemory(id);
        writer.WriteMemory((byte)how);
        result?.Invoke(ref writer);
        writer.Flush();
        return answer.WrittenMemory;
    }

    /// <summary>Sends an answer, or an error in its place. The task never fails.</summary>
    private async Task SendAsync(ManagerAnswer how, ResultWriter? result = null, Handover? handover = null)
    {
        try
        {
            await owner.SendAsync(Encode(Id, how, result)).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // It is longer than the connection lets through, or there is no memory for it.
            Refuse(Id, error, owner);
            TakeBack(handover);
        }
    }

    /// <summary>
    /// On a thread of its own: this one may hold the object's lock, and what is undone goes to the next who waits, perhaps in
    /// vain again.
    /// </summary>
    private void TakeBack(Handover? handover)
    {
        try
        {
            if (handover is null) owner.Remove(this);
            else new Thread(() => Undo(handover), 256 * 1024) { IsBackground = true, Name = "Procgen manager undo" }.UnsafeStart();
        }
        catch (Exception)
        {
            // There is no memory for a thread either: the end of the connection undoes what was to be confirmed.
            owner.EndConnection();
        }
    }

    private void Undo(Handover handover)
    {
        try
        {
            handover.Undo();
            owner.Remove(this);
        }
        catch (Exception)
        {
            owner.EndConnection();
        }
    }
}
