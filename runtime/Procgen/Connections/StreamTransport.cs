using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using Procgen.CompilerServices;
using Procgen.Queues;
using Procgen.Shared;

namespace Procgen.Connections;

/// <summary>
/// Messages over an authenticated stream: TCP, a Unix socket, a named pipe, with TLS or without. A message is an int32
/// length, a byte for its kind, and its bytes. A thread of its own reads; writers take turns. None of these streams has anything to
/// flush, and a named pipe whose other end has answered and gone by then would say that it is broken.
/// </summary>
internal sealed class StreamTransport : ConnectionTransport
{
    private const int HeaderLength = 5;
    private const int MaxJoined = 4096;
    private readonly Stream _stream;
    private readonly int _maxMessageLength;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly StreamInbox _inbox = new();

    // The header, and with it a message that fits: one write, one packet. Under _writing.
    private readonly byte[] _first = new byte[HeaderLength + MaxJoined];
    private int _isDisposed;

    public StreamTransport(Stream stream, EndPoint? remoteEndPoint, int maxMessageLength)
    {
        _stream = stream;
        _maxMessageLength = maxMessageLength;
        RemoteEndPoint = remoteEndPoint;

        // Before the reader can find the end of the stream: a closed one does not say any more.
        PeerCertificate = (stream as SslStream)?.RemoteCertificate?.GetRawCertData();
        new Thread(ReadAll, 256 * 1024) { IsBackground = true, Name = "Procgen connection reader" }.UnsafeStart();
    }

    public override bool IsReadable => true;

    public override bool IsWritable => true;

    public override EndPoint? RemoteEndPoint { get; }

    public override byte[]? PeerCertificate { get; }

