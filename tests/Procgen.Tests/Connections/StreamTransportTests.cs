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

            using Connection<byte[]> receiver = Open(peer);
            Assert.That((await receiver.ReceiveAsync().AsTask().WaitAsync(Guard)).Length, Is.EqualTo(LargeLength));
            await sending.WaitAsync(Guard);
            connection.Send([1]);
            Assert.That(receiver.Receive(), Is.EqualTo(new byte[] { 1 }));
        }
    }

    /// <returns>The other end, which has part of a message.</returns>
    private static async Task<Connection<byte[]>> CancelBegunAsync(Connection<byte[]> connection, Socket peer, bool blocking)
    {
        using CancellationTokenSource source = new();
        Task sending = Send(connection, blocking, source.Token);
        AwaitBegun(peer);
        await source.CancelAsync();
        Assert.That(async () => await sending.WaitAsync(Guard), Throws.InstanceOf<OperationCanceledException>());
        return Open(peer);
    }

    private static (Connection<byte[]> Connection, Socket Peer) Connect()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(listener.LocalEndpoint);
        return (Open(socket), listener.AcceptSocket());
    }

    private static Connection<byte[]> Open(Socket socket) => new(new StreamTransport(new NetworkStream(socket, ownsSocket: true), null, int.MaxValue));

    private static Task Send(Connection<byte[]> connection, bool blocking, CancellationToken cancellationToken)
    {
        byte[] message = new byte[LargeLength];
        return blocking ? OnThread(() => connection.Send(message, cancellationToken)) : connection.SendAsync(message, cancellationToken).AsTask();
    }

    private static void AwaitBegun(Socket peer) => peer.Receive(new byte[1], SocketFlags.Peek);

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
