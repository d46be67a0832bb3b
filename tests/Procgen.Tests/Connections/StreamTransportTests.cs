using NUnit.Framework;
using Procgen.Connections;
using Procgen.Queues;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Connections;

/// <summary>Connections over streams, one of whose ends does not receive.</summary>
[CancelAfter(60_000)]
public sealed class StreamTransportTests
{
    [Test]
    public void Only_so_many_small_messages_wait_for_a_receiver()
    {
        const int Messages = 100_000;
        var stream = new EmptyMessages(Messages);
        using Connection<int> connection = new(new StreamTransport(stream, null, int.MaxValue));
        Await(() => stream.HasStopped, "a reader that waits, or that has read everything");

        Assert.That(stream.Left, Is.GreaterThan(Messages / 2));
        for (int i = 0; i < Messages; i++) Assert.That(connection.ReceiveBytes(), Is.Empty);
        Assert.That(() => connection.ReceiveBytes(), Throws.TypeOf<EndOfStreamException>());
    }

    /// <summary>The headers of so many messages without a byte.</summary>
    private sealed class EmptyMessages(int left) : Stream
    {
        private int _left = left;
        private Thread? _reader;

        public int Left => Volatile.Read(ref _left);

        /// <summary>Whether its reader waits for something else, or has seen the end.</summary>
        public bool HasStopped => (Volatile.Read(ref _reader)?.ThreadState & (ThreadState.WaitSleepJoin | ThreadState.Stopped)) > 0;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            Volatile.Write(ref _reader, Thread.CurrentThread);
            if (Left == 0) return 0;
            Volatile.Write(ref _left, Left - 1);
            byte[] header = [0, 0, 0, 0, (byte)ItemKind.Bytes];
            header.CopyTo(buffer);
            return header.Length;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
