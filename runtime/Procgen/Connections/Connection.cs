using System.Net;
using Procgen.Connections;
using Procgen.Interop;
using Procgen.Queues;
using Procgen.Shared;

namespace Procgen;

/// <summary>
/// One end of a pipe or of a connection to a listener: messages of bytes here, typed ones in
/// <see cref="Connection{TSend, TReceive}"/>. Python's <c>Connection</c>.
/// </summary>
/// <remarks>
/// <para>
/// A message arrives as a whole or not at all. Messages that were sent as bytes are received as bytes only, and typed ones
/// as typed ones only: the wrong call throws and the message stays. Where more comes than a listener's
/// <see cref="ProcessListenerOptions.MaxMessageLength"/> allows, or what is no message, that connection is closed: after what came
/// before, receiving and sending is an <see cref="InvalidDataException"/> there.
/// </para>
/// <para>
/// The end of a pipe can be passed to other processes and is then shared: each message goes to one holder, and the other
/// side sees the end of the stream when the last holder has disposed its handle or died. So dispose yours after passing it
/// on. Up to 504 handles of an end are open at a time, those on their way to a process included; one more is an
/// <see cref="InvalidOperationException"/>. Thread-safe.
/// </para>
/// </remarks>
public abstract class Connection : IDisposable
{
    private protected Connection(ConnectionTransport transport) => Transport = transport;

    /// <summary>Whether this end receives. False for the sending end of a one-way pipe.</summary>
    public bool IsReadable => Transport.IsReadable;

    /// <summary>Whether this end sends. False for the receiving end of a one-way pipe.</summary>
    public bool IsWritable => Transport.IsWritable;

    /// <summary>Where the other end is; null for a pipe. Python's <c>last_accepted</c>.</summary>
    public EndPoint? RemoteEndPoint => Transport.RemoteEndPoint;

    internal ConnectionTransport Transport { get; }

    /// <summary>Waits until one of several connections has a message or its end. Python's <c>multiprocessing.connection.wait</c>.</summary>
    /// <param name="connections">What to wait for.</param>
    /// <param name="timeout">How long to wait; null or <see cref="Timeout.InfiniteTimeSpan"/> for ever, zero not to wait.</param>
    /// <returns>Those that are ready, in the order given; none when the time was up first, or when none were given.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative and not infinite.</exception>
    public static IReadOnlyList<T> WaitAny<T>(IReadOnlyList<T> connections, TimeSpan? timeout = null)
        where T : Connection =>
        ConnectionWait.WaitAny(connections, timeout);

    /// <summary>Waits until one of several connections and wait handles, a child's <see cref="ChildProcess.Sentinel"/> for one, is ready.</summary>
    /// <param name="connectionsAndWaitHandles">What to wait for: each a <see cref="Connection"/> or a <see cref="WaitHandle"/>.</param>
    /// <param name="timeout">How long to wait; null or <see cref="Timeout.InfiniteTimeSpan"/> for ever, zero not to wait.</param>
    /// <returns>Those that are ready, in the order given; a wait handle that resets itself has been. None when the time was up first, or when none were given.</returns>
    /// <exception cref="ArgumentException">One of them is neither.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative and not infinite.</exception>
    public static IReadOnlyList<object> WaitAny(IReadOnlyList<object> connectionsAndWaitHandles, TimeSpan? timeout = null) =>
        ConnectionWait.WaitAny(connectionsAndWaitHandles, timeout);

    /// <summary>Waits until a message can be received, or the end of the stream is reached. Python's <c>poll</c>.</summary>
    /// <param name="timeout">How long to wait; <see cref="Timeout.InfiniteTimeSpan"/> for ever, zero not to wait.</param>
    /// <returns>False when the time was up first.</returns>
    /// <exception cref="InvalidOperationException">This end only sends.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="timeout"/> is negative and not infinite.</exception>
    public bool Poll(TimeSpan timeout = default) => Transport.Poll(Deadline.After(timeout));

    /// <summary>Sends bytes as one message; waits while too much is on its way. Python's <c>send_bytes</c>.</summary>
    /// <exception cref="InvalidOperationException">This end only receives.</exception>
    /// <exception cref="EndOfStreamException">Nobody is left at the other end.</exception>
    /// <exception cref="InvalidDataException">The connection was closed here, because of what came: too long a message, or none.</exception>
    /// <exception cref="ProcessSerializationException">The message is longer than this end's limit.</exception>
    public void SendBytes(ReadOnlySpan<byte> bytes) => SendBytes(bytes, CancellationToken.None);

