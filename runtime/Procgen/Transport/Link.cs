using Procgen.Framing;
using Procgen.Serialization;

namespace Procgen.Transport;

/// <summary>Receives what arrives on a <see cref="Link"/>, on its reader thread: be quick, and never call user code.</summary>
internal interface IFrameHandler
{
    void OnFrame(FrameKind kind, ReadOnlySpan<byte> body);

    /// <summary>Called once, last. <paramref name="reason"/> is null when the other end closed in order.</summary>
    void OnClosed(Exception? reason);
}

/// <summary>
/// Frames both ways over one channel. Any thread sends: while one of them is in the system call, the others append to
/// the next write and return. One thread reads, in <see cref="ReadFrames"/> or <see cref="ReadToEnd"/>. Closed once; the first reason wins.
/// </summary>
/// <remarks>
/// A worker waits for its parent: that bounds what it may be ahead. A parent has other workers to see to, and callers who
/// were promised not to wait: what does not go into the channel is left to a <see cref="LateWriter"/>, and what is sent
/// meanwhile waits behind it, as much as those who send have decided to have under way.
/// </remarks>
/// <param name="channel">Where the frames go; the link's own from now on.</param>
/// <param name="sendersWait">Whether sending waits while the other end does not read.</param>
internal sealed class Link(ByteChannel channel, bool sendersWait) : IDisposable
{
    private readonly object _gate = new();
    private readonly FrameReader _reader = new();
    private FrameBuffer _pending = new();
    private FrameBuffer _sending = new();
    private FrameBuffer? _spare;
    private LateWriter? _writer;
    private int _written;
    private int _writes;
    private bool _isSending;
    private bool _isClosed;
    private Exception? _reason;

    /// <summary>Sends one frame. After the link has closed, frames vanish: the handler has been told.</summary>
    /// <remarks>
    /// The body may be a user's code (a codec, a getter), which may wait for other senders or send something itself: it
    /// writes into a buffer of its own, under no lock. What it sends goes before it.
    /// </remarks>
    /// <returns>The length of the body.</returns>
    public int Send<TState>(FrameKind kind, TState state, FrameBody<TState> body, HandleScope? scope = null)
    {
        FrameBuffer frame;
        lock (_gate)
        {
            if (_isClosed) return 0;
            frame = _spare ?? new FrameBuffer();
            _spare = null;
        }

        int length;
        try
        {
            length = frame.Append(kind, state, body, scope);
        }
        catch
        {
            GiveBack(frame);
            throw;
        }

        lock (_gate)
        {
            if (!_isClosed)
            {
                // The first of a write is the write; no copy.
                if (_pending.Length == 0) (_pending, frame) = (frame, _pending);
                else _pending.Append(frame.Written);
            }
        }

        GiveBack(frame);
        Flush();
        return length;
    }

    /// <summary>Sends one frame, and returns when it has been written, though another thread is about to write: it arrives whatever becomes of this process.</summary>
    /// <inheritdoc cref="Send{TState}(FrameKind, TState, FrameBody{TState}, HandleScope?)"/>
    public void SendForCertain<TState>(FrameKind kind, TState state, FrameBody<TState> body)
    {
        Send(kind, state, body);
        lock (_gate)
        {
            // What is under way may be older than the frame; the write after that is not.
            int last = _writes + (_pending.Length > 0 ? 1 : 0);
            while (_isSending && !_isClosed && _writes - last <= 0) Monitor.Wait(_gate);
        }
    }

    /// <summary>Sends frames that were made before.</summary>
    public void Send(ReadOnlySpan<byte> frames)
    {
        lock (_gate)
        {
            if (_isClosed) return;
            _pending.Append(frames);
        }

        Flush();
    }

    /// <summary>Appends one frame to the next write; <see cref="Flush"/> follows. For callers that hold a lock of their own.</summary>
    public void Append<TState>(FrameKind kind, TState state, FrameBody<TState> body)
    {
        lock (_gate)
        {
            if (!_isClosed) _pending.Append(kind, state, body);
        }
    }

    /// <summary>Waits for bytes and handles the frames that they complete; false at the end of the stream. One thread at a time.</summary>
    public bool TryReadSome(IFrameHandler handler)
    {
        if (!Fill()) return false;
        while (_reader.TryRead(out FrameKind kind, out ReadOnlySpan<byte> body)) handler.OnFrame(kind, body);
        return true;
    }

