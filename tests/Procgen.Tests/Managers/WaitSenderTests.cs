using System.Buffers;
using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using Procgen.CompilerServices;
using Procgen.Connections;
using Procgen.Managers;
using Procgen.Queues;
using Procgen.Shared;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Managers;

[CancelAfter(60_000)]
public sealed class WaitSenderTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Test]
    public async Task A_server_that_is_stopped_within_a_pipe_holds_nobody_but_who_sends_then()
    {
        (Connection<byte[], byte[]> server, Connection<byte[], byte[]> client) = ProcessPipe.Create<byte[], byte[]>();
        using QueueMemory memory = MemoryOf(client);
        using var sender = new WaitSender(static (_, _) => { });
        sender.Begin(client);

        // As a process would that is there and does not go on.
        Volatile.Write(ref Latch(memory), OwnerToken.Current);
        Task sending = OnThread(() => sender.Send(new byte[1]));
        Await(() => Latch(memory) != OwnerToken.Current, "a sender that sleeps on the latch");

        try
        {
            await OnThread(() => sender.Send(new byte[1])).WaitAsync(Patience);
            await OnThread(sender.Dispose).WaitAsync(Patience);
            Assert.That(sending.IsCompleted, Is.False);
        }
        finally
        {
            Volatile.Write(ref Latch(memory), 0);
            await sending;
            server.Dispose();
        }
    }

    [Test]
    public async Task Where_no_thread_can_be_made_the_connection_ends()
    {
        (Connection<byte[]> client, Connection<byte[]> server) = Connect(static socket => new NetworkStream(socket, ownsSocket: true));
        using (server)
        using (var sender = new WaitSender(static (_, _) => { }, static _ => throw new InsufficientMemoryException()))
        {
            sender.Begin(client);
            sender.Send(new byte[1]);

            Assert.That(async () => await server.ReceiveBytesAsync().AsTask().WaitAsync(Patience), Throws.TypeOf<EndOfStreamException>());
        }
    }

    [Test]
    public async Task What_is_taken_over_a_stream_is_confirmed_before_its_taker_has_it()
    {
        using var held = new ManualResetEventSlim(initialState: true);
        (Connection<byte[]> client, Connection<byte[]> server) = Connect(socket => new SendersStream(socket, held));
        using (server)
        using (var channel = new WaitChannel(() => client, static error => new ConnectionLostException("lost", error), new AnswerWatch(static () => { })))
        {
            PendingAnswer wait = channel.Begin(ManagerRequest.Create(ManagerOp.BeginWait), 1);
            await AssertIsToldAsync(server, ManagerOp.BeginWait);
            Assert.That(channel.Flush(Deadline.After(Patience)), Is.True);
            held.Reset();
            await server.SendBytesAsync(new byte[] { 1, 0, 0, 0, 0, 0, 0, 0, (byte)ManagerAnswer.ResultToConfirm });

            await wait.Task.WaitAsync(Patience);
            try
            {
                await AssertIsToldAsync(server, ManagerOp.ConfirmWait);
            }
            finally
            {
                held.Set();
            }
        }
    }

    [Test]
    public void What_stands_behind_something_that_is_being_sent_can_be_waited_for()
    {
        using var held = new ManualResetEventSlim(initialState: false);
        (Connection<byte[]> client, Connection<byte[]> server) = Connect(socket => new SendersStream(socket, held));
        using (server)
        using (var sender = new WaitSender(static (_, _) => { }))
        {
            sender.Begin(client);
            Assert.That(sender.Flush(Deadline.Now), Is.True);
            for (byte i = 0; i < 2; i++) sender.Send(new[] { i }, mayWait: i > 0);
            Assert.That(sender.Flush(Deadline.Now), Is.False);
            held.Set();

            Assert.That(sender.Flush(Deadline.After(Patience)), Is.True);
            for (byte i = 0; i < 2; i++) Assert.That(server.ReceiveBytes(), Is.EqualTo(new[] { i }));
        }
    }

    private static async Task AssertIsToldAsync(Connection server, ManagerOp op) =>
        Assert.That((ManagerOp)(await server.ReceiveBytesAsync().AsTask().WaitAsync(Patience))[0], Is.EqualTo(op));

    private static (Connection<byte[]> Client, Connection<byte[]> Server) Connect(Func<Socket, Stream> open)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(listener.LocalEndpoint);
        return (Over(open(socket)), Over(new NetworkStream(listener.AcceptSocket(), ownsSocket: true)));
    }

    private static Connection<byte[]> Over(Stream stream) => new(new StreamTransport(stream, null, int.MaxValue));

    private static ref ulong Latch(QueueMemory memory) => ref memory.Block.At<ulong>(QueueMemory.ExtraStart(0) + LogLayout.TailLatch);

    /// <summary>The memory in which the second end of a pipe sends, opened once more.</summary>
    private static QueueMemory MemoryOf(Connection second)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var writer = new PayloadWriter(bytes);
        second.Transport.WriteHandle(ref writer);
        writer.Flush();
        var reader = new PayloadReader(bytes.WrittenSpan);
        reader.TakeSpan(sizeof(byte) + sizeof(bool) + sizeof(int) + sizeof(ulong));
        return QueueMemory.Read(ref reader);
    }

    /// <summary>Holds the thread of a sender, as a busy machine may at any time, until it is let go.</summary>
    private sealed class SendersStream(Socket socket, ManualResetEventSlim go) : NetworkStream(socket, ownsSocket: true)
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Thread.CurrentThread.Name == "Procgen manager waits sender") go.Wait();
            base.Write(buffer);
        }
    }
}
