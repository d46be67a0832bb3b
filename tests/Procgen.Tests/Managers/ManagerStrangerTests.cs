using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using NUnit.Framework;
using Procgen.Managers;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Managers;

/// <summary>Those who reach a manager's address and do not know its key: refused, while others are answered.</summary>
public sealed class ManagerStrangerTests
{
    private const int HelloLength = 40;
    private static readonly byte[] Key = "the key of these tests"u8.ToArray();

    private ProcessManager _manager = null!;
    private ManagedList<int> _list = null!;

    private IPEndPoint Address => (IPEndPoint)_manager.Address;

    [OneTimeSetUp]
    public void Start()
    {
        _manager = ProcessManager.Start(new ProcessManagerOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0), AuthKey = Key });
        _list = _manager.CreateList<int>();
    }

    [OneTimeTearDown]
    public void Stop() => _manager.Dispose();

    [Test]
    public void A_handshake_that_was_recorded_is_of_no_use_again()
    {
        (byte[] recorded, bool wasAccepted) = RecordHandshake();
        Assert.That(wasAccepted, Is.True);

        using TcpClient replay = Connect();
        replay.GetStream().Write(recorded);

        Assert.That(ReadAll(replay).ElementAtOrDefault(HelloLength), Is.Not.EqualTo(1), "1 says accepted");
        AssertOthersAreAnswered();
    }

    /// <summary>Random strings of bytes, and handshakes that were cut off. <c>PROCGEN_TORTURE=full</c> sends 100,000.</summary>
    [Test]
    public void Random_and_truncated_strings_of_bytes_are_refused_while_others_are_answered()
    {
        int seed = Environment.TickCount;
        TestContext.Out.WriteLine($"seed {seed}");
        var random = new Random(seed);
        (byte[] recorded, _) = RecordHandshake();
        int count = Environment.GetEnvironmentVariable("PROCGEN_TORTURE") == "full" ? 100_000 : 3_000;
        for (int i = 0; i < count; i++)
        {
            byte[] bytes = i % 2 == 0 ? new byte[random.Next(1, 2_000)] : recorded[..random.Next(recorded.Length)];
            if (i % 2 == 0) random.NextBytes(bytes);
            using TcpClient stranger = Connect();

            // Reset in the end: so many closed connections would use up the ports.
            stranger.LingerState = new LingerOption(enable: true, 0);
            Send(stranger, bytes);
            Assert.That(ReadAll(stranger).ElementAtOrDefault(HelloLength), Is.Not.EqualTo(1), "1 says accepted");
            if (i % 100 == 0) AssertOthersAreAnswered();
        }

        AssertOthersAreAnswered();
        Assert.That(_manager.ObjectCount, Is.EqualTo(1));
    }

    [Test]
    public void Random_bytes_in_one_piece_are_refused()
    {
        using TcpClient stranger = Connect();
        Send(stranger, RandomNumberGenerator.GetBytes(100_000));

        Assert.That(ReadAll(stranger).ElementAtOrDefault(HelloLength), Is.Not.EqualTo(1), "1 says accepted");
        AssertOthersAreAnswered();
    }

    [Test]
    public void A_client_that_knows_the_key_and_then_sends_nonsense_harms_nobody_else()
    {
        var random = new Random(11);
        for (int i = 0; i < 50; i++)
        {
            using Connection<byte[]> client = ProcessClient.Connect<byte[]>(Address, Key);
            byte[] nonsense = new byte[random.Next(0, 200)];
            random.NextBytes(nonsense);
            client.SendBytes(nonsense);
            client.Poll(TimeSpan.FromMilliseconds(10));
        }

        AssertOthersAreAnswered();
    }

    [Test]
    public void A_client_of_another_build_is_told_so()
    {
        using Connection<byte[]> client = ProcessClient.Connect<byte[]>(Address, Key);
        using ManagerRequest hello = ManagerRequest.Create(ManagerOp.Hello).Add(Guid.NewGuid()).Add(Guid.NewGuid()).Add("other").Add(1);
        client.SendBytes(hello.Body.Span);

        Assert.That(() => _manager.Client.ReadAnswer(client.ReceiveBytes()), Throws.TypeOf<ProcgenException>().With.Message.Contains("another build of Procgen"));
        AssertOthersAreAnswered();
    }

    [Test]
    public void A_connection_of_a_process_that_is_taken_for_gone_is_told_so_and_is_not_its_first_one()
    {
        using Connection<byte[]> client = ProcessClient.Connect<byte[]>(Address, Key);
        using ManagerRequest hello = ManagerRequest.Create(ManagerOp.Hello)
            .Add(typeof(ManagerOp).Module.ModuleVersionId).Add(Guid.NewGuid()).Add("gone").Add(1).Add(false);
        client.SendBytes(hello.Body.Span);

        Assert.That(() => _manager.Client.ReadAnswer(client.ReceiveBytes()), Throws.TypeOf<ConnectionLostException>().With.Message.Contains("connect again"));
        AssertOthersAreAnswered();
    }

    [Test]
    public async Task Five_hundred_idle_strangers_do_not_keep_a_real_client_out()
    {
        TcpClient[] idle = [.. Enumerable.Range(0, 500).Select(_ => Connect())];
        try
        {
            using ChildProcess<int> client = ChildProcess.Start(RemoteJobsTargets.CountObjects(Address.Port, Key));
            Assert.That(await client.Completion.WaitAsync(Guard), Is.EqualTo(1));
            AssertOthersAreAnswered();
        }
        finally
        {
            foreach (TcpClient stranger in idle) stranger.Dispose();
        }
    }

    [Test]
    public void A_connection_that_comes_after_its_cancellation_is_closed()
    {
        using var relay = new TcpListener(IPAddress.Loopback, 0);
        using var cancellation = new CancellationTokenSource();
        relay.Start();
        Task<Connection<byte[]>> connecting = ProcessClient.ConnectAsync<byte[]>(relay.LocalEndpoint, Key, null, cancellation.Token);
        using TcpClient near = relay.AcceptTcpClient();
        cancellation.Cancel();
        Assert.CatchAsync<OperationCanceledException>(() => connecting);
        using TcpClient far = Connect();
        Relay(near, far);

        near.ReceiveTimeout = (int)Guard.TotalMilliseconds;
        Assert.That(near.GetStream().ReadByte(), Is.EqualTo(-1));
    }

    /// <summary>What a client that knows the key sends, and whether it was accepted.</summary>
    private (byte[] Sent, bool WasAccepted) RecordHandshake()
    {
        using var relay = new TcpListener(IPAddress.Loopback, 0);
        relay.Start();
        Task<bool> connecting = OnThread(() =>
        {
            using Connection<byte[]> client = ProcessClient.Connect<byte[]>(relay.LocalEndpoint, Key);
            return true;
        });
        using TcpClient near = relay.AcceptTcpClient();
        using TcpClient far = Connect();
        return (Relay(near, far), connecting.GetAwaiter().GetResult());
    }

    /// <summary>Passes a handshake on, and says what the client sent.</summary>
    private static byte[] Relay(TcpClient near, TcpClient far)
    {
        near.GetStream().Write(ReadExactly(far, HelloLength));
        byte[] sent = ReadExactly(near, HelloLength + 32);
        far.GetStream().Write(sent);
        near.GetStream().Write(ReadExactly(far, 33));
        return sent;
    }

    private void AssertOthersAreAnswered()
    {
        _list.Add(1);
        using Connection<byte[]> another = ProcessClient.Connect<byte[]>(Address, Key);
        Assert.That(_list.Pop(), Is.EqualTo(1));
    }

    private TcpClient Connect()
    {
        var client = new TcpClient();
        client.Connect(Address);
        return client;
    }

    private static void Send(TcpClient client, byte[] bytes)
    {
        try
        {
            client.GetStream().Write(bytes);
            client.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            // Refused before all was sent.
        }
    }

    private static byte[] ReadExactly(TcpClient client, int count)
    {
        byte[] bytes = new byte[count];
        client.GetStream().ReadExactly(bytes);
        return bytes;
    }

    private static byte[] ReadAll(TcpClient client)
    {
        var all = new MemoryStream();
        byte[] part = new byte[256];
        try
        {
            while (client.Client.Receive(part) is > 0 and int count) all.Write(part, 0, count);
        }
        catch (SocketException)
        {
            // Reset: what came before counts.
        }

        return all.ToArray();
    }
}
