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
    private Action? _undo;
    private Action? _confirm;

    public long Id { get; } = id;

    public ManagerOp Op { get; } = op;

    public ServerObject Target { get; } = target;

    public ClientSession Session { get; } = session;

    /// <summary>Nobody is there any more to be answered.</summary>
    public bool HasGone => Session.HasEnded || owner.HasEnded;

    /// <summary>Answers a wait that could not even begin.</summary>
    public static void Refuse(long id, Exception error, ServerWaits owner) =>
        Send(owner, id, ManagerAnswer.Error, (ref PayloadWriter writer) => RemoteError.Write(ref writer, error, []));

    public void Complete(ResultWriter? result = null)
    {
        owner.Remove(this);
        Send(owner, Id, ManagerAnswer.Result, result);
    }

    /// <summary>Completes with something that must not be lost on the way.</summary>
    /// <param name="result">The result.</param>
    /// <param name="confirm">Runs when the client has it.</param>
    /// <param name="undo">Runs when the client's connection has ended before that.</param>
    public void Complete(ResultWriter result, Action confirm, Action undo)
    {
        _confirm = confirm;
        _undo = undo;
        Send(owner, Id, ManagerAnswer.ResultToConfirm, result);
    }

    public void GiveUp()
    {
        owner.Remove(this);
        Send(owner, Id, ManagerAnswer.Cancelled, null);
    }

    public void Fail(Exception error)
    {
        owner.Remove(this);
        Refuse(Id, error, owner);
    }

    public void Confirm()
    {
        owner.Remove(this);
        _confirm?.Invoke();
    }

    /// <summary>The client's connection has ended.</summary>
    public void Drop()
    {
        Target.Cancel(this);
        _undo?.Invoke();
    }

    private static void Send(ServerWaits owner, long id, ManagerAnswer how, ResultWriter? result)
    {
        var answer = new ArrayBufferWriter<byte>(64);
        var writer = new PayloadWriter(answer);
        writer.WriteMemory(id);
        writer.WriteMemory((byte)how);
        result?.Invoke(ref writer);
        writer.Flush();
        _ = owner.SendAsync(answer.WrittenMemory);
    }
}