    /// <inheritdoc cref="SendBytes(ReadOnlySpan{byte})"/>
    /// <param name="bytes">The message; it is copied before this returns, unless it has to wait.</param>
    /// <param name="cancellationToken">
    /// Ends the wait; the message is not sent then. Where it was already on its way to or from a listener, the connection is
    /// closed: half a message cannot be taken back.
    /// </param>
    public async ValueTask SendBytesAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        ItemBuffer buffer = ItemBuffer.Rent();
        buffer.Set(bytes.Span);
        if (!await Transport.SendAsync(buffer, ItemKind.Bytes, cancellationToken).ConfigureAwait(false)) throw PeerGone();
    }

    /// <summary>Receives a message of bytes. Python's <c>recv_bytes</c>.</summary>
    /// <param name="maxLength">The most bytes to accept; null for any number.</param>
    /// <exception cref="InvalidDataException">
    /// The message is longer than <paramref name="maxLength"/>; or what came over a listener's connection was longer than its end
    /// accepts, or no message. The connection is closed.
    /// </exception>
    /// <exception cref="InvalidOperationException">The next message is a typed one, and stays; or this end only sends.</exception>
    /// <exception cref="EndOfStreamException">Nobody is left at the other end.</exception>
    public byte[] ReceiveBytes(int? maxLength = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxLength ?? 0, nameof(maxLength));
        return ReceiveBytes(maxLength, CancellationToken.None);
    }

    /// <inheritdoc cref="ReceiveBytes(int?)"/>
    /// <param name="maxLength">The most bytes to accept; null for any number.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is lost.</param>
    public async ValueTask<byte[]> ReceiveBytesAsync(int? maxLength = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxLength ?? 0, nameof(maxLength));
        (TakeOutcome outcome, QueueItem item) = await Transport.ReceiveAsync(BytesUpTo(maxLength ?? int.MaxValue), cancellationToken).ConfigureAwait(false);
        return ToArray(outcome, item, maxLength);
    }

    /// <summary>Receives a message of bytes into memory of the caller's. Python's <c>recv_bytes_into</c>.</summary>
    /// <returns>How many bytes it has.</returns>
    /// <exception cref="ArgumentException">The message is longer than <paramref name="destination"/>, and stays.</exception>
    /// <exception cref="InvalidDataException">What came over a listener's connection was longer than its end accepts, or no message. The connection is closed.</exception>
    /// <exception cref="InvalidOperationException">The next message is a typed one, and stays; or this end only sends.</exception>
    /// <exception cref="EndOfStreamException">Nobody is left at the other end.</exception>
    public int ReceiveBytes(Span<byte> destination)
    {
        TakeOutcome outcome = Transport.Receive(BytesUpTo(destination.Length), Deadline.Never, CancellationToken.None, out QueueItem item);
        if (outcome == TakeOutcome.TooLong)
            throw new ArgumentException($"The next message has {item.Length} bytes, more than the {destination.Length} of the destination.", nameof(destination));
        ThrowUnlessDone(outcome);
        try
        {
            Transport.BytesOf(item).CopyTo(destination);
            return item.Length;
        }
        finally
        {
            Transport.Release(item);
        }
    }

    /// <summary>Closes this handle: calls that wait in it end with ObjectDisposedException. Python's <c>close</c>.</summary>
    public void Dispose()
    {
        Transport.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Sends a message of bytes, blocking; where it is cancelled, as <see cref="SendBytesAsync"/>.</summary>
    internal void SendBytes(ReadOnlySpan<byte> bytes, CancellationToken cancellationToken)
    {
        if (!Transport.Send(bytes, ItemKind.Bytes, cancellationToken)) throw PeerGone();
    }

    /// <summary>Receives a message of bytes, blocking; nothing is lost where it is cancelled.</summary>
    internal byte[] ReceiveBytes(CancellationToken cancellationToken) => ReceiveBytes(null, cancellationToken);

    private protected static EndOfStreamException PeerGone() =>
        new("The other end of the connection is closed: its last holder disposed it or ended.");

    private protected static void ThrowUnlessDone(TakeOutcome outcome)
    {
        if (outcome == TakeOutcome.Done) return;
        throw outcome == TakeOutcome.WrongKind
            ? new InvalidOperationException("The next message is of the other kind: what SendBytes sent is received by ReceiveBytes, and what Send sent by Receive. It is still there.")
            : PeerGone();
    }

    private byte[] ReceiveBytes(int? maxLength, CancellationToken cancellationToken)
    {
        TakeOutcome outcome = Transport.Receive(BytesUpTo(maxLength ?? int.MaxValue), Deadline.Never, cancellationToken, out QueueItem item);
        return ToArray(outcome, item, maxLength);
    }

    private static TakeRequest BytesUpTo(int maxLength) => new(ItemKind.Bytes, maxLength);

    private byte[] ToArray(TakeOutcome outcome, in QueueItem item, int? maxLength)
    {
        if (outcome == TakeOutcome.TooLong)
        {
            Dispose();
            throw new InvalidDataException($"A message of {item.Length} bytes came, and at most {maxLength} were to be accepted. The connection is closed.");
        }

        ThrowUnlessDone(outcome);
        try
        {
            // Not zeroed first: that would take as long as the copy.
            byte[] bytes = GC.AllocateUninitializedArray<byte>(item.Length);
            LargeCopies.Copy(Transport.BytesOf(item), bytes);
            return bytes;
        }
        finally
        {
            Transport.Release(item);
        }
    }
}
