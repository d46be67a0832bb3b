using System.Collections.Concurrent;
using Procgen.CompilerServices;

namespace Procgen.Managers;

/// <summary>
/// The connection over which everything in this process waits for one server: any number of waits at a time, each with a
/// number, answered in any order. A thread of its own reads the answers; callers that block are woken by it and need no
/// thread of the pool.
/// </summary>
internal sealed class WaitChannel : IDisposable
{
    private static long s_lastId;
    private readonly ConcurrentDictionary<long, PendingAnswer> _open = new();
    private readonly object _sending = new();
    private readonly Connection _connection;
    private readonly Func<Exception, ConnectionLostException> _lost;
    private readonly Action _giveUp;
    private volatile Exception? _reason;

    /// <param name="connection">The channel's own.</param>
    /// <param name="lost">What to tell those who wait, where the connection has ended.</param>
    /// <param name="giveUp">What to do about a server that does not answer; it ends this channel.</param>
    public WaitChannel(Connection connection, Func<Exception, ConnectionLostException> lost, Action giveUp)
    {
        _connection = connection;
        _lost = lost;
        _giveUp = giveUp;
        new Thread(ReadAll, 256 * 1024) { IsBackground = true, Name = "Procgen manager waits" }.UnsafeStart();
    }

    /// <summary>Whether the connection is gone: then every wait fails.</summary>
    public bool IsLost => _reason is not null;

    /// <summary>A number for a wait, never used before in this process.</summary>
    public static long NextId() => Interlocked.Increment(ref s_lastId);

    /// <summary>Sends a request to wait; disposes it when the answer has come.</summary>
    /// <exception cref="ConnectionLostException">The server is gone.</exception>
    public PendingAnswer Begin(ManagerRequest request, long id)
    {
        var answer = new PendingAnswer(this, id, request);
        _open[id] = answer;
        try
        {
            Send(request.Body.Span);
        }
        catch (Exception error) when (ManagerClient.IsLoss(error))
        {
            _reason ??= error;
        }
        catch
        {
            // It is too long, or there is no memory for it: only this one was not sent.
            _open.TryRemove(id, out _);
            request.Withdraw();
            throw;
        }

        // Also where the reader has failed all the others a moment ago.
        if (_reason is { } reason) Finish(id, pending => pending.Fail(_lost(reason)));
        return answer;
    }

    /// <summary>Asks the server to give a wait up. Its answer says whether it did, or whether the result came first.</summary>
    public void Cancel(long id) => SendIfThere(ManagerOp.CancelWait, id);

    /// <summary>The server has not answered: see <see cref="ManagerClient.GiveUp"/>. Every wait fails.</summary>
    public void GiveUp() => _giveUp();

    public void Dispose() => _connection.Dispose();

    private void ReadAll()
    {
        try
        {
            while (true) Answer(_connection.ReceiveBytes());
        }
        catch (Exception error)
        {
            // The server is gone, what came is no answer, or there is no memory for it: the server takes it back then.
            _reason ??= error;
        }

        _connection.Dispose();
        foreach (long id in _open.Keys) Finish(id, pending => pending.Fail(_lost(_reason)));
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

        if (how == ManagerAnswer.ResultToConfirm) SendIfThere(ManagerOp.ConfirmWait, id);
        Finish(id, answered => answered.Answer(how, message.AsMemory(offset)));
    }

    private void Finish(long id, Action<PendingAnswer> finish)
    {
        if (_open.TryRemove(id, out PendingAnswer? pending)) finish(pending);
    }

    private void SendIfThere(ManagerOp op, long id)
    {
        using ManagerRequest request = ManagerRequest.Create(op).Add(id);
        try
        {
            Send(request.Body.Span);
        }
        catch (Exception error) when (ManagerClient.IsLoss(error))
        {
            // The reader sees it too, and fails everything that is open.
        }
    }

    /// <summary>One at a time: a wait that is cancelled must have begun before. The server reads them without delay.</summary>
    private void Send(ReadOnlySpan<byte> message)
    {
        lock (_sending) _connection.SendBytes(message);
    }
}