    /// <summary>
    /// Handles the frames that have arrived together with one that <see cref="TryReadFrame"/> returned. Where they make no
    /// sense the link closes, which whoever reads on learns.
    /// </summary>
    public void HandleArrived(IFrameHandler handler)
    {
        try
        {
            while (_reader.TryRead(out FrameKind kind, out ReadOnlySpan<byte> body)) handler.OnFrame(kind, body);
        }
        catch (Exception error) when (error is InvalidDataException or ProcessSerializationException)
        {
            Close(error);
        }
    }

    /// <summary>Reads until the end, on the calling thread, and closes.</summary>
    public void ReadFrames(IFrameHandler handler)
    {
        Read(handler);
        Close(null);
        handler.OnClosed(_reason);
    }

    /// <summary>The same, but where the other end has closed in order this one is left open, for a caller who has something more urgent to do.</summary>
    public void ReadToEnd(IFrameHandler handler)
    {
        Read(handler);
        handler.OnClosed(_reason);
    }

    /// <summary>Waits for one frame, before <see cref="ReadFrames"/> begins; false at the end of the stream.</summary>
    public bool TryReadFrame(out FrameKind kind, out ReadOnlySpan<byte> body)
    {
        while (!_reader.TryRead(out kind, out body))
        {
            if (!Fill()) return false;
        }

        return true;
    }

    /// <summary>Closes both directions; frames not yet written are lost.</summary>
    public void Close(Exception? reason)
    {
        lock (_gate)
        {
            if (_isClosed) return;
            _isClosed = true;
            _reason = reason;
            _pending.Dispose();
            _spare?.Dispose();
            if (!_isSending) _sending.Dispose();
            Monitor.PulseAll(_gate);
        }

        channel.Dispose();
    }

    public void Dispose() => Close(null);

    private void Read(IFrameHandler handler)
    {
        try
        {
            while (true)
            {
                while (_reader.TryRead(out FrameKind kind, out ReadOnlySpan<byte> body)) handler.OnFrame(kind, body);
                if (!Fill()) break;
            }
        }
        catch (Exception error)
        {
            Close(error);
        }

        _reader.Dispose();
    }

    private bool Fill()
    {
        int count = channel.Read(_reader.Free());
        _reader.Filled(count);
        return count > 0;
    }

    private void GiveBack(FrameBuffer frame)
    {
        lock (_gate)
        {
            if (_spare is null && !_isClosed)
            {
                frame.Clear();
                _spare = frame;
                return;
            }
        }

        frame.Dispose();
    }

    /// <summary>Writes what has been appended, unless another thread is about to.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            if (_isSending || _isClosed) return;
            _isSending = true;
        }

        try
        {
            while (TakePending())
            {
                if (sendersWait)
                {
                    channel.Write(_sending.Written);
                    continue;
                }

                _written = channel.WriteSome(_sending.Written);
                if (_written == _sending.Length) continue;
                (_writer ??= new LateWriter(WriteRest)).Begin();
                return;
            }
        }
        catch (IOException)
        {
            StopSending();
        }
    }

    /// <summary>On the late writer's thread: what a sender has begun to write, and what has been appended meanwhile.</summary>
    private void WriteRest()
    {
        try
        {
            channel.Write(_sending.Written[_written..]);
            while (TakePending()) channel.Write(_sending.Written);
        }
        catch (IOException)
        {
            StopSending();
        }
    }

    /// <summary>The other end is gone. The reader sees the end of the stream after the last frame that it still sent.</summary>
    private void StopSending()
    {
        lock (_gate)
        {
            _isSending = false;
            if (_isClosed) _sending.Dispose();
            Monitor.PulseAll(_gate);
        }
    }

    private bool TakePending()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                _sending.Dispose();
                _isSending = false;
                return false;
            }

            _writes++;
            Monitor.PulseAll(_gate);
            _sending.Clear();
            if (_pending.Length == 0)
            {
                _isSending = false;
                return false;
            }

            (_pending, _sending) = (_sending, _pending);
            return true;
        }
    }
}
