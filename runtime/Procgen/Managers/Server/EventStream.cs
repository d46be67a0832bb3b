using Procgen.CompilerServices;

namespace Procgen.Managers;

/// <summary>
/// What an event is raised with. Whoever raises it never waits for a client: items are encoded there and then, and wait here
/// for the connection's thread. A client that falls too far behind loses the stream rather than items.
/// </summary>
internal sealed class EventStream<TItem> : CustomStream
{
    /// <summary>Beside what the connection itself holds.</summary>
    private const long MaxWaitingBytes = 16 << 20;
    private const int ItemOverhead = 48;
    private readonly object _gate = new();
    private readonly Queue<byte[]> _waiting = new();
    private readonly Codec<TItem> _codec;
    private readonly Action _unsubscribe;
    private Exception? _failure;
    private long _waitingBytes;
    private bool _isGone;

    /// <summary>Subscribes; in the object's turn.</summary>
    public EventStream(CustomObject host, Codec<TItem> codec, Func<Action<TItem>, Action> subscribe)
        : base(host)
    {
        _codec = codec;
        _unsubscribe = subscribe(Raise);
    }

    public override void Run(Connection connection)
    {
        using IDisposable watch = connection.Transport.WhenReadable(NoteGone);
        try
        {
            while (Next() is { } message)
            {
                connection.SendBytes(message);
                if (message[0] == (byte)ManagerAnswer.Error) return;
            }
        }
        catch (ProcessSerializationException tooLong)
        {
            connection.SendBytes(Failure(tooLong));
        }
    }

    public override void Dispose()
    {
        NoteGone();
        try
        {
            Host.InTurn(() =>
            {
                _unsubscribe();
                return true;
            });
        }
        catch (Exception error)
        {
            // The class's own accessor: nobody is left to be told.
            Console.Error.WriteLine($"Procgen: an event in the manager's server could not be unsubscribed from:{Environment.NewLine}{error}");
        }
        finally
        {
            base.Dispose();
        }
    }

    private byte[]? Next()
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && _failure is null && !_isGone) Monitor.Wait(_gate);
            if (_isGone) return null;
            if (!_waiting.TryDequeue(out byte[]? message)) return Failure(_failure!);
            _waitingBytes -= message.Length + ItemOverhead;
            return message;
        }
    }

    /// <summary>On the thread that raises the event.</summary>
    private void Raise(TItem item)
    {
        byte[]? message = null;
        Exception? failure = null;
        try
        {
            message = Item(_codec, item);
        }
        catch (Exception error)
        {
            failure = error;
        }

        lock (_gate)
        {
            if (_failure is not null || _isGone) return;
            if (message is not null && _waitingBytes + message.Length > MaxWaitingBytes)
            {
                failure = new ProcgenException(
                    $"The event was raised faster than its reader reads: the reader is more than {MaxWaitingBytes >> 20} MiB behind, and the stream ends here.");
            }

            _failure = failure;
            if (failure is null)
            {
                _waiting.Enqueue(message!);
                _waitingBytes += message!.Length + ItemOverhead;
            }

            Monitor.Pulse(_gate);
        }
    }

    private void NoteGone()
    {
        lock (_gate)
        {
            _isGone = true;
            _waiting.Clear();
            Monitor.PulseAll(_gate);
        }
    }
}
