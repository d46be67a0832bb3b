using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using Procgen.Connections;
using Procgen.Tests.SharedMemory;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Connections;

/// <summary>Listeners whose process runs out of something, or whose clients go without a word.</summary>
public sealed class ListenerLimitTests
{
    [Test]
    [Platform("Linux")]
    public async Task A_listener_accepts_again_when_there_are_descriptors_again()
    {
        using ProcessQueue<int> port = new();
        using ProcessEvent limited = new();
        using ChildProcess<bool> child = ChildProcess.Start(ConnectionJobsTargets.AcceptAfterDescriptorsWereGone(port, limited));
        var address = new IPEndPoint(IPAddress.Loopback, port.Take());
        using var first = new TcpClient();
        using var second = new TcpClient();
        first.Connect(address);
        second.Connect(address);
        await DescriptorLimitTests.LimitAsync(child);
        limited.Set();

        Assert.That(await child.Completion.WaitAsync(Guard), Is.True);
    }

    [Test]
    public void A_client_whose_machine_goes_without_a_word_is_noticed()
    {
        using ListenerSocket listener = ListenerSocket.Open(new IPEndPoint(IPAddress.Loopback, 0));
        using var client = new TcpClient();
        client.Connect((IPEndPoint)listener.LocalEndPoint);
        using Stream accepted = listener.Accept()!.Value.Stream;
        Socket socket = ((NetworkStream)accepted).Socket;

        Assert.That(socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive), Is.Not.EqualTo(0));
        Assert.That(socket.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime), Is.EqualTo(30));
    }
}
