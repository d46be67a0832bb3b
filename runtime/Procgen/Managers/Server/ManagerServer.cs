using System.Buffers;
using System.Collections.Concurrent;
using Procgen.Calls;
using Procgen.CompilerServices;
using Procgen.Serialization;

namespace Procgen.Managers;

/// <summary>
/// Hosts objects for client processes. One thread per connection takes requests, one at a time, and answers them; a client
/// that calls from several threads has several connections. A client's first connection tells when it is gone.
/// </summary>
internal sealed class ManagerServer
{
    private readonly ObjectTable _table = new();
    private readonly ConcurrentDictionary<Guid, ClientSession> _sessions = new();
    private readonly ConcurrentDictionary<string, PublishedObject> _published = new();
    private readonly ObjectDisposal _disposal = new();
    private readonly ObjectFactory _factory;

    public ManagerServer(Action shutdown)
    {
        Shutdown = shutdown;
        _factory = new ObjectFactory(_table, _disposal);
    }

    /// <summary>The same for all who reach this server, and for no other.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    private Action Shutdown { get; }

    /// <summary>Serves an authenticated connection until it ends, on the calling thread.</summary>
    public void Serve(Connection connection)
    {
        var answer = new ArrayBufferWriter<byte>(256);
        var waits = new ServerWaits(connection, _table);

        // What the handles in an answer lead to: the client has opened them by the time it asks again.
        using var sent = new HandleScope();
        ClientSession? session = null;
        bool isFirst = false;
        try
        {
            while (true)
            {
                byte[] request = connection.ReceiveBytes();
                if (waits.TryTake(request, session))
                {
                    _table.Sweep();
                    continue;
                }

                sent.Dispose();
                answer.ResetWrittenCount();
                session = Answer(request, answer, sent, connection, session, ref isFirst, out CustomStream? stream);
                using (stream)
                {
                    Send(connection, answer);
                    _table.Sweep();
                    if (stream is null) continue;
                    stream.Run(connection);
                    return;
                }
            }
        }
        catch (Exception error) when (error is EndOfStreamException or IOException or ObjectDisposedException or InvalidDataException)
        {
            // The client has gone, or what it sent was no request: nothing is owed to it.
        }
        finally
        {
            connection.Dispose();
            waits.End();
            if (isFirst && session is not null) End(session);
        }
    }

    /// <summary>Disposes the objects that are left, for a while: the process ends.</summary>
    public void End(TimeSpan limit)
    {
        foreach (ServerObject value in _table.All)
        {
            if (value is CustomObject custom) custom.End();
        }

        _disposal.Finish(limit);
    }

    private ClientSession? Answer(
        byte[] request, ArrayBufferWriter<byte> answer, HandleScope sent, Connection connection, ClientSession? session, ref bool isFirst, out CustomStream? stream)
    {
        stream = null;
        try
        {
            var reader = new PayloadReader(request);
            var op = (ManagerOp)reader.ReadMemory<byte>();
            ulong id = reader.ReadMemory<ulong>();
            var writer = new PayloadWriter(answer, sent);
            writer.WriteMemory((byte)ManagerAnswer.Result);
            if (op == ManagerOp.Hello) session = Greet(ref reader, ref writer, ref isFirst);
            else if (session is null) throw new InvalidDataException("A request came before the greeting.");
            else if (id == 0) InvokeHere(op, ref reader, ref writer, session);
            else if (_table.Get(id) is var target && op == ManagerOp.Invoke && target is CustomObject custom) stream = custom.Call(ref reader, ref writer, connection);
            else target.Invoke(op, ref reader, ref writer, session);
            writer.Flush();
        }
        catch (Exception error) when (session is not null || error is not InvalidDataException)
        {
            WriteError(answer, error);
        }

        return session;
    }

    private static void Send(Connection connection, ArrayBufferWriter<byte> answer)
    {
        try
        {
            connection.SendBytes(answer.WrittenSpan);
        }
        catch (ProcessSerializationException tooLong)
        {
            WriteError(answer, tooLong);
            connection.SendBytes(answer.WrittenSpan);
        }
    }

    private static void WriteError(ArrayBufferWriter<byte> answer, Exception error)
    {
        answer.ResetWrittenCount();
        var writer = new PayloadWriter(answer);
        writer.WriteMemory((byte)ManagerAnswer.Error);
        RemoteError.Write(ref writer, error, []);
        writer.Flush();
    }

    private ClientSession Greet(ref PayloadReader request, ref PayloadWriter answer, ref bool isFirst)
    {
        Guid build = request.ReadMemory<Guid>();
        if (build != typeof(ManagerServer).Module.ModuleVersionId)
            throw new ProcgenException("The client runs another build of Procgen than the manager's server: both must use the same package version.");
        Guid id = request.ReadMemory<Guid>();
        string name = request.ReadString() ?? "";
        int processId = request.ReadMemory<int>();
        bool isNew = false;
        ClientSession session = _sessions.GetOrAdd(id, _ =>
        {
            isNew = true;
            return new ClientSession(id, name, processId);
        });
        isFirst = isNew;
        answer.WriteMemory(Id);
        return session;
    }

    private void InvokeHere(ManagerOp op, ref PayloadReader request, ref PayloadWriter answer, ClientSession session)
    {
        switch (op)
        {
            case ManagerOp.AddReference:
                _table.AddReference(request.ReadMemory<ulong>(), session);
                break;
            case ManagerOp.Release:
                int count = request.ReadMemory<int>();
                for (int i = 0; i < count; i++) _table.Release(request.ReadMemory<ulong>(), session);
                break;
            case ManagerOp.Linger:
                _table.Linger([request.ReadMemory<ulong>()]);
                break;
            case ManagerOp.Publish:
                Publish(ref request);
                break;
            case ManagerOp.Find:
                Find(request.ReadString() ?? "", request.ReadString() ?? "", ref answer);
                break;
            case ManagerOp.CountObjects:
                answer.WriteMemory(_table.Count);
                break;
            case ManagerOp.Farewell:
                _table.Farewell(session);
                break;
            case ManagerOp.Shutdown:
                Shutdown();
                break;
            default:
                answer.WriteMemory(_table.Add(_factory.Create(op, ref request), session));
                break;
        }
    }

    private void Publish(ref PayloadReader request)
    {
        string name = request.ReadString() ?? "";
        string type = request.ReadString() ?? "";
        StoredValue handle = StoredValue.Read(ref request);
        _table.AddReferences([handle]);
        _published.AddOrUpdate(name, _ => new PublishedObject(type, handle), (_, old) =>
        {
            _table.DropReferences([old.Handle]);
            return new PublishedObject(type, handle);
        });
    }

    private void Find(string name, string type, ref PayloadWriter answer)
    {
        bool exists = _published.TryGetValue(name, out PublishedObject? published);
        answer.WriteMemory(exists);
        if (!exists) return;
        if (published!.Type != type)
            throw new InvalidCastException($"'{name}' was published as {published.Type}, not as {type}.");
        _table.Linger(published.Handle.References);
        published.Handle.Write(ref answer);
    }

    private void End(ClientSession session)
    {
        _sessions.TryRemove(session.Id, out _);
        session.End();
        _table.EndSession(session);
    }

    private sealed record PublishedObject(string Type, StoredValue Handle);
}
