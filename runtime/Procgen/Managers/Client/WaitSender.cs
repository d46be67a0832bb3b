using Procgen.Connections;
using Procgen.Queues;

namespace Procgen.Managers;

/// <summary>
/// Sends what a <see cref="WaitChannel"/> has to say, one after the other: a wait that is cancelled must have begun before. What
/// cannot be sent without waiting is sent by a thread of its own, so that a server which takes nothing in holds nobody else.
/// </summary>
/// <param name="refuse">Told of a wait that cannot be asked for, while the connection goes on.</param>
/// <remarks>Thread-safe.</remarks>
internal sealed class WaitSender(Action<long, Exception> refuse) : IDisposable
{
    /// <summary>What is not sent yet; the first of it is being sent where there is a thread. Also the lock.</summary>
    private readonly Queue<Message> _waiting = new();
    private Connection? _connection;
    private bool _hasThread;
    private bool _isDisposed;

    /// <summary>The connection is open: sends what has come before.</summary>
    public void Begin(Connection connection)
    {
        lock (_waiting)
        {
            _connection = connection;
            if (_isDisposed) connection.Dispose();
            while (_waiting.TryPeek(out Message first) && TrySend(first)) _waiting.Dequeue();
            WakeThread();
        }
    }

    /// <summary>Sends a message, now or later.</summary>
    /// <param name="message">Not to be changed until it is sent.</param>
    /// <param name="wait">The wait that it asks for; null where it says something else, without which the connection cannot go on.</param>
    public void Send(ReadOnlyMemory<byte> message, long? wait = null)
    {
        lock (_waiting)
        {
            var sent = new Message(message, wait);
            if (_waiting.Count == 0 && TrySend(sent)) return;
            _waiting.Enqueue(sent);
            WakeThread();
        }
    }

    /// <summary>Closes the connection. What was not sent is not sent any more.</summary>
    public void Dispose()
    {
        lock (_waiting)
        {
            _isDisposed = true;
            Monitor.PulseAll(_waiting);
            _connection?.Dispose();
        }
    }

    /// <summary>Sends it if that takes no waiting; of a stream nobody can say before.</summary>
    /// <returns>Whether there is nothing left to do about it.</returns>
    private bool TrySend(Message message)
    {
        if (_connection is not { Transport: PipeTransport pipe }) return false;
        try
        {
            return pipe.TrySend(message.Bytes.Span, ItemKind.Bytes) != PutOutcome.Full;
        }
        catch (Exception error)
        {
            OnFailed(message, error);
            return true;
        }
    }

    private void WakeThread()
    {
        if (_connection is null || _waiting.Count == 0) return;
        Monitor.PulseAll(_waiting);
        if (_hasThread) return;
        _hasThread = true;
        new Thread(SendAll, 256 * 1024) { IsBackground = true, Name = "Procgen manager waits sender" }.UnsafeStart();
    }

    private void SendAll()
    {
        while (TryNext(out Message next))
        {
            try
            {
                _connection!.SendBytes(next.Bytes.Span);
            }
            catch (Exception error)
            {
                OnFailed(next, error);
            }

            lock (_waiting) _waiting.Dequeue();
        }
    }

    private bool TryNext(out Message next)
    {
        lock (_waiting)
        {
            while (!_waiting.TryPeek(out next) && !_isDisposed) Monitor.Wait(_waiting);
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