    public override bool Send(ReadOnlySpan<byte> message, ItemKind kind, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, typeof(Connection));
        _writing.Wait(cancellationToken);
        try
        {
            int whole = Prepare(message, kind);
            using (DisposeWhen(cancellationToken))
            {
                _stream.Write(_first.AsSpan(0, whole));
                if (whole - HeaderLength < message.Length) _stream.Write(message);
            }

            ThrowIfCut(cancellationToken);
            return true;
        }
        catch (Exception error) when (IsLoss(error))
        {
            ThrowReason(cancellationToken);
            return false;
        }
        finally
        {
            _writing.Release();
        }
    }

    public override async ValueTask<bool> SendAsync(ItemBuffer message, ItemKind kind, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, typeof(Connection));
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            int whole = Prepare(message.Written, kind);
            using (DisposeWhen(cancellationToken))
            {
                await _stream.WriteAsync(_first.AsMemory(0, whole), CancellationToken.None).ConfigureAwait(false);
                if (whole - HeaderLength < message.Length) await _stream.WriteAsync(message.WrittenMemory, CancellationToken.None).ConfigureAwait(false);
            }

            ThrowIfCut(cancellationToken);
            return true;
        }
        catch (Exception error) when (IsLoss(error))
        {
            ThrowReason(cancellationToken);
            return false;
        }
        finally
        {
            _writing.Release();
            message.Return();
        }
    }

    public override TakeOutcome Receive(in TakeRequest request, Deadline deadline, CancellationToken cancellationToken, out QueueItem item) =>
        _inbox.Take(request, deadline, cancellationToken, out item);

    public override ValueTask<(TakeOutcome Outcome, QueueItem Item)> ReceiveAsync(TakeRequest request, CancellationToken cancellationToken) =>
        _inbox.TakeAsync(request, cancellationToken);

    public override ReadOnlySpan<byte> BytesOf(in QueueItem item) => item.Buffer.Written;

    public override void Release(in QueueItem item) => item.Buffer.Return();

    public override bool Poll(Deadline deadline) => _inbox.Poll(deadline);

    public override IDisposable WhenReadable(Action ready) => _inbox.WhenReadable(ready);

    public override void WriteHandle(ref PayloadWriter writer) => throw new InvalidOperationException(
        "A connection that was accepted or connected belongs to one process; pass the address, and let the other process connect itself.");

    public override void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        _inbox.Close();
        _stream.Dispose();
    }

    /// <summary>Closes the connection if a message that has begun is cancelled: half of one makes the rest of the stream unreadable.</summary>
    private CancellationTokenRegistration DisposeWhen(CancellationToken cancelled) =>
        cancelled.UnsafeRegister(static transport => ((StreamTransport)transport!).Dispose(), this);

    private void ThrowIfCut(CancellationToken cancellationToken)
    {
        if (_isDisposed != 0) cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Throws what is to be said of a message that was not sent, unless it is that nobody is left at the other end.</summary>
    private void ThrowReason(CancellationToken cancellationToken)
    {
        ThrowIfCut(cancellationToken);
        ObjectDisposedException.ThrowIf(_isDisposed != 0, typeof(Connection));
        _inbox.ThrowIfFaulted();
    }

    /// <summary>Puts header and, where it fits, message together.</summary>
    /// <returns>How many bytes to write first; less than both where the message follows by itself.</returns>
    private int Prepare(ReadOnlySpan<byte> message, ItemKind kind)
    {
        if (message.Length > _maxMessageLength)
            throw new ProcessSerializationException($"a message of {message.Length} bytes is longer than the connection's limit of {_maxMessageLength}");
        BinaryPrimitives.WriteInt32LittleEndian(_first, message.Length);
        _first[4] = (byte)kind;
        if (message.Length > MaxJoined) return HeaderLength;
        message.CopyTo(_first.AsSpan(HeaderLength));
        return HeaderLength + message.Length;
    }

    private void ReadAll()
    {
        InvalidDataException? fault = null;
        try
        {
            ReadMessages();
        }
        catch (InvalidDataException error)
        {
            fault = error;
        }
        catch (Exception)
        {
            // As the end of the stream: what came whole can still be received.
        }

        _inbox.End(fault);
        _stream.Dispose();
    }

    /// <summary>Until the end of the stream, or until nobody receives any more.</summary>
    /// <exception cref="InvalidDataException">What came is no message that can be taken.</exception>
    private void ReadMessages()
    {
        byte[] header = new byte[HeaderLength];
        while (_stream.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) == HeaderLength)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(header);
            var kind = (ItemKind)header[4];
            Check(length, kind);
            var buffer = new ItemBuffer();
            if (!TryFill(buffer, length) || !_inbox.Add(kind, buffer)) return;
        }
    }

    private void Check(int length, ItemKind kind)
    {
        if (length < 0 || kind is not (ItemKind.Message or ItemKind.Bytes))
            throw new InvalidDataException($"What came is no message: it has length {length} and kind {(byte)kind}. The connection is closed.");
        if (length > _maxMessageLength)
        {
            throw new InvalidDataException(
                $"A message of {length} bytes was announced, and this end takes {_maxMessageLength} at most ({nameof(ProcessListenerOptions.MaxMessageLength)} of a listener's options). The connection is closed.");
        }
    }

    /// <summary>Memory follows the bytes that have come, not the length that was announced.</summary>
    private bool TryFill(ItemBuffer buffer, int length)
    {
        const int Step = 64 * 1024;
        try
        {
            while (buffer.Length < length)
            {
                Span<byte> free = buffer.GetSpan(Math.Min(length - buffer.Length, Step));
                int count = _stream.Read(free[..Math.Min(free.Length, length - buffer.Length)]);
                if (count == 0) return false;
                buffer.Advance(count);
            }

            return true;
        }
        catch (OutOfMemoryException error)
        {
            throw new InvalidDataException($"There was no memory for a message of {length} bytes. The connection is closed.", error);
        }
    }

    // Nothing cancels a write but the end of its stream: so Windows calls that of a pipe.
    private static bool IsLoss(Exception error) =>
        error is IOException or ObjectDisposedException or InvalidOperationException or NotSupportedException or OperationCanceledException;
}
