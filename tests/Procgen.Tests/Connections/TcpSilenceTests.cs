using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using Procgen.Connections;
using Procgen.Tests.Managers;
using Procgen.Tests.Processes;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Connections;

/// <summary>
/// Connections to another machine that goes without a word while bytes are on their way to it: a network namespace, whose
/// interface is taken down. Needs root and <c>ip</c>; elsewhere this test says that it was skipped.
/// </summary>
[Platform("Linux")]
[NonParallelizable]
[CancelAfter(120_000)]
public sealed class TcpSilenceTests
{
    private const string Here = "10.213.78.1";
    private const string There = "10.213.78.2";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);
    private readonly string _name = $"pgs{Environment.ProcessId}";

    [OneTimeSetUp]
    public void MakeNamespace()
    {
        string said = Shell.Run(
            $"exec 2>&1; set -e; ip netns add {_name}; ip link add {_name}a type veth peer name {_name}b netns {_name}; "
            + $"ip addr add {Here}/24 dev {_name}a; ip link set {_name}a up; "
            + $"ip -n {_name} addr add {There}/24 dev {_name}b; ip -n {_name} link set {_name}b up; echo made");
        if (!said.EndsWith("made\n", StringComparison.Ordinal)) Assert.Ignore($"No network namespace can be made here: {said.Trim()}");
    }

    [OneTimeTearDown]
    public void RemoveNamespace() => Shell.Run($"ip link del {_name}a 2>/dev/null; ip netns del {_name} 2>/dev/null");

    [Test]
    public async Task Whoever_waits_for_an_answer_of_a_machine_that_has_gone_is_told_and_one_that_does_not_read_is_not_given_up()
    {
        (Socket mine, Socket theirs) = Connect(NetworkNamespace.Run(_name, () => Listen(There)));
        (Socket writer, Socket stalled) = Connect(Listen("127.0.0.1"));
        using (theirs)
        using (stalled)
        using (writer)
        using (Connection<int> connection = new(new StreamTransport(new NetworkStream(mine, ownsSocket: true), null, int.MaxValue)))
        {
            Fill(writer);
            Task<int> waiting = OnThread(connection.Receive);
            Shell.Run($"ip -n {_name} link set {_name}b down");
            connection.Send(1);
            TcpSilence.Watch(writer, Interval, Limit);
            TcpSilence.Watch(mine, Interval, Limit);

            Assert.That(async () => await waiting.WaitAsync(Guard), Throws.TypeOf<EndOfStreamException>());
            Assert.That(() => connection.Send(2), Throws.TypeOf<EndOfStreamException>());
            Assert.That(writer.Connected, Is.True);
            await Task.CompletedTask;
        }
    }

    private static Socket Listen(string address)
    {
        var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
        listener.Listen();
        return listener;
    }

    private static (Socket Here, Socket There) Connect(Socket listener)
    {
        using (listener)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(listener.LocalEndPoint!);
            return (socket, listener.Accept());
        }
    }

    /// <summary>Sends what the other end and the system between take.</summary>
    private static void Fill(Socket socket)
    {
        byte[] bytes = new byte[1 << 20];
        socket.Blocking = false;
        SocketError error;
        do socket.Send(bytes, SocketFlags.None, out error);
        while (error == SocketError.Success);
        Assert.That(error, Is.EqualTo(SocketError.WouldBlock));
    }
}
