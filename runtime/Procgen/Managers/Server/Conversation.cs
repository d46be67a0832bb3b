using System.Buffers;
using Procgen.Calls;
using Procgen.CompilerServices;
using Procgen.Connections;
using Procgen.Serialization;

namespace Procgen.Managers;

/// <summary>
/// One connection of a client, which asks one thing after the other. Served by one thread at a time: one of its own
/// (<see cref="Run"/>), or a <see cref="CommonThread"/>.
/// </summary>
internal sealed class Conversation(ManagerServer server, ObjectTable table, Connection connection) : IDisposable
{
    /// <summary>A longer request or answer takes a while, in which nobody else is to wait.</summary>
    private const int LongMessage = 32 * 1024;
    private const int FirstCapacity = 256;
    private const int KeptCapacity = 1 << 20;

    private readonly ServerWaits _waits = new(connection, table);

    // What the handles in an answer lead to: the client has opened them by the time it asks again.
    private readonly HandleScope _sent = new();
    private ArrayBufferWriter<byte> _answer = new(FirstCapacity);
    private CustomStream? _stream;

    // Whether there is an answer that has not gone out.
    private bool _isOwed;

    // What the last answer gives away, as long as the client has not said that it came.
    private Handover? _handover;

    // Whether calls come over this connection: then waits, which are answered in another way, do not.
    private bool _hasCalled;

    public Connection Connection => connection;

    /// <summary>The client; null before it has greeted.</summary>
    public ClientSession? Session { get; private set; }

    /// <summary>Whether this is the client's first connection, whose end says that the client is gone.</summary>
    public bool IsPresence { get; private set; }

    /// <summary>Whether it is to end, though its client is there: see <see cref="ServerWaits.EndConnection"/>.</summary>
    public bool IsGivenUp => _waits.IsGivenUp;

    /// <summary>What stands to be sent.</summary>
    public ReadOnlySpan<byte> Answer => _answer.WrittenSpan;

    /// <summary>Whether sending it is nothing for a thread on which others wait.</summary>
    public bool HasLongAnswer => _answer.WrittenCount > LongMessage;

    /// <summary>Whether a request may run a user's code, or take long: that is nothing for a thread on which others wait.</summary>
    public static bool NeedsThread(ReadOnlySpan<byte> request) =>
        request.Length > LongMessage || (request.Length > 0 && (ManagerOp)request[0] is ManagerOp.Invoke or ManagerOp.CreateCustom);

    /// <summary>The client has greeted.</summary>
    public void Begin(ClientSession session, bool isPresence)
    {
        Session = session;
        IsPresence = isPresence;
    }

    /// <summary>
    /// How an answer begins that gives something away. What stands in a client's memory has come, and saying so would cost a seventh of the
    /// call; what was written to a stream may be lost with it.
    /// </summary>
    public ManagerAnswer Handed => connection.Transport is PipeTransport ? ManagerAnswer.Result : ManagerAnswer.ResultToConfirm;

    /// <summary>The answer gives something away.</summary>
    public void HandOver(Handover? handover) => _handover = handover;

    /// <summary>Does what a request asks for.</summary>
    /// <returns>Whether an <see cref="Answer"/> is to be sent: of a wait it comes later, by itself.</returns>
    /// <exception cref="InvalidDataException">It was no request: nothing is owed to the client.</exception>
    public bool Handle(ReadOnlySpan<byte> request)
    {
        if (_waits.TryTake(request, Session)) return false;
        if (request is [(byte)ManagerOp.ConfirmAnswer])
        {
            Confirm();
            return false;
        }

        _hasCalled |= Session is not null;
        ForgetAnswer();
        _isOwed = true;
        try
        {
            var writer = new PayloadWriter(_answer, _sent);
            _stream = server.Invoke(request, ref writer, this);
            writer.Flush();
        }
        catch (Exception error) when (Session is not null || error is not InvalidDataException)
        {
            AnswerWith(error);
        }

        return true;
    }

    /// <summary>Says that a request cannot be served.</summary>
    /// <returns>As of <see cref="Handle"/>.</returns>
    public bool Refuse(ReadOnlySpan<byte> request, Exception error)
    {
        if (_waits.TryRefuse(request, error)) return false;
        AnswerWith(error);
        return true;
    }

    /// <summary>Answers with an error instead: what the answer was to bring is not sent.</summary>
    public void AnswerWith(Exception error)
    {
        ForgetAnswer();
        var writer = new PayloadWriter(_answer);
        writer.WriteMemory((byte)ManagerAnswer.Error);
        RemoteError.Write(ref writer, error, []);
        writer.Flush();
    }

    /// <summary>The answer has gone out.</summary>
    public void HasSent()
    {
        _isOwed = false;
        _sent.BeginTransit();
        if (Handed == ManagerAnswer.Result) Confirm();
    }

    /// <summary>Serves the connection on the calling thread, until it ends or needs no thread of its own any more.</summary>
    /// <param name="request">One that has come already; null for an answer that is still to be sent, or none.</param>
    /// <param name="patience">After how many requests in a row that need no thread it is over.</param>
    /// <returns>Whether the connection goes on.</returns>
    public bool Run(byte[]? request = null, int patience = int.MaxValue)
    {
        bool goesOn = false;
        try
        {
            if (request is null && !Answer.IsEmpty) Send();
            for (int ordinary = 0; ordinary < patience;)
            {
                request ??= Receive();
                bool answers = request is null || Handle(request);
                ordinary = request is null || NeedsThread(request) || (answers && HasLongAnswer) ? 0 : ordinary + 1;
                if (answers) Send();
                table.Sweep();
                if (IsGivenUp) return false;
                if (_stream is not null)
                {
                    _stream.Run(connection);
                    return false;
                }

                request = null;
            }

            return goesOn = true;
        }
        catch (Exception)
        {
            // The client has gone, what it sent was no request, the server ends, or this process lacks memory for more.
            return false;
        }
        finally
        {
            if (!goesOn) Dispose();
        }
    }

    /// <summary>The connection has ended.</summary>
    public void Dispose()
    {
        _stream?.Dispose();
        connection.Dispose();
        ForgetAnswer();

        // Who leaves a server that ends leaves nothing to others: they are all told that it is gone.
        if (server.Ended.IsCancellationRequested) return;
        _waits.End();
        if (IsPresence) server.End(Session!);
    }

    private void Confirm()
    {
        _handover?.Confirm();
        _handover = null;
    }

    /// <summary>The last answer is over: it came, or never will.</summary>
    private void ForgetAnswer()
    {
        if (_isOwed) _sent.Withdraw();
        else _sent.Dispose();
        _isOwed = false;
        _handover?.Undo();
        _handover = null;
        _answer.ResetWrittenCount();
    }

    /// <summary>The next request; null where there is no memory for it, and <see cref="Answer"/> says so.</summary>
    private byte[]? Receive()
    {
        try
        {
            return connection.ReceiveBytes(server.Ended);
        }
        catch (OutOfMemoryException error) when (_hasCalled)
        {
            AnswerWith(error);
            return null;
        }
    }

    private void Send()
    {
        try
        {
            connection.SendBytes(Answer);
        }
        catch (Exception tooLong) when (tooLong is ProcessSerializationException or InsufficientMemoryException)
        {
            AnswerWith(tooLong);
            connection.SendBytes(Answer);
        }

        HasSent();

        // A connection that is idle now need not keep what its longest answer took.
        if (_answer.Capacity > KeptCapacity) _answer = new ArrayBufferWriter<byte>(FirstCapacity);
    }
}
