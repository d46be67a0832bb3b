using System.Threading.Channels;
using NUnit.Framework;

namespace Procgen.Tests.Managers;

/// <summary>Events of managed objects, as streams in other processes.</summary>
public class ManagedEventTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static ProcessManager s_manager = null!;

    [OneTimeSetUp]
    public static void Start() => s_manager = ProcessManager.Start();

    [OneTimeTearDown]
    public static void Stop() => s_manager.Dispose();

    [Test]
    public async Task Everything_raised_since_the_subscription_arrives_in_order()
    {
        using CounterProxy counter = s_manager.CreateCounter();
        counter.Add(1);
        await using IAsyncEnumerator<int> changes = counter.Changed.GetAsyncEnumerator();
        for (int i = 0; i < 1000; i++) counter.Add(1);
        for (int i = 0; i < 1000; i++)
        {
            Assert.That(await changes.MoveNextAsync().AsTask().WaitAsync(Limit), Is.True);
            Assert.That(changes.Current, Is.EqualTo(i + 2));
        }
    }

    [Test]
    public async Task Several_values_are_a_tuple_and_none_is_said_too()
    {
        using CounterProxy counter = s_manager.CreateCounter();
        await using IAsyncEnumerator<(string, byte[]?)> said = counter.Said.GetAsyncEnumerator();
        await using IAsyncEnumerator<EventArgs> cleared = counter.Cleared.GetAsyncEnumerator();
        counter.Say("a", [1, 2]);
        counter.Say("b", null);
        counter.Clear();
        Assert.That(await said.MoveNextAsync() && said.Current.Item1 == "a" && said.Current.Item2!.Length == 2, Is.True);
        Assert.That(await said.MoveNextAsync() && said.Current == ("b", null), Is.True);
        Assert.That(await cleared.MoveNextAsync(), Is.True);
    }

    [Test]
    public async Task Whoever_stops_listening_is_unsubscribed()
    {
        using CounterProxy counter = s_manager.CreateCounter();
        IAsyncEnumerator<int> first = counter.Changed.GetAsyncEnumerator();
        IAsyncEnumerator<int> second = counter.Changed.GetAsyncEnumerator();
        Assert.That(counter.Listeners, Is.EqualTo(2));
        Task<bool> pending = first.MoveNextAsync().AsTask();
        await first.DisposeAsync();
        Assert.That(await pending.WaitAsync(Limit), Is.False);
        await UntilAsync(() => counter.Listeners == 1);
        await second.DisposeAsync();
        await UntilAsync(() => counter.Listeners == 0);
        Assert.That(await second.MoveNextAsync(), Is.False);
    }

    [Test]
    public async Task A_wait_for_the_next_event_can_be_cancelled()
    {
        using CounterProxy counter = s_manager.CreateCounter();
        using var stop = new CancellationTokenSource();
        await using IAsyncEnumerator<int> changes = counter.Changed.GetAsyncEnumerator(stop.Token);
        Task<bool> pending = changes.MoveNextAsync().AsTask();
        await stop.CancelAsync();
        Assert.That(() => pending, Throws.InstanceOf<OperationCanceledException>());
        await UntilAsync(() => counter.Listeners == 0);
    }

    [Test]
    public async Task A_slow_reader_delays_nobody_and_is_told_when_it_falls_too_far_behind()
    {
        using CounterProxy counter = s_manager.CreateCounter();
        await using IAsyncEnumerator<(string, byte[]?)> slow = counter.Said.GetAsyncEnumerator();
        byte[] data = new byte[1 << 20];
        for (int i = 0; i < 100; i++) counter.Say("more", data);
        int read = 0;
        Exception? end = null;
        try
        {
            while (await slow.MoveNextAsync().AsTask().WaitAsync(Limit)) read++;
        }
        catch (Exception error)
        {
            end = error;
        }

        Assert.That(end, Is.TypeOf<ProcgenException>().With.Message.Contains("16 MiB behind"));
        Assert.That(read, Is.InRange(1, 99), "what came before the end is delivered");
        await UntilAsync(() => counter.Listeners == 0);
    }

    [Test]
    public async Task An_accessor_that_fails_harms_nobody_else()
    {
        using CounterProxy counter = s_manager.CreateCounter();
        IAsyncEnumerator<EventArgs> refused = counter.Refused.GetAsyncEnumerator();
        await refused.DisposeAsync();
        Assert.That(counter.Value, Is.EqualTo(1));
        for (int i = 0; i < 50; i++) Assert.That(counter.Add(1), Is.EqualTo(i + 2));
    }

    [Test]
    public async Task A_killed_reader_is_unsubscribed()
    {
        using CounterProxy counter = s_manager.CreateCounter();
        Channel<int> heard = Channel.CreateUnbounded<int>();
        using ChildProcess child = ChildProcess.Start(ManagedObjectJobsTargets.ListenForeverAsync(counter, new Direct<int>(value => heard.Writer.TryWrite(value))));
        await UntilAsync(() => counter.Listeners == 1);
        counter.Add(7);
        Assert.That(await heard.Reader.ReadAsync().AsTask().WaitAsync(Limit), Is.EqualTo(7));
        child.Kill();
        await UntilAsync(() => counter.Listeners == 0);
        Assert.That(counter.Add(1), Is.EqualTo(8));
    }

    [Test]
    public async Task An_object_lives_while_it_is_listened_to()
    {
        // A manager of its own: what other tests have let go of may only now be told.
        using var manager = ProcessManager.Start();
        CounterProxy counter = manager.CreateCounter();
        using CounterProxy other = manager.CreateCounter();
        int before = manager.ObjectCount;
        IAsyncEnumerator<int> changes = counter.Changed.GetAsyncEnumerator();
        counter.Dispose();
        Assert.That(manager.ObjectCount, Is.EqualTo(before));
        await changes.DisposeAsync();
        await UntilAsync(() => manager.ObjectCount == before - 1);
    }

    /// <summary>Looks again until it is so: each look is a round trip.</summary>
    internal static async Task UntilAsync(Func<bool> isSo)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!isSo()) await Task.Delay(5, limit.Token);
    }

    /// <summary>Reports on the thread that brings the report.</summary>
    internal sealed class Direct<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }
}
