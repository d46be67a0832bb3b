using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using Procgen.Connections;
using Procgen.Queues;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Connections;

/// <summary>Connections over streams, one of whose ends does not receive.</summary>
[CancelAfter(60_000)]
public sealed class StreamTransportTests
{
    /// <summary>More than the system takes for a peer that does not read.</summary>
    private const int LargeLength = 64 << 20;

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

    /// <summary>As the client of a manager, whose server answers and closes: a named pipe is broken to whoever flushes it then.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public void What_a_peer_has_answered_that_has_gone_since_was_sent(bool blocking)
    {
        using Connection<int> connection = new(new StreamTransport(new Answered(), null, int.MaxValue));
        Assert.That(async () => await (blocking ? OnThread(() => connection.SendBytes([1])) : connection.SendBytesAsync(new byte[1]).AsTask()), Throws.Nothing);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Disposing_a_connection_ends_those_who_send_in_it(bool blocking)
    {
        (Connection<byte[]> connection, Socket peer) = Connect();
        using (peer)
        using (connection)
        {
            Task sending = Send(connection, blocking, CancellationToken.None);
            AwaitBegun(peer);
            Task waiting = Send(connection, blocking, CancellationToken.None);
            connection.Dispose();

            Assert.That(async () => await sending.WaitAsync(Guard), Throws.TypeOf<ObjectDisposedException>());
            Assert.That(async () => await waiting.WaitAsync(Guard), Throws.TypeOf<ObjectDisposedException>());
            await Task.CompletedTask;
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Cancelling_a_message_that_has_begun_closes_the_connection(bool blocking)
    {
        (Connection<byte[]> connection, Socket peer) = Connect();
        using (connection)
        using (Connection<byte[]> receiver = await CancelBegunAsync(connection, peer, blocking))
        {
            Assert.That(() => connection.Send([1]), Throws.TypeOf<ObjectDisposedException>());
            Assert.That(() => receiver.Receive(), Throws.TypeOf<EndOfStreamException>());
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Cancelling_a_message_that_has_not_begun_leaves_the_connection_open(bool blocking)
    {
        (Connection<byte[]> connection, Socket peer) = Connect();
        using (connection)
        {
            using CancellationTokenSource source = new();
            Task sending = Send(connection, blocking, CancellationToken.None);
            AwaitBegun(peer);
            Task waiting = Send(connection, blocking, source.Token);
            await source.CancelAsync();
            Assert.That(async () => await waiting.WaitAsync(Guard), Throws.InstanceOf<OperationCanceledException>());

            using Connection<byte[]> receiver = Open<byte[]>(peer);
            Assert.That((await receiver.ReceiveAsync().AsTask().WaitAsync(Guard)).Length, Is.EqualTo(LargeLength));
            await sending.WaitAsync(Guard);
            connection.Send([1]);
            Assert.That(receiver.Receive(), Is.EqualTo(new byte[] { 1 }));
        }
    }

    [Test]
    public void A_token_that_has_fired_before_receives_nothing([Values] bool isPipe)
    {
        (Connection<int> sender, Connection<int> receiver) = isPipe ? ProcessPipe.Create<int>() : ConnectBoth<int>();
        using (sender)
        using (receiver)
        {
            var fired = new CancellationToken(canceled: true);
            sender.Send(1);
            Assert.That(receiver.Poll(Guard), Is.True);

            Assert.That(() => receiver.Receive(fired), Throws.InstanceOf<OperationCanceledException>());
            Assert.That(async () => await receiver.ReceiveAsync(fired), Throws.InstanceOf<OperationCanceledException>());
            Assert.That(receiver.Receive(), Is.EqualTo(1));
        }
    }

    [Test]
    public void A_message_that_is_too_long_ends_the_connection_with_what_came_before_and_a_clear_error()
    {
        const int Limit = 1_000;
        (Connection<string> sender, Connection<string> receiver) = ConnectBoth<string>(Limit);
        using (sender)
        using (receiver)
        {
            sender.Send("one");
            sender.SendBytes(new byte[Limit + 1]);

            var received = new List<string>();
            Assert.That(
                async () =>
                {
                    await foreach (string message in receiver.ReceiveAllAsync()) received.Add(message);
                },
                Throws.TypeOf<InvalidDataException>().With.Message.Contains("1001").And.Message.Contains("1000").And.Message.Contains("MaxMessageLength"));
            Assert.That(received, Is.EqualTo(new[] { "one" }));
            Assert.That(receiver.Poll(), Is.True);
            Assert.That(() => receiver.Receive(), Throws.TypeOf<InvalidDataException>());
            Assert.That(async () => await receiver.ReceiveAsync(), Throws.TypeOf<InvalidDataException>());
            Assert.That(() => receiver.ReceiveBytes(), Throws.TypeOf<InvalidDataException>());
            Assert.That(() => receiver.TryReceive(out _), Throws.TypeOf<InvalidDataException>());
            AwaitLoss(receiver);
            Assert.That(() => receiver.Send("two"), Throws.TypeOf<InvalidDataException>());
            Assert.That(async () => await receiver.SendAsync("two"), Throws.TypeOf<InvalidDataException>());
        }
    }

    [TestCase(-1, (byte)ItemKind.Bytes)]
    [TestCase(1, (byte)77)]
    public void What_is_no_message_is_a_clear_error(int length, byte kind)
    {
        byte[] header = [.. BitConverter.GetBytes(length), kind];
        using Connection<int> connection = new(new StreamTransport(new Received(header), null, int.MaxValue));

        Assert.That(() => connection.Receive(), Throws.TypeOf<InvalidDataException>().With.Message.Contains($"length {length}").And.Message.Contains($"kind {kind}"));
    }

    [Test]
    public void A_message_for_which_there_is_no_memory_is_a_clear_error()
    {
        byte[] header = [100, 0, 0, 0, (byte)ItemKind.Bytes];
        using Connection<int> connection = new(new StreamTransport(new Received(header, new InsufficientMemoryException()), null, int.MaxValue));

        Assert.That(
            () => connection.Receive(),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("no memory for a message of 100 bytes").And.InnerException.InstanceOf<OutOfMemoryException>());
    }

    /// <returns>The other end, which has part of a message.</returns>
    private static async Task<Connection<byte[]>> CancelBegunAsync(Connection<byte[]> connection, Socket peer, bool blocking)
    {
        using CancellationTokenSource source = new();
        Task sending = Send(connection, blocking, source.Token);
        AwaitBegun(peer);
        await source.CancelAsync();
        Assert.That(async () => await sending.WaitAsync(Guard), Throws.InstanceOf<OperationCanceledException>());
        return Open<byte[]>(peer);
    }

    private static (Connection<byte[]> Connection, Socket Peer) Connect() => Connect<byte[]>();

    private static (Connection<T> Connection, Socket Peer) Connect<T>()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(listener.LocalEndpoint);
        return (Open<T>(socket), listener.AcceptSocket());
    }

    private static (Connection<T> Sender, Connection<T> Receiver) ConnectBoth<T>(int maxMessageLength = int.MaxValue)
    {
        (Connection<T> sender, Socket peer) = Connect<T>();
        return (sender, Open<T>(peer, maxMessageLength));
    }

    private static Connection<T> Open<T>(Socket socket, int maxMessageLength = int.MaxValue) =>
        new(new StreamTransport(new NetworkStream(socket, ownsSocket: true), null, maxMessageLength));

    private static Task Send(Connection<byte[]> connection, bool blocking, CancellationToken cancellationToken)
    {
        byte[] message = new byte[LargeLength];
        return blocking ? OnThread(() => connection.Send(message, cancellationToken)) : connection.SendAsync(message, cancellationToken).AsTask();
    }

    /// <summary>Its reader says first why it ends, and then closes the stream.</summary>
    private static void AwaitLoss(Connection<string> connection) => Await(
        () =>
        {
            try
            {
                connection.Send("");
                return false;
            }
            catch (Exception)
            {
                return true;
            }
        },
        "the end of the stream");

    private static void AwaitBegun(Socket peer) => peer.Receive(new byte[1], SocketFlags.Peek);

    /// <summary>The headers of so many messages without a byte.</summary>
    private sealed class EmptyMessages(int left) : ReadOnlyStream
    {
        private int _left = left;
        private Thread? _reader;

        public int Left => Volatile.Read(ref _left);

        /// <summary>Whether its reader waits for something else, or has seen the end.</summary>
        public bool HasStopped => (Volatile.Read(ref _reader)?.ThreadState & (ThreadState.WaitSleepJoin | ThreadState.Stopped)) > 0;

        public override int Read(Span<byte> buffer)
        {
            Volatile.Write(ref _reader, Thread.CurrentThread);
            if (Left == 0) return 0;
            Volatile.Write(ref _left, Left - 1);
            byte[] header = [0, 0, 0, 0, (byte)ItemKind.Bytes];
            header.CopyTo(buffer);
            return header.Length;
        }
    }

    /// <summary>Some bytes, and then an error or the end.</summary>
    private sealed class Received(byte[] bytes, Exception? error = null) : ReadOnlyStream
    {
        private bool _isRead;

        public override int Read(Span<byte> buffer)
        {
            if (_isRead) return error is null ? 0 : throw error;
            _isRead = true;
            bytes.CopyTo(buffer);
            return bytes.Length;
        }
    }

    /// <summary>Takes what is written, and is broken then.</summary>
    private sealed class Answered : ReadOnlyStream
    {
        public override bool CanWrite => true;

        public override int Read(Span<byte> buffer) => 0;

        public override void Write(byte[] buffer, int offset, int count)
        {
        }

        public override void Flush() => throw new IOException("broken");
    }

    private abstract class ReadOnlyStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
