using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Procgen.Connections;
using Procgen.Queues;
using Procgen.Shared;

namespace Procgen.Managers;

/// <summary>
/// Serves many connections of clients on this machine, all those of a small one. A thread for each would be a switch of
/// threads for each request; this one is woken once for all that have come. What may block or take long gets a thread of its
/// own, for as long as its connection goes on like that.
/// </summary>
internal sealed class CommonThread
{
    /// <summary>After how many requests in a row that did not need it a connection gives up its thread.</summary>
    private const int Patience = 100;

    private static readonly TakeRequest s_anyBytes = new(ItemKind.Bytes, int.MaxValue);

    private readonly List<Conversation> _served = [];
    private readonly ConcurrentQueue<Conversation> _arrived = new();
    private readonly ObjectTable _table;
    private SpinBudget _spins;
    private long _lookedAround;
    private int _count;
    private volatile bool _ends;

    public CommonThread(ObjectTable table)
    {
        _table = table;
        new Thread(Run, 256 * 1024) { IsBackground = true, Name = "Procgen manager calls" }.UnsafeStart();
    }

    /// <summary>What clients ring when they have sent a request.</summary>
    public PipeBell Bell { get; } = new();

    /// <summary>How many connections it serves.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Serves a connection through shared memory from now on.</summary>
    public void Add(Conversation conversation)
    {
        Interlocked.Increment(ref _count);
        _arrived.Enqueue(conversation);
        Bell.Shake();
        if (_ends) DropArrived();
    }

    /// <summary>Ends all connections, and the thread.</summary>
    public void End()
    {
        _ends = true;
        Bell.Shake();
    }

    private void Run()
    {
        while (!_ends)
        {
            if (ServeAll() || SpinForRequest()) continue;
            int armed = Bell.Arm();
            if (_ends || ServeAll()) continue;
            Bell.Sleep(armed);
        }

        foreach (Conversation conversation in _served) conversation.Dispose();
        DropArrived();
        Bell.Dispose();
    }

    /// <summary>Serves one request of each connection that has one.</summary>
    /// <returns>Whether there was any.</returns>
    private bool ServeAll()
    {
        TakeArrived();
        bool looksAround = Environment.TickCount64 - _lookedAround >= Deadline.LookAroundMilliseconds;
        if (looksAround) _lookedAround = Environment.TickCount64;
        bool any = false;
        for (int i = _served.Count - 1; i >= 0; i--)
        {
            Conversation conversation = _served[i];
            PipeDirection incoming = PipeOf(conversation).Incoming;
            bool isEmpty = incoming.Log.LooksEmpty;
            any |= !isEmpty;
            if (isEmpty ? !HasEnded(conversation, incoming, looksAround) : Serve(conversation)) continue;
            _served[i] = _served[^1];
            _served.RemoveAt(_served.Count - 1);
            Interlocked.Decrement(ref _count);
        }

        if (any || looksAround) _table.Sweep();
        return any;
    }

    private void TakeArrived()
    {
        while (_arrived.TryDequeue(out Conversation? conversation))
        {
            // Before the log is looked at: from here on the client rings.
            PipeOf(conversation).AskToRing(true);
            _served.Add(conversation);
        }
    }

    private void DropArrived()
    {
        while (_arrived.TryDequeue(out Conversation? conversation)) conversation.Dispose();
    }

    /// <summary>Whether an idle connection's client has let go of it, or died: that one is looked for only now and then, and by its first connection.</summary>
    private static bool HasEnded(Conversation conversation, PipeDirection incoming, bool looksAround)
    {
        bool hasEnded = conversation.IsGivenUp || (conversation is { IsPresence: false, Session: { } session }
            ? session.HasEnded || incoming.IsLetGo
            : looksAround ? incoming.HasPeerGone() : incoming.IsLetGo);

        // It may have sent something last.
        if (!hasEnded || !incoming.Log.LooksEmpty) return false;
        conversation.Dispose();
        return true;
    }

    /// <summary>Serves the request that has come.</summary>
    /// <returns>Whether the connection stays here.</returns>
    private bool Serve(Conversation conversation)
    {
        PipeTransport pipe = PipeOf(conversation);
        try
        {
            TakeOutcome outcome = pipe.Receive(s_anyBytes, Deadline.Now, CancellationToken.None, out QueueItem item);
            if (outcome == TakeOutcome.Empty) return true;
            if (outcome == TakeOutcome.Done)
            {
                try
                {
                    ReadOnlySpan<byte> request = pipe.BytesOf(item);
                    if (Conversation.NeedsThread(request))
                    {
                        if (TryCopy(request, out Exception? noMemory) is byte[] copy) return Leave(conversation, copy);
                        if (!conversation.Refuse(request, noMemory!)) return true;
                    }
                    else if (!conversation.Handle(request))
                    {
                        return true;
                    }
                }
                finally
                {
                    pipe.Release(item);
                }

                return conversation.HasLongAnswer ? Leave(conversation, null) : Send(conversation, pipe);
            }
        }
        catch (Exception)
        {
            // As the client's end, whatever it was: nobody else's connection suffers.
        }

        conversation.Dispose();
        return false;
    }

    private static byte[]? TryCopy(ReadOnlySpan<byte> request, out Exception? error)
    {
        error = null;
        try
        {
            return request.ToArray();
        }
        catch (OutOfMemoryException noMemory)
        {
            error = noMemory;
            return null;
        }
    }

    private static bool Send(Conversation conversation, PipeTransport pipe)
    {
        PutOutcome outcome;
        try
        {
            outcome = pipe.TrySend(conversation.Answer, ItemKind.Bytes);
        }
        catch (InsufficientMemoryException tooLong)
        {
            conversation.AnswerWith(tooLong);
            outcome = pipe.TrySend(conversation.Answer, ItemKind.Bytes);
        }

        if (outcome != PutOutcome.Done) throw new EndOfStreamException("The client has gone, or does not read its answers.");
        conversation.HasSent();
        return true;
    }

    /// <summary>Gives a connection a thread of its own, with the stack that users' code is used to.</summary>
    /// <param name="conversation">Over the connection.</param>
    /// <param name="request">The request to begin with; null where it is an answer that is to be sent.</param>
    private bool Leave(Conversation conversation, byte[]? request)
    {
        PipeOf(conversation).AskToRing(false);
        new Thread(() =>
        {
            if (conversation.Run(request, Patience)) Add(conversation);
        }) { IsBackground = true, Name = "Procgen manager connection" }.UnsafeStart();
        return false;
    }

    private bool SpinForRequest()
    {
        // Looking at many takes longer than a round.
        int step = 1 + (_served.Count / 8);
        for (int rounds = _spins.Rounds; rounds > 0; rounds -= step)
        {
            Thread.SpinWait(1);
            foreach (Conversation conversation in CollectionsMarshal.AsSpan(_served))
            {
                if (PipeOf(conversation).Incoming.Log.LooksEmpty) continue;
                _spins.Hit();
                return true;
            }
        }

        _spins.Miss();
        return false;
    }

    private static PipeTransport PipeOf(Conversation conversation) => (PipeTransport)conversation.Connection.Transport;
}
