using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using NUnit.Framework;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Connections;

public class ListenerTests
{
    private static readonly byte[] Key = "the key of these tests"u8.ToArray();

    private static IEnumerable<TestCaseData> Addresses()
    {
        yield return new TestCaseData(null).SetArgDisplayNames("a fresh address");
        yield return new TestCaseData(new IPEndPoint(IPAddress.Loopback, 0)).SetArgDisplayNames("TCP");
        yield return new TestCaseData(new ProcessPipeEndPoint($"procgen-test-{Guid.NewGuid():N}")).SetArgDisplayNames("a named pipe");
        yield return new TestCaseData(new UnixDomainSocketEndPoint(Path.Combine(Path.GetTempPath(), $"pg-{Guid.NewGuid():N}"))).SetArgDisplayNames("a Unix socket");
    }

    [TestCaseSource(nameof(Addresses))]
    public async Task Who_knows_the_key_is_connected(EndPoint? address)
    {
        using var listener = new ProcessListener(address, Key);
        Task<Connection<string>> accepting = listener.AcceptAsync<string>();
        using Connection<string> client = ProcessClient.Connect<string>(listener.LocalEndPoint, Key);
        using Connection<string> server = await accepting;
        client.Send("question");
        Assert.That(server.Receive(), Is.EqualTo("question"));
        server.SendBytes(new byte[100_000]);
        Assert.That(client.ReceiveBytes(), Has.Length.EqualTo(100_000));
        Assert.That(client.Poll(), Is.False);
        server.Dispose();
        Assert.That(() => client.Receive(), Throws.TypeOf<EndOfStreamException>());
        Assert.That(client.Poll(), Is.True);
    }

    [Test]
    public void A_wrong_key_is_an_error_on_both_sides_and_the_listener_goes_on()
    {
        using var listener = new ProcessListener(new IPEndPoint(IPAddress.Loopback, 0), Key);
        Task<Connection<int>> refused = listener.AcceptAsync<int>();
        Assert.That(() => ProcessClient.Connect<int>(listener.LocalEndPoint, "another key"u8), Throws.TypeOf<AuthenticationException>());
        Assert.That(async () => await refused, Throws.TypeOf<AuthenticationException>());
        using Connection<int> client = ProcessClient.Connect<int>(listener.LocalEndPoint, Key);
        using Connection<int> server = listener.Accept<int>();
        server.Send(7);
        Assert.That(client.Receive(), Is.EqualTo(7));
    }

    [Test]
    public void Wrong_keys_are_reported_again_however_many_there_were_while_nobody_accepted()
    {
        using var listener = new ProcessListener(new IPEndPoint(IPAddress.Loopback, 0), Key, new ProcessListenerOptions { MaxUnauthenticated = 3 });
        for (int round = 0; round < 3; round++)
        {
            for (int i = 0; i < 10; i++) Assert.That(() => ProcessClient.Connect<int>(listener.LocalEndPoint, "another key"u8), Throws.TypeOf<AuthenticationException>());
            for (int i = 0; i < 3; i++) Assert.That(async () => await listener.AcceptAsync<int>().WaitAsync(TimeSpan.FromMinutes(1)), Throws.TypeOf<AuthenticationException>());
        }
    }

