using System.Diagnostics;
using NUnit.Framework;
using Procgen.Managers;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Managers;

/// <summary>The threads of a server: a few for all connections of this machine, and one for each whose calls may block.</summary>
public sealed class CommonThreadTests
{
    private const string Name = "common-thread-tests";

    // A thread that the runtime has made of itself may come or go meanwhile.
    private const int Others = 4;

    private ProcessManager _manager = null!;
    private Process _server = null!;

    private int Threads
    {
        get
        {
            _server.Refresh();
            return _server.Threads.Count;
        }
    }

    [SetUp]
    public void Start()
    {
        _manager = ProcessManager.Start(new ProcessManagerOptions { Name = Name });
        _server = Process.GetProcessById(CurrentProcess.ActiveChildren.Single(static child => child.Name == Name).Id!.Value);
    }

    [TearDown]
    public void Stop()
    {
        _server.Dispose();
        _manager.Dispose();
    }

    [Test]
    public void Connections_make_no_threads()
    {
        using ManagedList<int> list = _manager.CreateList<int>();
        int before = Threads;
        Connection[] all = [.. Enumerable.Range(0, 60).Select(_ => _manager.Client.Rent())];
        foreach (Connection connection in all) _manager.Client.Return(connection);

        Await(() => Threads <= before + Others, "the end of the handshakes' threads");
        Parallel.For(0, 60, list.Add);
        Assert.That(list, Has.Count.EqualTo(60));
    }

    [Test]
    public void A_connection_keeps_a_thread_while_members_are_called_and_gives_it_up_after()
    {
        int before = Threads; // Later there are handshakes whose threads are about to end.
        using ManagedList<int> list = _manager.CreateList<int>();
        using CounterProxy counter = _manager.CreateCounter(1);
        Connection[] all = [.. Enumerable.Range(0, 20).Select(_ => _manager.Client.Rent())];
        foreach (Connection connection in all) _manager.Client.Return(connection);
        foreach (Connection _ in all) UseEach(20, () => counter.Add(1));
        Assert.That(Threads, Is.GreaterThanOrEqualTo(before + 20 - Others));
        for (int i = 0; i < 200; i++) UseEach(20, () => list.Count);

        Await(() => Threads <= before + Others, "the end of the connections' own threads");
        Assert.That(counter.Value, Is.EqualTo(1 + (20 * 20)));
    }

    [Test]
    public void A_connection_keeps_a_thread_while_its_answers_are_long_and_gives_it_up_after()
    {
        int before = Threads;
        using ManagedList<byte[]> large = _manager.CreateList([new byte[100_000]]);
        Connection[] all = [.. Enumerable.Range(0, 20).Select(_ => _manager.Client.Rent())];
        foreach (Connection connection in all) _manager.Client.Return(connection);
        for (int i = 0; i < 5; i++) UseEach(20, () => large[0].Length);
        Assert.That(Threads, Is.GreaterThanOrEqualTo(before + 20 - Others));
        for (int i = 0; i < 200; i++) UseEach(20, () => large.Count);

        Await(() => Threads <= before + Others, "the end of the connections' own threads");
    }

    [Test]
    public void A_long_request_keeps_nobody_waiting()
    {
        using ManagedList<byte[]> large = _manager.CreateList<byte[]>();
        using ManagedList<int> small = _manager.CreateList<int>();
        byte[][] items = [.. Enumerable.Range(0, 64).Select(static _ => new byte[1 << 20])];
        Task adding = OnThread(() => large.AddRange(items));
        int answered = 0;
        do
        {
            small.Add(answered++);
        }
        while (!adding.IsCompleted);

        adding.GetAwaiter().GetResult();
        Assert.That(large, Has.Count.EqualTo(64));
        Assert.That(small, Has.Count.EqualTo(answered));
    }

    [Test]
    public void A_client_that_reads_no_answers_ends_alone()
    {
        using ManagedList<int> list = _manager.CreateList([1]);
        using Connection rude = _manager.Client.Rent();
        using ManagerRequest request = ManagerRequest.Create(ManagerOp.CountObjects);

        Assert.That(
            () =>
            {
                for (int i = 0; i < 10_000_000; i++) rude.SendBytes(request.Body.Span);
            },
            Throws.TypeOf<EndOfStreamException>());
        Assert.That(list, Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public void Nonsense_ends_the_connection_that_it_came_over_and_no_other()
    {
        using ManagedList<int> list = _manager.CreateList([1]);
        var random = new Random(12);
        for (int i = 0; i < 300; i++)
        {
            using Connection rude = _manager.Client.Rent();
            byte[] nonsense = new byte[random.Next(0, 100)];
            random.NextBytes(nonsense);

            // Each operation in turn, with what cannot be its arguments, but for the one that ends the server.
            if (nonsense.Length > 0) nonsense[0] = (byte)i == (byte)ManagerOp.Shutdown ? (byte)0 : (byte)i;
            rude.SendBytes(nonsense);
            rude.Poll(TimeSpan.FromMilliseconds(5));
        }

        using (Connection rude = _manager.Client.Rent()) ((Connection<byte[]>)rude).Send([1, 2, 3]);
        Assert.That(list, Is.EqualTo(new[] { 1 }));
    }

    /// <summary>Does something over each of several connections: they are used from the last that was given back.</summary>
    private void UseEach(int connections, Func<int> use)
    {
        var taken = new List<Connection>();
        for (int i = 0; i < connections; i++)
        {
            use();
            taken.Add(_manager.Client.Rent());
        }

        foreach (Connection connection in taken) _manager.Client.Return(connection);
    }
}
