using System.Net;
using Procgen.CompilerServices;
using Procgen.Queues;
using Procgen.Shared;

namespace Procgen.Connections;

/// <summary>
/// What carries a connection's messages: a ring in shared memory (<see cref="PipeTransport"/>), or a stream. Keeps the
/// bounds of messages; a message is there as a whole or not at all.
/// </summary>
/// <remarks>Thread-safe. Disposing it ends the calls that are inside with ObjectDisposedException.</remarks>
internal abstract class ConnectionTransport : IDisposable
{
    public abstract bool IsReadable { get; }

    public abstract bool IsWritable { get; }

    /// <summary>Where the other end is; null in shared memory.</summary>
    public virtual EndPoint? RemoteEndPoint => null;

    /// <summary>The certificate that the other end has shown, DER-encoded; null without TLS.</summary>
    public virtual byte[]? PeerCertificate => null;

    /// <summary>Sends a message; waits while too much is on its way. A stream that is cancelled in the middle of one is disposed.</summary>
    /// <returns>False when nobody is left at the other end.</returns>
    public abstract bool Send(ReadOnlySpan<byte> message, ItemKind kind, CancellationToken cancellationToken);

    /// <summary>Sends a message and gives the buffer back.</summary>
    /// <returns>False when nobody is left at the other end.</returns>
    public abstract ValueTask<bool> SendAsync(ItemBuffer message, ItemKind kind, CancellationToken cancellationToken);

    /// <summary>Receives the next message, if it is as asked for; else it stays. Completed says that none will come.</summary>
    /// <param name="request">What to receive.</param>
    /// <param name="deadline">When to stop waiting.</param>
    /// <param name="cancellationToken">Ends the wait; nothing is lost.</param>
    /// <param name="item">The message, if the outcome is Done: then release it.</param>
    public abstract TakeOutcome Receive(in TakeRequest request, Deadline deadline, CancellationToken cancellationToken, out QueueItem item);

    /// <summary>Receives the next message.</summary>
    public abstract ValueTask<(TakeOutcome Outcome, QueueItem Item)> ReceiveAsync(TakeRequest request, CancellationToken cancellationToken);

    /// <summary>A received message's bytes, until it is released.</summary>
    public abstract ReadOnlySpan<byte> BytesOf(in QueueItem item);

    /// <summary>Gives back what holds a message's bytes. Once.</summary>
    public abstract void Release(in QueueItem item);

    /// <summary>Waits until there is a message or none will come.</summary>
    /// <returns>False when the time was up first.</returns>
    public abstract bool Poll(Deadline deadline);

    /// <summary>Calls back once, on any thread and perhaps at once, when there is a message or none will come; also when disposed.</summary>
    /// <param name="ready">Short, and does not block.</param>
    /// <returns>Dispose it to be called no more.</returns>
    public abstract IDisposable WhenReadable(Action ready);

    /// <summary>Writes what another process needs to open the same end.</summary>
    /// <exception cref="InvalidOperationException">This kind of connection cannot be passed on.</exception>
    public abstract void WriteHandle(ref PayloadWriter writer);

    public abstract void Dispose();
}
