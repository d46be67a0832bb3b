using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Managers;

/// <summary>Servers that are reached over TCP and TLS, as from another machine.</summary>
public sealed class RemoteManagerTests
{
    private static readonly byte[] Key = "the key of these tests"u8.ToArray();
    private static readonly X509Certificate2 Certificate = Certificates.New("manager.test");

    [TestCase(false)]
    [TestCase(true)]
    public async Task Another_process_finds_everything_by_name_and_uses_it(bool tls)
    {
        using ProcessManager manager = Start(tls);
        ProcessCall<string> use = RemoteJobsTargets.UseEverything("127.0.0.1", PortOf(manager), Key, tls ? Certificate.RawData : null);

        Assert.That(await RemoteScenario.PlayAsync(manager, use), Is.EqualTo("1,2,3"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Handles_cross_as_arguments_and_nest_whatever_reaches_the_server(bool tls)
    {
        using ProcessManager manager = Start(tls);
        using ManagedDictionary<string, ProcessQueue<int>> queues = manager.CreateDictionary<string, ProcessQueue<int>>();
        using (ProcessQueue<int> inner = manager.CreateQueue<int>()) queues["inner"] = inner;
        using ProcessCondition condition = manager.CreateCondition();
        using ProcessBarrier barrier = manager.CreateBarrier(2);
        using ChildProcess<string> child = ChildProcess.Start(RemoteJobsTargets.UseNested(queues, condition, barrier));
        barrier.Wait(Guard);
        using (condition.EnterScope()) condition.Notify();

        Assert.That(await child.Completion.WaitAsync(Guard), Is.EqualTo("notified"));
        using ProcessQueue<int> again = queues["inner"];
        Assert.That(again.Take(), Is.EqualTo(42));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_killed_remote_client_gives_back_what_it_held(bool tls)
    {
        using ProcessManager manager = Start(tls);
        using ProcessLock mutex = manager.CreateLock();
        using ProcessQueue<int> queue = manager.CreateQueue<int>();
        using ProcessEvent ready = manager.CreateEvent();
        queue.Put(1);
        queue.Put(2);
        using ChildProcess child = ChildProcess.Start(RemoteJobsTargets.HoldLockAndLease(mutex, queue, ready));
        Assert.That(ready.Wait(Guard), Is.True);
        Assert.That(mutex.TryAcquire(), Is.False);
        child.Kill();

        Assert.That(() => mutex.TryAcquire(Guard), Throws.TypeOf<AbandonedMutexException>());
        Await(() => queue.Count == 2, "the leased item");
        Assert.That(queue.Take(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_process_without_proxies_keeps_no_connections()
    {
        using ProcessManager manager = Start(tls: false);
        using ManagedList<int> list = manager.CreateList<int>();
        using ChildProcess<bool> child = ChildProcess.Start(RemoteJobsTargets.LetGo(list));

        Assert.That(await child.Completion.WaitAsync(Guard), Is.True);
        Assert.That(list, Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public async Task One_name_published_by_many_threads_at_once_drops_each_object_once()
    {
        using ProcessManager manager = Start(tls: false);
        using ManagedList<int> list = manager.CreateList<int>();
        Task[] publishing = [.. Enumerable.Range(0, 4).Select(_ => OnThread(() =>
        {
            for (int i = 0; i < 200; i++) manager.Publish("list", list);
        }))];
        await Task.WhenAll(publishing).WaitAsync(Guard);

        list.Add(1);
        using ManagedList<int> found = manager.Find<ManagedList<int>>("list");
        Assert.That(found, Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public void A_wrong_key_is_refused_and_others_are_answered()
    {
        using ProcessManager manager = Start(tls: false);

        Assert.That(() => ProcessManager.Connect(manager.Address, "another key"u8), Throws.TypeOf<AuthenticationException>());
        Assert.That(manager.ObjectCount, Is.Zero);
    }

    [Test]
    public void A_wrong_certificate_and_none_are_refused_and_others_are_answered()
    {
        using ProcessManager manager = Start(tls: true);
        using X509Certificate2 other = Certificates.New("manager.test");

        Assert.That(() => ProcessManager.Connect(manager.Address, Key, Certificates.Trusting(other.RawData)), Throws.TypeOf<AuthenticationException>());
        Assert.That(
            () => ProcessManager.Connect(manager.Address, Key, new ProcessClientOptions { Tls = new SslClientAuthenticationOptions { TargetHost = "manager.test" } }),
            Throws.TypeOf<AuthenticationException>());
        Assert.That(
            () => ProcessManager.Connect(manager.Address, Key, new ProcessClientOptions { ConnectTimeout = TimeSpan.FromSeconds(1) }), // Each waits for the other to begin.
            Throws.InstanceOf<ProcgenException>());
        Assert.That(manager.ObjectCount, Is.Zero);
        using ProcessManager trusting = ProcessManager.Connect(manager.Address, Key, Certificates.Trusting(Certificate.RawData));
        Assert.That(trusting.ObjectCount, Is.Zero);
    }

    [Test]
    public void Strangers_that_wait_or_send_random_bytes_keep_nobody_out_over_TLS()
    {
        using ProcessManager manager = Start(tls: true);
        var random = new Random(13);
        TcpClient[] strangers = [.. Enumerable.Range(0, 500).Select(_ => new TcpClient(IPAddress.Loopback.ToString(), PortOf(manager)))];
        try
        {
            foreach (TcpClient stranger in strangers.Take(250))
            {
                byte[] bytes = new byte[random.Next(1, 500)];
                random.NextBytes(bytes);
                try
                {
                    stranger.GetStream().Write(bytes);
                }
                catch (IOException)
                {
                    // Pushed out already, for those that came later.
                }
            }

            using ProcessManager client = ProcessManager.Connect(manager.Address, Key, Certificates.Trusting(Certificate.RawData));
            using CounterProxy counter = client.CreateCounter(1);
            Assert.That(counter.Add(2), Is.EqualTo(3));
            Assert.That(manager.ObjectCount, Is.EqualTo(1));
        }
        finally
        {
            foreach (TcpClient stranger in strangers) stranger.Dispose();
        }
    }

    [Test]
    public void A_server_can_be_started_again_at_its_address_at_once()
    {
        var address = new IPEndPoint(IPAddress.Loopback, 0);
        for (int i = 0; i < 3; i++)
        {
            using ProcessManager manager = ProcessManager.Start(new ProcessManagerOptions { EndPoint = address, AuthKey = Key });
            address = (IPEndPoint)manager.Address;
            using ProcessManager client = ProcessManager.Connect(address, Key);
            using ProcessQueue<int> queue = client.CreateQueue<int>();
            queue.Put(i);
            Assert.That(queue.Take(), Is.EqualTo(i));
        }
    }

    [Test]
    public void What_TLS_demands_and_the_server_would_not_get_is_refused()
    {
        SslServerAuthenticationOptions[] all =
        [
            new() { ServerCertificate = Certificate, ClientCertificateRequired = true },
            new() { ServerCertificate = Certificate, EnabledSslProtocols = SslProtocols.Tls13 },
            new() { ServerCertificate = Certificate, RemoteCertificateValidationCallback = (_, _, _, _) => false },
            new() { ServerCertificate = Certificate, CertificateRevocationCheckMode = X509RevocationMode.Online },
        ];
        foreach (SslServerAuthenticationOptions tls in all)
            Assert.That(() => ProcessManager.Start(new ProcessManagerOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0), Tls = tls }), Throws.ArgumentException);
    }

    private static int PortOf(ProcessManager manager) => ((IPEndPoint)manager.Address).Port;

    private static ProcessManager Start(bool tls) => ProcessManager.Start(new ProcessManagerOptions
    {
        EndPoint = new IPEndPoint(IPAddress.Loopback, 0),
        AuthKey = Key,
        Tls = tls ? new SslServerAuthenticationOptions { ServerCertificate = Certificate } : null,
    });
}
