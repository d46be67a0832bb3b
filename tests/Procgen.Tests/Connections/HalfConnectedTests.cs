using System.Net;
using NUnit.Framework;
using Procgen.Managers;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Connections;

/// <summary>Clients of a manager that are connected and then get no further: they let go, and the other end sees it.</summary>
public sealed class HalfConnectedTests
{
    private static readonly byte[] Key = "the key of these tests"u8.ToArray();

    [Test]
    public async Task A_client_whose_greeting_fails_lets_go_of_its_connection()
    {
        using var listener = new ProcessListener(new IPEndPoint(IPAddress.Loopback, 0), Key);
        Task connecting = OnThread(() => ProcessManager.Connect(listener.LocalEndPoint, Key).Dispose());
        using Connection<byte[]> server = await listener.AcceptAsync<byte[]>().WaitAsync(Guard);
        server.ReceiveBytes();
        server.SendBytes([]);

        Assert.That(async () => await connecting.WaitAsync(Guard), Throws.TypeOf<ProcessSerializationException>());
        AssertEnds(server);
    }

    [Test]
    public async Task A_client_that_is_sent_no_bell_lets_go_of_its_pipe()
    {
        (Connection<byte[]> client, Connection<byte[]> server) = ProcessPipe.Create<byte[]>();
        using (client)
        using (server)
        {
            Task requesting = OnThread(() => LocalTransfer.Request(client).Dispose());
            using Connection<byte[]> opened = Read<Connection<byte[]>>(server.ReceiveBytes());
            server.SendBytes([1]);

            Assert.That(async () => await requesting.WaitAsync(Guard), Throws.TypeOf<ProcessSerializationException>());
            AssertEnds(opened);
        }
    }

    private static void AssertEnds(Connection connection)
    {
        Assert.That(connection.Poll(Guard), Is.True);
        Assert.That(() => connection.ReceiveBytes(), Throws.TypeOf<EndOfStreamException>());
    }
}
