namespace Procgen.Transport;

/// <summary>
/// Both ends of a link within one process. Writing never waits: what frames may be on their way is limited by those who
/// send them.
/// </summary>
internal sealed class MemoryChannel : ByteChannel
{
    private readonly Lane _incoming;
    private readonly Lane _outgoing;

    private MemoryChannel(Lane incoming, Lane outgoing)
    {
        _incoming = incoming;
        _outgoing = outgoing;
    }

    public static (ByteChannel Left, ByteChannel Right) CreatePair()
    {
        var there = new Lane();
        var back = new Lane();
        return (new MemoryChannel(back, there), new MemoryChannel(there, back));
    }

    public override int Read(Span<byte> destination) => _incoming.Read(destination);

    public override void Write(ReadOnlySpan<byte> bytes) => _outgoing.Write(bytes);

    public override int WriteSome(ReadOnlySpan<byte> bytes)
    {
        Write(bytes);
        return bytes.Length;
    }

    public override void Dispose()
    {
        _incoming.Close();
        _outgoing.Close();
    }

    /// <summary>One direction: a ring that grows.</summary>
    private sealed class Lane
    {
        private const int InitialCapacity = 4096;
        private readonly object _gate = new();
        private byte[] _ring = new byte[InitialCapacity];
        private int _start;
        private int _count;
        private bool _isClosed;

        public int Read(Span<byte> destination)
        {
            lock (_gate)
            {
                while (_count == 0 && !_isClosed) Monitor.Wait(_gate);
                int length = Math.Min(destination.Length, _count);
                int first = Math.Min(length, _ring.Length - _start);
                _ring.AsSpan(_start, first).CopyTo(destination);
                _ring.AsSpan(0, length - first).CopyTo(destination[first..]);
                _start = (_start + length) % _ring.Length;
                _count -= length;
                return length;
            }
        }

        public void Write(ReadOnlySpan<byte> bytes)
        {
            lock (_gate)
            {
                if (_isClosed) throw new IOException("The other end of the link is closed.");
                if (_ring.Length - _count < bytes.Length) Grow(_count + bytes.Length);
                int end = (_start + _count) % _ring.Length;
                int first = Math.Min(bytes.Length, _ring.Length - end);
                bytes[..first].CopyTo(_ring.AsSpan(end));
                bytes[first..].CopyTo(_ring);
                _count += bytes.Length;
                Monitor.PulseAll(_gate);
            }
        }

        public void Close()
        {
            lock (_gate)
            {
                _isClosed = true;
                Monitor.PulseAll(_gate);
            }
        }

        private void Grow(int needed)
        {
            byte[] larger = new byte[Math.Max(needed, (int)Math.Min(_ring.Length * 2L, Array.MaxLength))];
            int first = Math.Min(_count, _ring.Length - _start);
            _ring.AsSpan(_start, first).CopyTo(larger);
            _ring.AsSpan(0, _count - first).CopyTo(larger.AsSpan(first));
            _ring = larger;
            _start = 0;
        }
    }
}
