using System.Net.Sockets;
using NUnit.Framework;
using Procgen.Connections;
using static Procgen.Tests.Connections.ListenerFileTests;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Connections;

/// <summary>Clients of a socket where as many wait to be accepted as may: Linux has others wait in the kernel, where nothing wakes them.</summary>
[Platform("Linux")]
[CancelAfter(120_000)]
public sealed class FullBacklogTests
{
    private readonly List<Socket> _waiting = [];
    private string _path = null!;
    private Socket _listening = null!;

    [SetUp]
    public void Fill()
    {
        _path = Path.Combine(Path.GetTempPath(), $"pg-{Guid.NewGuid():N}");
        _listening = NewSocket();
        _listening.Bind(new UnixDomainSocketEndPoint(_path));
        _listening.Listen(1);
        while (TryConnect())
        {
        }
    }

    [TearDown]
    public void Dispose()
    {
        _listening.Dispose();
        _waiting.ForEach(static socket => socket.Dispose());
        _waiting.Clear();
        File.Delete(_path);
    }

    [Test]
    public void Connecting_there_ends_when_its_time_is_up([Values] bool isPipe)
    {
        var options = new ProcessClientOptions { ConnectTimeout = TimeSpan.FromMilliseconds(50) };
        Task connecting = OnThread(() => ProcessClient.Connect<int>(At(_path, isPipe), options: options).Dispose());

        Assert.That(async () => await connecting.WaitAsync(Guard), Throws.TypeOf<TimeoutException>().With.Message.Contains("Connecting"));
    }

    [Test]
    public async Task A_client_that_waits_there_is_connected_when_there_is_room([Values] bool isPipe)
    {
        Task<Connection<int>> connecting = OnThread(() => ProcessClient.Connect<int>(At(_path, isPipe), "key"u8));
        Task<Socket> accepting = OnThread(AcceptAfterOthers);
        using Socket accepted = await accepting.WaitAsync(Guard);
        using var stream = new NetworkStream(accepted);
        await OnThread(() => KeyProof.Accept(stream, "key"u8.ToArray())).WaitAsync(Guard);
        using Connection<int> client = await connecting.WaitAsync(Guard);

        accepted.Shutdown(SocketShutdown.Both);
        Assert.That(() => client.Receive(), Throws.TypeOf<EndOfStreamException>());
    }

    private static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private bool TryConnect()
    {
        Socket socket = NewSocket();
        _waiting.Add(socket);
        socket.Blocking = false;
        try
        {
            socket.Connect(_listening.LocalEndPoint!);
            return true;
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.WouldBlock)
        {
            return false;
        }
    }

    /// <summary>All but the last of those who waited were let in.</summary>
    private Socket AcceptAfterOthers()
    {
        for (int i = 1; i < _waiting.Count; i++) _listening.Accept().Dispose();
        return _listening.Accept();
    }
}
