using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Procgen.CompilerServices;
using Procgen.Connections;
using Procgen.Queues;
using Procgen.Serialization;
using Procgen.Shared;

namespace Procgen;

/// <summary>A connection whose two directions carry messages of different types. See <see cref="Connection"/>.</summary>
/// <typeparam name="TSend">What this end sends.</typeparam>
/// <typeparam name="TReceive">What it receives.</typeparam>
public class Connection<TSend, TReceive> : Connection, IProcessHandle<Connection<TSend, TReceive>>
{
    private readonly Codec<TSend> _sent = Codecs.Get<TSend>();
    private readonly Codec<TReceive> _received = Codecs.Get<TReceive>();

    internal Connection(ConnectionTransport transport)
        : base(transport)
    {
    }

    private static TakeRequest AnyMessage => new(ItemKind.Message);

    /// <summary>Sends a message; waits while too much is on its way. Python's <c>send</c>.</summary>
    /// <exception cref="InvalidOperationException">This end only receives.</exception>
    /// <exception cref="EndOfStreamException">Nobody is left at the other end.</exception>
    /// <exception cref="InvalidDataException">The connection was closed here, because of what came: too long a message, or none.</exception>
    /// <exception cref="ProcessSerializationException">The message cannot be encoded, or is longer than this end's limit.</exception>
    public void Send(TSend message) => Send(message, CancellationToken.None);

    /// <inheritdoc cref="Send(TSend)"/>
    /// <exception cref="OperationCanceledException">
    /// The token was cancelled; the message was not sent. Where it was already on its way to or from a listener, the connection
    /// is closed: half a message cannot be taken back.
    /// </exception>
    public void Send(TSend message, CancellationToken cancellationToken)
    {
        ItemBuffer buffer = ItemBuffer.Rent();
        HandleScope? handles = ItemEncoder.Encode(_sent, message, buffer);
        bool isSent = false;
        try
        {
            isSent = Transport.Send(buffer.Written, ItemKind.Message, cancellationToken);
        }
        finally
        {
            buffer.Return();
            if (isSent) HandlesInTransit.Keep(handles);
            else LetGo(handles);
        }

        if (!isSent) throw PeerGone();
    }

    /// <inheritdoc cref="Send(TSend, CancellationToken)"/>
    /// <remarks>The message is encoded before this returns; no thread waits.</remarks>
    public async ValueTask SendAsync(TSend message, CancellationToken cancellationToken = default)
    {
        ItemBuffer buffer = ItemBuffer.Rent();
        HandleScope? handles = ItemEncoder.Encode(_sent, message, buffer);
        bool isSent = false;
        try
        {
            isSent = await Transport.SendAsync(buffer, ItemKind.Message, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (isSent) HandlesInTransit.Keep(handles);
            else LetGo(handles);
        }

        if (!isSent) throw PeerGone();
    }

    /// <summary>Receives the next message; waits while there is none. Python's <c>recv</c>.</summary>
    /// <exception cref="InvalidOperationException">The next message is one of bytes, and stays; or this end only sends.</exception>
    /// <exception cref="EndOfStreamException">Nobody is left at the other end.</exception>
    /// <exception cref="InvalidDataException">What came over a listener's connection was longer than its end accepts, or no message. The connection is closed.</exception>
    public TReceive Receive() => Receive(CancellationToken.None);

    /// <inheritdoc cref="Receive()"/>
    /// <exception cref="OperationCanceledException">The token was cancelled; nothing was received.</exception>
    public TReceive Receive(CancellationToken cancellationToken)
    {
        ThrowUnlessDone(Transport.Receive(AnyMessage, Deadline.Never, cancellationToken, out QueueItem item));
        return Decode(item);
    }

    /// <summary>Receives the next message if there is one within a time. Python's <c>poll(t)</c> and <c>recv</c> in one.</summary>
    /// <param name="message">The message.</param>
    /// <param name="timeout">How long to wait; <see cref="Timeout.InfiniteTimeSpan"/> for ever, zero not to wait.</param>
    /// <returns>False when the time was up first.</returns>
    /// <exception cref="InvalidOperationException">The next message is one of bytes, and stays; or this end only sends.</exception>
    /// <exception cref="EndOfStreamException">Nobody is left at the other end.</exception>
    /// <exception cref="InvalidDataException">What came over a listener's connection was longer than its end accepts, or no message. The connection is closed.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative and not infinite.</exception>
    public bool TryReceive([MaybeNullWhen(false)] out TReceive message, TimeSpan timeout = default)
    {
        message = default;
        TakeOutcome outcome = Transport.Receive(AnyMessage, Deadline.After(timeout), CancellationToken.None, out QueueItem item);
        if (outcome == TakeOutcome.Empty) return false;
        ThrowUnlessDone(outcome);
        message = Decode(item);
        return true;
    }

    /// <inheritdoc cref="Receive(CancellationToken)"/>
    /// <remarks>No thread waits.</remarks>
    public async ValueTask<TReceive> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        (TakeOutcome outcome, QueueItem item) = await Transport.ReceiveAsync(AnyMessage, cancellationToken).ConfigureAwait(false);
        ThrowUnlessDone(outcome);
        return Decode(item);
    }

    /// <summary>Receives messages until the end of the stream.</summary>
    /// <param name="cancellationToken">Ends the enumeration with an OperationCanceledException; nothing is lost.</param>
    /// <exception cref="InvalidDataException">What came over a listener's connection was longer than its end accepts, or no message. The connection is closed.</exception>
    public async IAsyncEnumerable<TReceive> ReceiveAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (true)
        {
            (TakeOutcome outcome, QueueItem item) = await Transport.ReceiveAsync(AnyMessage, cancellationToken).ConfigureAwait(false);
            if (outcome == TakeOutcome.Completed) yield break;
            ThrowUnlessDone(outcome);
            yield return Decode(item);
        }
    }

    void IProcessHandle<Connection<TSend, TReceive>>.WriteHandle(ref PayloadWriter writer) => Transport.WriteHandle(ref writer);

    static Connection<TSend, TReceive> IProcessHandle<Connection<TSend, TReceive>>.ReadHandle(ref PayloadReader reader) => new(PipeTransport.Read(ref reader));

    /// <summary>What a pipe does not take is not sent; of a stream nobody knows how far a message came before it broke.</summary>
    private void LetGo(HandleScope? handles)
    {
        if (Transport is PipeTransport) handles?.Withdraw();
        else handles?.Dispose();
    }

    private TReceive Decode(in QueueItem item)
    {
        try
        {
            return ItemEncoder.Decode(_received, Transport.BytesOf(item));
        }
        finally
        {
            Transport.Release(item);
        }
    }
}

/// <summary>A connection that carries messages of one type both ways. See <see cref="Connection"/>.</summary>
/// <typeparam name="T">What it sends and receives.</typeparam>
public sealed class Connection<T> : Connection<T, T>, IProcessHandle<Connection<T>>
{
    internal Connection(ConnectionTransport transport)
        : base(transport)
    {
    }

    void IProcessHandle<Connection<T>>.WriteHandle(ref PayloadWriter writer) => Transport.WriteHandle(ref writer);

    static Connection<T> IProcessHandle<Connection<T>>.ReadHandle(ref PayloadReader reader) => new(PipeTransport.Read(ref reader));
}
