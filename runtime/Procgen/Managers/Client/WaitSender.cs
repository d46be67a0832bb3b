using Procgen.Connections;
using Procgen.Queues;
using Procgen.Shared;

namespace Procgen.Managers;

/// <summary>
/// Sends what a <see cref="WaitChannel"/> has to say, one after the other: a wait that is cancelled must have begun before. Who
/// finds that nobody sends does so himself. What cannot be sent without waiting he leaves to a thread, and no lock is held meanwhile,
/// so that a server which takes nothing in, or is stopped within a pipe, holds nobody else.
/// </summary>
/// <param name="refuse">Told of a wait that cannot be asked for, while the connection goes on.</param>
/// <param name="startThread">Starts the thread.</param>
/// <remarks>Thread-safe.</remarks>
internal sealed class WaitSender(Action<long, Exception> refuse, Action<ThreadStart> startThread) : IDisposable
{
    /// <summary>What is not sent yet; the first of it is being sent where somebody sends. Also the lock.</summary>
    private readonly Queue<Message> _waiting = new();
    private Connection? _connection;
    private bool _isSending;
    private bool _isLeftToThread;
    private bool _hasThread;
    private bool _isDisposed;

    public WaitSender(Action<long, Exception> refuse)
        : this(refuse, static run => new Thread(run, 256 * 1024) { IsBackground = true, Name = "Procgen manager waits sender" }.UnsafeStart())
    {
    }

    /// <summary>The connection is open: sends what has come before.</summary>
    public void Begin(Connection connection)
    {
        lock (_waiting)
        {
            _connection = connection;
            _isSending = true;
            if (_isDisposed) connection.Dispose();
        }

        SendWaiting(patience: 0);
    }

    /// <summary>Sends a message, now or later.</summary>
    /// <param name="message">Not to be changed until it is sent.</param>
    /// <param name="wait">The wait that it asks for; null where it says something else, without which the connection cannot go on.</param>
    /// <param name="mayWait">Whether the caller would rather wait than leave it to the thread. Behind others it is sent later in any case.</param>
    public void Send(ReadOnlyMemory<byte> message, long? wait = null, bool mayWait = false)
    {
        lock (_waiting)
        {
            _waiting.Enqueue(new Message(message, wait));
            if (_isSending || _connection is null) return;
            _isSending = true;
        }

        SendWaiting(patience: mayWait ? 1 : 0);
    }

    /// <summary>Blocks until what was to be said over the connection has been.</summary>
    /// <returns>False when the time was up.</returns>
    public bool Flush(Deadline deadline)
    {
        lock (_waiting)
        {
            while (_isSending && !_isDisposed)
            {
                if (deadline.HasPassed) return false;
                Monitor.Wait(_waiting, deadline.Slice(int.MaxValue));
            }

            return true;
        }
    }

    /// <summary>Closes the connection. What was not sent is not sent any more.</summary>
    public void Dispose()
    {
        Connection? connection;
        lock (_waiting)
        {
            _isDisposed = true;
            connection = _connection;
            Monitor.PulseAll(_waiting);
        }

        connection?.Dispose();
    }

    /// <summary>By whoever sends from now on: what waits, until nothing does, or he would have to wait himself.</summary>
    /// <param name="patience">For how many messages he does wait.</param>
    private void SendWaiting(int patience)
    {
        try
        {
            for (bool hasSent = false; TryNext(hasSent, out Message next); hasSent = true)
            {
                if (TrySend(next, mayWait: patience-- > 0)) continue;
                LeaveToThread();
                return;
            }
        }
        catch
        {
            // Interrupted, for one: nobody else would send any more, so all waits fail.
            _connection!.Dispose();
            throw;
        }
    }

    /// <summary>What is to be sent now; where there is nothing, nobody sends any more.</summary>
    /// <param name="hasSent">Whether the one before has been.</param>
    /// <param name="next">The message, which stays the first.</param>
    private bool TryNext(bool hasSent, out Message next)
    {
        lock (_waiting)
        {
            if (hasSent) _waiting.Dequeue();
            _isSending = _waiting.TryPeek(out next) && !_isDisposed;
            if (!_isSending) Monitor.PulseAll(_waiting);
            return _isSending;
        }
    }

    /// <summary>Sends it if that takes no waiting, which of a stream nobody can say before, or if it may wait.</summary>
    /// <returns>Whether there is nothing left to do about it.</returns>
    private bool TrySend(Message message, bool mayWait)
    {
        try
        {
            if (!mayWait) return _connection is { Transport: PipeTransport pipe } && pipe.TrySend(message.Bytes.Span, ItemKind.Bytes) != PutOutcome.Full;
            _connection!.SendBytes(message.Bytes.Span);
        }
        catch (Exception error)
        {
            OnFailed(message, error);
        }

        return true;
    }

    private void LeaveToThread()
    {
        lock (_waiting)
        {
            _isLeftToThread = true;
            Monitor.PulseAll(_waiting);
            if (_hasThread) return;
            _hasThread = true;
        }

        try
        {
            startThread(SendAll);
        }
        catch (Exception)
        {
            // There is no memory for it: all waits fail when the reader sees the end, and the next one finds another channel.
            _connection!.Dispose();
        }
    }

    private void SendAll()
    {
        while (IsLeftToThread()) SendWaiting(patience: int.MaxValue);
    }

    private bool IsLeftToThread()
    {
        lock (_waiting)
        {
            while (!_isLeftToThread && !_isDisposed) Monitor.Wait(_waiting);
            _isLeftToThread = false;
            return !_isDisposed;
        }
    }

    /// <summary>A wait that is too long, or that there is no memory for, fails alone; else all do, when the reader sees the end.</summary>
    private void OnFailed(Message message, Exception error)
    {
        if (message.Wait is { } wait && !ManagerClient.IsLoss(error)) refuse(wait, error);
        else _connection!.Dispose();
    }

    private readonly record struct Message(ReadOnlyMemory<byte> Bytes, long? Wait);
}
