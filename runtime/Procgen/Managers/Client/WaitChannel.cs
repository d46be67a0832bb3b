using System.Collections.Concurrent;
using Procgen.CompilerServices;
using Procgen.Shared;

namespace Procgen.Managers;

/// <summary>
/// The connection over which everything in this process waits for one server: any number of waits at a time, each with a
/// number, answered in any order. A thread of its own opens it and reads the answers; callers that block are woken by it and need
/// no thread of the pool. No caller waits for it to be open, or for the server to take in what is sent.
/// </summary>
internal sealed class WaitChannel : IDisposable
{
    /// <summary>Opening a connection runs what a user has to say of certificates.</summary>
    private const int StackSize = 1 << 20;

    private static long s_lastId;
    private readonly ConcurrentDictionary<long, PendingAnswer> _open = new();
    private readonly AnswerWatch _watch;
    private readonly Func<Exception, ConnectionLostException> _lost;
    private readonly WaitSender _sender;
    private volatile Exception? _reason;

    /// <param name="open">Opens the channel's own connection.</param>
    /// <param name="lost">What to tell those who wait, where the connection has ended.</param>
    /// <param name="watch">Of the server, which owes it to those who give a wait up that they are told so.</param>
    public WaitChannel(Func<Connection> open, Func<Exception, ConnectionLostException> lost, AnswerWatch watch)
    {
        _lost = lost;
        _watch = watch;
        _sender = new WaitSender(Refuse);
        new Thread(() => Run(open), StackSize) { IsBackground = true, Name = "Procgen manager waits" }.UnsafeStart();
    }

    /// <summary>Whether the connection is gone: then every wait fails.</summary>
    public bool IsLost => _reason is not null;

    /// <summary>A number for a wait, never used before in this process.</summary>
    public static long NextId() => Interlocked.Increment(ref s_lastId);

    /// <summary>Sends a request to wait, without waiting for that; disposes it when the answer has come.</summary>
    /// <returns>The wait; it fails where the request cannot be sent.</returns>
    public PendingAnswer Begin(ManagerRequest request, long id)
    {
        var answer = new PendingAnswer(this, id, request, _watch);
        _open[id] = answer;
        _sender.Send(request.Body, id);

        // Also where the reader has failed all the others a moment ago.
        if (_reason is { } reason) Finish(id, pending => pending.Fail(Because(reason)));
        return answer;
    }

    /// <summary>Asks the server to give a wait up. Its answer says whether it did, or whether the result came first.</summary>
    public void Cancel(long id) => Tell(ManagerOp.CancelWait, id);

    /// <inheritdoc cref="WaitSender.Flush"/>
    public bool Flush(Deadline deadline) => _sender.Flush(deadline);

    /// <summary>Every wait fails.</summary>
    public void Dispose() => _sender.Dispose();

    private void Run(Func<Connection> open)
    {
        try
        {
            Connection connection = open();
            _sender.Begin(connection);
            _reason = ReadAll(connection);
        }
        catch (Exception error)
        {
            // There is no server, or no memory for a connection to it.
            _reason = error;
        }

        _sender.Dispose();
        foreach (long id in _open.Keys) Finish(id, pending => pending.Fail(Because(_reason)));
    }

    /// <returns>Why no more come.</returns>
    private ConnectionLostException ReadAll(Connection connection)
    {
        try
        {
            while (true) Answer(connection.ReceiveBytes());
        }
        catch (Exception error)
        {
            // The server is gone, what came is no answer, or there is no memory for it: the server takes it back then.
            return _lost(error);
        }
    }

    private void Answer(byte[] message)
    {
        var reader = new PayloadReader(message);
        long id = reader.ReadMemory<long>();
        var how = (ManagerAnswer)reader.ReadMemory<byte>();
        int offset = message.Length - reader.Remaining;
        if (how == ManagerAnswer.Heard)
        {
            if (_open.TryGetValue(id, out PendingAnswer? pending)) pending.Hear();
            return;
        }

        // Before whoever takes it has it: this process may end right after that. No other waits longer than its time for the server,
        // which where it takes nothing in is given up.
        if (how == ManagerAnswer.ResultToConfirm) Tell(ManagerOp.ConfirmWait, id, mayWait: true);
        Finish(id, answered => answered.Answer(how, message.AsMemory(offset)));
    }

    /// <summary>It is too long, or there is no memory for it: only this one was not sent.</summary>
    private void Refuse(long id, Exception error) => Finish(id, pending => pending.Fail(error, wasSent: false));

    /// <summary>One for each who is told: an exception's stack is where it was thrown.</summary>
    private static Exception Because(Exception reason) => reason is ConnectionLostException ? new ConnectionLostException(reason.Message, reason.InnerException) : reason;

    private void Finish(long id, Action<PendingAnswer> finish)
    {
        if (_open.TryRemove(id, out PendingAnswer? pending)) finish(pending);
    }

    private void Tell(ManagerOp op, long id, bool mayWait = false)
    {
        using ManagerRequest request = ManagerRequest.Create(op).Add(id);
        _sender.Send(request.Body.ToArray(), mayWait: mayWait);
    }
}
