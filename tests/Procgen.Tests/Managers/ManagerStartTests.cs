using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using NUnit.Framework.Constraints;
using Procgen.Tests.SharedMemory;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Managers;

/// <summary>Servers that come up, by every start method, and servers that do not.</summary>
[NonParallelizable]
public sealed class ManagerStartTests
{
    [Test]
    public void A_manager_is_started_by_every_method_and_leaves_nothing([Values] StartMethod method)
    {
        Use(method); // Loads what stays.
        Footprint before = Footprint.Take();
        for (int i = 0; i < 3; i++) Use(method);
        AwaitNoMoreThan(before);
    }

    [Test]
    public void An_initializer_that_throws_leaves_nothing([Values(StartMethod.Spawn, StartMethod.InProcess)] StartMethod method) =>
        AssertFails(Throws.TypeOf<FormatException>, () => new ProcessManagerOptions { StartMethod = method, Initializer = ManagedJobsTargets.InitializeBadly() });

    [Test]
    public void An_address_that_is_taken_leaves_nothing([Values(StartMethod.Spawn, StartMethod.InProcess)] StartMethod method)
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        EndPoint address = taken.LocalEndpoint;
        AssertFails(
            static () => Throws.TypeOf<RemoteException>().With.Property(nameof(RemoteException.RemoteTypeName)).EqualTo(typeof(SocketException).FullName),
            () => new ProcessManagerOptions { StartMethod = method, EndPoint = address });
    }

    [Test]
    public void Options_that_none_can_have_leave_nothing() => AssertFails(Throws.InstanceOf<ArgumentException>, static () => new ProcessManagerOptions { ProcessorAffinity = [-1] });

    /// <summary>At whatever moment: while it starts to listen, tells where, is greeted, or serves.</summary>
    [Test]
    public async Task A_server_that_dies_early_is_told_of()
    {
        int died = 0;
        for (int milliseconds = 0; milliseconds < 120; milliseconds += 3)
        {
            try
            {
                using ProcessManager manager = await ProcessManager.StartAsync(new ProcessManagerOptions { Initializer = ManagedJobsTargets.DieSoon(milliseconds) }).WaitAsync(Guard);
                using ManagedList<int> list = manager.CreateList<int>();
            }
            catch (Exception error) when (error is ConnectionLostException or WorkerCrashedException)
            {
                died++;
            }
        }

        TestContext.Out.WriteLine($"{died} of 40 died before they had been used");
        Assert.That(died, Is.Positive);
    }

    private static void Use(StartMethod method)
    {
        using ProcessManager manager = ProcessManager.Start(new ProcessManagerOptions { StartMethod = method });
        using ManagedList<int> list = manager.CreateList([1, 2]);
        list.Add(3);
        Assert.That(list, Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(manager.ObjectCount, Is.EqualTo(1));
    }

    private static void AssertFails(Func<IResolveConstraint> how, Func<ProcessManagerOptions> options)
    {
        Assert.That(() => ProcessManager.Start(options()), how());
        Footprint before = Footprint.Take();
        for (int i = 0; i < 3; i++) Assert.That(() => ProcessManager.Start(options()), how());
        AwaitNoMoreThan(before);
    }

    private static void AwaitNoMoreThan(Footprint before) => Assert.That(static () => Footprint.Take().Mappings, Is.AtMost(before.Mappings).After(10_000, 100));
}