    [Test]
    public async Task A_cancelled_accept_takes_no_connection_and_all_who_wait_hear_of_the_end()
    {
        using var listener = new ProcessListener(null, Key);
        using var cancellation = new CancellationTokenSource();
        Task<Connection<int>> cancelled = listener.AcceptAsync<int>(cancellation.Token);
        await cancellation.CancelAsync();
        Assert.That(async () => await cancelled, Throws.InstanceOf<OperationCanceledException>());
        using (ProcessClient.Connect<int>(listener.LocalEndPoint, Key))
        using (await listener.AcceptAsync<int>())
        {
        }

        Task<Connection<int>>[] waiting = [listener.AcceptAsync<int>(), Task.Run(listener.Accept<int>), Task.Run(listener.Accept<int>), listener.AcceptAsync<int>()];
        listener.Dispose();
        foreach (Task wait in waiting) Assert.That(async () => await wait.WaitAsync(TimeSpan.FromMinutes(1)), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Strangers_that_send_garbage_or_nothing_keep_nobody_out()
    {
        using var listener = new ProcessListener(new IPEndPoint(IPAddress.Loopback, 0), Key, new ProcessListenerOptions { MaxUnauthenticated = 8 });
        var random = new Random(5);
        var idle = new List<TcpClient>();
        for (int i = 0; i < 100; i++)
        {
            var stranger = new TcpClient();
            stranger.Connect((IPEndPoint)listener.LocalEndPoint);
            if (i % 2 == 0)
            {
                byte[] garbage = new byte[random.Next(1, 300)];
                random.NextBytes(garbage);
                stranger.GetStream().Write(garbage);
            }

            idle.Add(stranger);
        }

        using Connection<int> client = ProcessClient.Connect<int>(listener.LocalEndPoint, Key);
        using Connection<int> server = AcceptAuthenticated(listener);
        client.Send(1);
        Assert.That(server.Receive(), Is.EqualTo(1));
        foreach (TcpClient stranger in idle) stranger.Dispose();
    }

    [Test]
    public void Nobody_listening_is_a_clear_error() =>
        Assert.That(() => ProcessClient.Connect<int>(new IPEndPoint(IPAddress.Loopback, 1), Key), Throws.TypeOf<SocketException>());

    [Test]
    public async Task A_client_waits_for_somebody_to_listen_at_a_pipe()
    {
        var address = new ProcessPipeEndPoint($"procgen-test-{Guid.NewGuid():N}");
        Task<Connection<int>> connecting = ProcessClient.ConnectAsync<int>(address, Key);
        using var listener = new ProcessListener(address, Key);
        using Connection<int> server = await listener.AcceptAsync<int>().WaitAsync(Guard);
        using Connection<int> client = await connecting.WaitAsync(Guard);
        client.Send(3);
        Assert.That(server.Receive(), Is.EqualTo(3));
    }

    [TestCaseSource(nameof(Addresses))]
    public void Where_one_listens_no_other_does(EndPoint? address)
    {
        EndPoint taken;
        using (var listener = new ProcessListener(address, Key))
        {
            taken = listener.LocalEndPoint;
            Assert.That(() => new ProcessListener(taken, Key), Throws.TypeOf<SocketException>().With.Property("SocketErrorCode").EqualTo(SocketError.AddressAlreadyInUse));
        }

        new ProcessListener(taken, Key).Dispose();
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public void A_pipe_s_name_is_free_when_its_listener_is_disposed_and_the_connections_stay()
    {
        var address = new ProcessPipeEndPoint($"procgen-test-{Guid.NewGuid():N}");
        using var first = new ProcessListener(address, Key);
        using Connection<int> client = ProcessClient.Connect<int>(address, Key);
        using Connection<int> server = first.Accept<int>();
        first.Dispose();
        using var second = new ProcessListener(address, Key);
        using Connection<int> other = ProcessClient.Connect<int>(address, Key);
        using Connection<int> accepted = second.Accept<int>();
        other.Send(2);
        client.Send(1);
        Assert.That(accepted.Receive(), Is.EqualTo(2));
        Assert.That(server.Receive(), Is.EqualTo(1));
    }

    [Test]
    public async Task Where_one_listens_no_other_process_does()
    {
        var address = new ProcessPipeEndPoint($"procgen-test-{Guid.NewGuid():N}");
        using var listener = new ProcessListener(address, Key);
        Task<Connection<int>> accepting = listener.AcceptAsync<int>();
        using ChildProcess<string> other = ChildProcess.Start(ListenerJobsTargets.Listen(address.PipeName, Key));
        Assert.That(await other.Completion, Is.EqualTo(nameof(SocketError.AddressAlreadyInUse)));
        using Connection<int> client = ProcessClient.Connect<int>(address, Key);
        using Connection<int> server = await accepting;
        client.Send(1);
        Assert.That(server.Receive(), Is.EqualTo(1));
    }

    [Test]
    public void A_disposed_listener_accepts_no_more()
    {
        var listener = new ProcessListener(null, Key);
        Task<Connection<int>> accepting = listener.AcceptAsync<int>();
        listener.Dispose();
        Assert.That(async () => await accepting, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => listener.Accept<int>(), Throws.TypeOf<ObjectDisposedException>());
    }

    /// <summary>Garbage as long as a proof is reported as a wrong key; the next accept goes on.</summary>
    private static Connection<int> AcceptAuthenticated(ProcessListener listener)
    {
        while (true)
        {
            try
            {
                return listener.Accept<int>();
            }
            catch (AuthenticationException)
            {
            }
        }
    }
}
