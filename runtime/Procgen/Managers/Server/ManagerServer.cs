using System.Collections.Concurrent;
using Procgen.CompilerServices;

namespace Procgen.Managers;

/// <summary>
/// Hosts objects for client processes. A client that calls from several threads has several connections; its first one tells
/// when it is gone. Those from this machine are served by a few threads in common, those from others by one each.
/// </summary>
internal sealed class ManagerServer
{
    private readonly ObjectTable _table = new();
    private readonly ConcurrentDictionary<Guid, ClientSession> _sessions = new();

    /// <summary>By name, and its own lock: what is found must not be dropped before it lingers, nor anything be dropped twice.</summary>
    private readonly Dictionary<string, PublishedObject> _published = [];
    private readonly ObjectDisposal _disposal = new();
    private readonly ObjectFactory _factory;
    private readonly CommonThread[] _threads;
    private readonly CancellationTokenSource _ended = new();

    public ManagerServer(Action shutdown)
    {
        Shutdown = shutdown;
        _factory = new ObjectFactory(_table, _disposal);

        // Clients need the other cores.
        _threads = new CommonThread[Math.Clamp(Environment.ProcessorCount / 2, 1, 4)];
        for (int i = 0; i < _threads.Length; i++) _threads[i] = new CommonThread(_table);
    }

    /// <summary>The same for all who reach this server, and for no other.</summary>
    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>Fires when nobody is served any more.</summary>
    public CancellationToken Ended => _ended.Token;

    private Action Shutdown { get; }

    /// <summary>Serves an authenticated connection of this machine from now on, on a thread that many share.</summary>
    public void Serve(Connection<byte[]> stream)
    {
        CommonThread thread = Freest();
        if (LocalTransfer.Accept(stream, thread.Bell) is Connection local) thread.Add(new Conversation(this, _table, local));
    }

    /// <summary>Serves the process that has started this server over one of the pipes that it gave; what it is to ring is appended for it.</summary>
    public void Serve(Connection<byte[]> pipe, ref PayloadWriter bell)
    {
        CommonThread thread = Freest();
        thread.Bell.Write(ref bell);
        thread.Add(new Conversation(this, _table, pipe));
    }

    /// <summary>Serves an authenticated connection until it ends, on the calling thread.</summary>
    public void ServeHere(Connection connection) => new Conversation(this, _table, connection).Run();

    /// <summary>Answers a greeting, or what asks the server itself or one of its objects.</summary>
    /// <param name="request">The request.</param>
    /// <param name="answer">Where the answer goes; what this throws is the answer, too.</param>
    /// <param name="conversation">Who asks.</param>
    /// <returns>A stream that is open now, and to be sent over the connection; else null.</returns>
    public CustomStream? Invoke(ReadOnlySpan<byte> request, ref PayloadWriter answer, Conversation conversation)
    {
        var reader = new PayloadReader(request);
        var op = (ManagerOp)reader.ReadMemory<byte>();
        ulong id = reader.ReadMemory<ulong>();
        if (op is ManagerOp.Take or ManagerOp.Lease && conversation.Session is { HasEnded: false } taker)
        {
            conversation.HandOver(_table.Get(id).Hand(op, conversation.Handed, ref answer, taker));
            return null;
        }

        answer.WriteMemory((byte)ManagerAnswer.Result);
        if (op == ManagerOp.Hello)
        {
            Greet(ref reader, ref answer, conversation);
            return null;
        }

        ClientSession session = conversation.Session ?? throw new InvalidDataException("A request came before the greeting.");
        if (session.HasEnded) throw TakenForGone();
        if (id == 0) InvokeHere(op, ref reader, ref answer, session);
        else if (_table.Get(id) is var target && op == ManagerOp.Invoke && target is CustomObject custom) return custom.Call(ref reader, ref answer, conversation.Connection);
        else target.Invoke(op, ref reader, ref answer, session);
        return null;
    }

    /// <summary>Disposes the objects that are left, for a while: the process ends.</summary>
    public void End(TimeSpan limit)
    {
        foreach (ServerObject value in _table.All)
        {
            if (value is CustomObject custom) custom.End();
        }

        _disposal.Finish(limit);
        _ended.Cancel();
        foreach (CommonThread thread in _threads) thread.End();
    }

    /// <summary>A process that the server takes for gone would use what nothing holds for it.</summary>
    public static ConnectionLostException TakenForGone() =>
        new("The manager's server has lost its connection to this process, and has dropped what it held: connect again, and find or make everything anew.");

    private CommonThread Freest()
    {
        CommonThread freest = _threads[0];
        foreach (CommonThread thread in _threads)
            if (thread.Count < freest.Count) freest = thread;

        return freest;
    }

    private void Greet(ref PayloadReader request, ref PayloadWriter answer, Conversation conversation)
    {
        Guid build = request.ReadMemory<Guid>();
        if (build != typeof(ManagerServer).Module.ModuleVersionId)
            throw new ProcgenException("The client runs another build of Procgen than the manager's server: both must use the same package version.");
        Guid id = request.ReadMemory<Guid>();
        string name = request.ReadString() ?? "";
        int processId = request.ReadMemory<int>();
        bool isPresence = request.ReadMemory<bool>();
        ClientSession? session;
        if (!isPresence)
        {
            // As another first connection this one would end the session, and all that the process holds, when it is not needed any more.
            if (!_sessions.TryGetValue(id, out session)) throw TakenForGone();
        }
        else if (!_sessions.TryAdd(id, session = new ClientSession(id, name, processId)))
        {
            throw new InvalidDataException("A process has greeted twice as a new one.");
        }

        conversation.Begin(session, isPresence);
        answer.WriteMemory(Id);
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
        lock (_published)
        {
            _table.AddReferences([handle]);
            if (_published.TryGetValue(name, out PublishedObject? old)) _table.DropReferences([old.Handle]);
            _published[name] = new PublishedObject(type, handle);
        }
    }

    private void Find(string name, string type, ref PayloadWriter answer)
    {
        lock (_published)
        {
            bool exists = _published.TryGetValue(name, out PublishedObject? published);
            answer.WriteMemory(exists);
            if (!exists) return;
            if (published!.Type != type)
                throw new InvalidCastException($"'{name}' was published as {published.Type}, not as {type}.");
            _table.Linger(published.Handle.References);
            published.Handle.Write(ref answer);
        }
    }

    /// <summary>A client process is gone.</summary>
    public void End(ClientSession session)
    {
        _sessions.TryRemove(session.Id, out _);
        session.End();
        _table.EndSession(session);
    }

    private sealed record PublishedObject(string Type, StoredValue Handle);
}
