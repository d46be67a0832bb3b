using System.Collections.Concurrent;
using Procgen.Calls;
using Procgen.CompilerServices;
using Procgen.Connections;

namespace Procgen.Managers;

/// <summary>
/// The waits of one connection that are not over. Its thread begins and cancels them; any other may complete one.
/// </summary>
internal sealed class ServerWaits(Connection connection, ObjectTable table)
{
    /// <summary>A client takes a server for stopped that has said nothing for some times as long.</summary>
    private static readonly TimeSpan HearTime = AnswerWatch.AnswerTime / 4;

    private readonly ConcurrentDictionary<long, ServerWait> _open = new();

    private volatile bool _hasEnded;
    private volatile bool _isGivenUp;

    public bool HasEnded => _hasEnded;

    /// <summary>Whether the connection is to be ended by whoever serves it.</summary>
    public bool IsGivenUp => _isGivenUp;

    /// <summary>Deals with a request that is about a wait.</summary>
    /// <returns>False where it is another.</returns>
    public bool TryTake(ReadOnlySpan<byte> request, ClientSession? session)
    {
        if (request.IsEmpty || (ManagerOp)request[0] is not (ManagerOp.BeginWait or ManagerOp.CancelWait or ManagerOp.ConfirmWait)) return false;
        if (session is null) throw new InvalidDataException("A request came before the greeting.");
        var reader = new PayloadReader(request);
        var op = (ManagerOp)reader.ReadMemory<byte>();
        ulong objectId = reader.ReadMemory<ulong>();
        long id = reader.ReadMemory<long>();
        if (op == ManagerOp.BeginWait) Begin(objectId, id, (ManagerOp)reader.ReadMemory<byte>(), reader, session);
        else if (!_open.TryGetValue(id, out ServerWait? wait)) return true;
        else if (op == ManagerOp.ConfirmWait) wait.Confirm();
        else Cancel(wait);
        return true;
    }

    /// <summary>Says that a wait cannot begin, if it is one that the request asks for.</summary>
    /// <returns>False where it is another.</returns>
    public bool TryRefuse(ReadOnlySpan<byte> request, Exception error)
    {
        var reader = new PayloadReader(request);
        if ((ManagerOp)reader.ReadMemory<byte>() != ManagerOp.BeginWait) return false;
        reader.ReadMemory<ulong>();
        ServerWait.Refuse(reader.ReadMemory<long>(), error, this);
        return true;
    }

    public void Remove(ServerWait wait) => _open.TryRemove(wait.Id, out _);

    /// <summary>Sends an answer; who is gone gets none.</summary>
    /// <exception cref="ProcessSerializationException">It is longer than the connection lets through.</exception>
    /// <exception cref="OutOfMemoryException">There is no memory for it.</exception>
    public async Task SendAsync(ReadOnlyMemory<byte> answer)
    {
        try
        {
            await connection.SendBytesAsync(answer).ConfigureAwait(false);
        }
        catch (Exception error) when (error is EndOfStreamException or IOException or ObjectDisposedException)
        {
            // The connection's own thread sees its end and drops what is still open.
        }
    }

    /// <summary>Ends the connection, as the client is owed what cannot be sent: its own thread drops what is still open.</summary>
    public void EndConnection()
    {
        _isGivenUp = true;

        // A pipe's thread looks into its memory at any time, and has to be the one that lets go of it.
        if (connection.Transport is not PipeTransport) connection.Dispose();
    }

    /// <summary>The connection has ended: whoever waits in it leaves his place to others.</summary>
    public void End()
    {
        _hasEnded = true;
        foreach (ServerWait wait in _open.Values) wait.Drop();
        _open.Clear();
    }

    private void Cancel(ServerWait wait)
    {
        wait.Target.Cancel(wait);
        Hear(wait);
    }

    /// <summary>As long as a wait goes on though it was given up, the client is told again and again that the server is there.</summary>
    private void Hear(ServerWait wait)
    {
        if (_hasEnded || !_open.ContainsKey(wait.Id)) return;
        wait.Hear();
        Deadlines.Schedule(HearTime, () => Hear(wait));
    }

    private void Begin(ulong objectId, long id, ManagerOp op, PayloadReader arguments, ClientSession session)
    {
        ServerObject target;
        try
        {
            if (session.HasEnded) throw ManagerServer.TakenForGone();
            target = table.Get(objectId);
        }
        catch (ConnectionLostException error)
        {
            ServerWait.Refuse(id, error, this);
            return;
        }

        var wait = new ServerWait(id, op, target, session, this);
        _open[id] = wait;
        try
        {
            target.Begin(wait, ref arguments);
        }
        catch (Exception error) when (error is not InvalidDataException)
        {
            wait.Fail(error);
        }
    }
}
