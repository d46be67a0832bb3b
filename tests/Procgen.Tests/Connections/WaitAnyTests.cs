using System.Diagnostics;
using NUnit.Framework;

namespace Procgen.Tests.Connections;

/// <summary>What CPython's TestWait asks of connection.wait, as far as it needs no process.</summary>
[CancelAfter(60_000)]
public class WaitAnyTests
{
    private readonly List<Connection<int>> _made = [];

    [TearDown]
    public void DisposeAll()
    {
        _made.ForEach(connection => connection.Dispose());
        _made.Clear();
    }

    [Test]
    public void All_that_are_ready_come_back_in_order()
    {
        (Connection<int> a, Connection<int> toA) = Pipe();
        (Connection<int> b, Connection<int> _) = Pipe();
        (Connection<int> c, Connection<int> toC) = Pipe();
        toC.Send(1);
        toA.Dispose();
        Assert.That(Connection.WaitAny([a, b, c]), Is.EqualTo(new[] { a, c }));
    }

    [Test]
    public void Nothing_comes_back_when_the_time_is_up()
    {
        (Connection<int> a, _) = Pipe();
        (Connection<int> b, _) = Pipe();
        TimeSpan time = TimeSpan.FromMilliseconds(60);
        Stopwatch watch = Stopwatch.StartNew();
        Assert.That(Connection.WaitAny([a, b], time), Is.Empty);
        Assert.That(watch.Elapsed, Is.GreaterThanOrEqualTo(time));
    }

    [Test]
    public void A_timeout_of_zero_does_not_wait()
    {
        (Connection<int> a, Connection<int> toA) = Pipe();
        Assert.That(Connection.WaitAny([a], TimeSpan.Zero), Is.Empty);
        toA.Send(1);
        Assert.That(Connection.WaitAny([a], TimeSpan.Zero), Is.EqualTo(new[] { a }));
        Assert.That(Connection.WaitAny(Array.Empty<Connection>()), Is.Empty);
    }

    [Test]
    public void A_negative_timeout_is_refused()
    {
        (Connection<int> a, _) = Pipe();
        Assert.That(() => Connection.WaitAny([a], TimeSpan.FromSeconds(-3)), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => Connection.WaitAny(new object[] { a }, TimeSpan.FromSeconds(-3)), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public async Task A_message_wakes_the_wait()
    {
        (Connection<int> a, _) = Pipe();
        (Connection<int> b, Connection<int> toB) = Pipe();
        for (int i = 0; i < 50; i++)
        {
            Task<IReadOnlyList<Connection<int>>> waiting = Task.Factory.StartNew(() => Connection.WaitAny([a, b]), TaskCreationOptions.LongRunning);
            toB.Send(i);
            Assert.That(await waiting, Is.EqualTo(new[] { b }));
            Assert.That(b.Receive(), Is.EqualTo(i));
        }
    }

    [Test]
    public async Task Wait_handles_and_connections_are_waited_for_together()
    {
        (Connection<int> a, Connection<int> toA) = Pipe();
        using ManualResetEvent signalled = new(false);
        using AutoResetEvent once = new(false);
        object[] sources = [a, signalled, once];
        Task<IReadOnlyList<object>> waiting = Task.Factory.StartNew(() => Connection.WaitAny(sources), TaskCreationOptions.LongRunning);
        once.Set();
        Assert.That(await waiting, Is.EqualTo(new object[] { once }));

        waiting = Task.Factory.StartNew(() => Connection.WaitAny(sources), TaskCreationOptions.LongRunning);
        toA.Send(1);
        Assert.That(await waiting, Is.EqualTo(new object[] { a }));
        signalled.Set();
        Assert.That(Connection.WaitAny(sources), Is.EqualTo(new object[] { a, signalled }));
    }

    [Test]
    public async Task More_wait_handles_than_the_system_takes_at_once_are_waited_for()
    {
        ManualResetEvent[] events = [.. Enumerable.Range(0, 150).Select(_ => new ManualResetEvent(false))];
        Task<IReadOnlyList<object>> waiting = Task.Factory.StartNew(() => Connection.WaitAny(events), TaskCreationOptions.LongRunning);
        events[140].Set();
        Assert.That(await waiting, Is.EqualTo(new object[] { events[140] }));
        foreach (ManualResetEvent each in events) each.Dispose();
    }

    [Test]
    public async Task A_wait_that_another_reader_beat_to_the_message_goes_on()
    {
        (Connection<int> a, Connection<int> toA) = Pipe();
        Task<IReadOnlyList<Connection<int>>> waiting = Task.Factory.StartNew(() => Connection.WaitAny([a]), TaskCreationOptions.LongRunning);
        using CancellationTokenSource source = new();
        Task<int> thief = Task.Factory.StartNew(() => a.Receive(), TaskCreationOptions.LongRunning);
        toA.Send(1);
        Assert.That(await thief, Is.EqualTo(1));
        toA.Send(2);
        Assert.That(await waiting, Is.EqualTo(new[] { a }));
    }

    [Test]
    public void Only_connections_and_wait_handles_can_be_waited_for()
    {
        Assert.That(() => Connection.WaitAny(["text"]), Throws.ArgumentException.With.Property("ParamName").EqualTo("connectionsAndWaitHandles"));
        Assert.That(() => Connection.WaitAny((IReadOnlyList<object>)null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("connectionsAndWaitHandles"));
        Assert.That(() => Connection.WaitAny(new Connection<int>[] { null! }), Throws.ArgumentException.With.Property("ParamName").EqualTo("connections"));
        Assert.That(() => Connection.WaitAny((Connection<int>[])null!), Throws.ArgumentNullException.With.Property("ParamName").EqualTo("connections"));
    }

    private (Connection<int> Reader, Connection<int> Writer) Pipe()
    {
        (Connection<int> reader, Connection<int> writer) = ProcessPipe.Create<int>();
        _made.AddRange([reader, writer]);
        return (reader, writer);
    }
}
