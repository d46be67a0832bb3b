using NUnit.Framework;

namespace Procgen.Tests.Managers;

/// <summary>Objects of our own classes in a manager's server: what their proxies do.</summary>
public class ManagedObjectTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static ProcessManager s_manager = null!;

    [OneTimeSetUp]
    public static void Start() => s_manager = ProcessManager.Start();

    [OneTimeTearDown]
    public static void Stop() => s_manager.Dispose();

    [Test]
    public async Task Members_run_in_the_server_in_both_forms()
    {
        using CounterProxy counter = s_manager.CreateCounter(5);
        Assert.That(counter.ProcessId, Is.Not.EqualTo(Environment.ProcessId));
        Assert.That(counter.Add(2), Is.EqualTo(7));
        Assert.That(counter.Add(), Is.EqualTo(8));
        Assert.That(await counter.AddAsync(2), Is.EqualTo(10));
        Assert.That(await counter.AddLaterAsync(1), Is.EqualTo(11));
        Assert.That(counter.AddLater(1), Is.EqualTo(12));
        Assert.That(counter.Total([1, 2], 3, 4), Is.EqualTo(10));
        Assert.That(counter.Squares(4), Is.EqualTo(new[] { 0, 1, 4, 9 }));
        Assert.That(counter[21], Is.EqualTo(42));
        Assert.That(await counter.GetItemAsync(4), Is.EqualTo(8));
    }

    [Test]
    public async Task Properties_are_read_and_set()
    {
        using CounterProxy counter = await s_manager.CreateCounterAsync();
        counter.Value = 3;
        Assert.That(counter.Value, Is.EqualTo(3));
        await counter.SetValueAsync(4);
        Assert.That(await counter.GetValueAsync(), Is.EqualTo(4));
        counter.Note = "ü";
        Assert.That(counter.Note, Is.EqualTo("ü"));
        counter.Note = null;
        Assert.That(counter.Note, Is.Null);
    }

    [Test]
    public void Exceptions_arrive_as_those_of_targets_do()
    {
        using CounterProxy counter = s_manager.CreateCounter();
        InvalidOperationException known = Assert.Throws<InvalidOperationException>(() => counter.Fail("so it is"))!;
        Assert.That(known.Message, Is.EqualTo("so it is"));
        Assert.That(known.StackTrace, Does.Contain("Counter.Fail").And.Contain("the manager at"));
        Assert.That(() => counter.FailWithDetail("size"), Throws.TypeOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo("size"));
        Assert.That(() => counter.FailAsData(), Throws.TypeOf<InvalidDataException>());
        RemoteException odd = Assert.ThrowsAsync<RemoteException>(() => counter.FailOddlyAsync())!;
        Assert.That(odd.RemoteTypeName, Does.EndWith("OddException"));
        Assert.That(counter.Value, Is.Zero, "the object and its connections go on");
    }

    [Test]
    public void An_argument_that_cannot_be_encoded_after_all_is_named()
    {
        using CounterProxy counter = s_manager.CreateCounter();
        Assert.That(() => counter.Say("\ud800", null), Throws.TypeOf<ProcessSerializationException>().With.Property("Path").EqualTo("text"));
        Assert.That(counter.Add(1), Is.EqualTo(1));
    }

    [Test]
    public async Task Two_callers_run_at_once()
    {
        using MeetingProxy meeting = s_manager.CreateMeeting();
        bool[] met = await Task.WhenAll(meeting.MeetAsync(Limit), meeting.MeetAsync(Limit));
        Assert.That(met, Is.All.True);
    }

    [Test]
    public async Task Callers_of_a_serialized_object_take_turns()
    {
        using CorridorProxy corridor = s_manager.CreateCorridor();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => corridor.PassAsync()));
        Assert.That(corridor.Most, Is.EqualTo(1));
    }

    [Test]
    public async Task A_slow_call_delays_no_other_operation()
    {
        using WaiterProxy waiter = s_manager.CreateWaiter();
        using CounterProxy counter = s_manager.CreateCounter();
        using var stop = new CancellationTokenSource();
        Task slow = waiter.WaitAsync(stop.Token);
        for (int i = 0; i < 100; i++) counter.Add(1);
        Assert.That(counter.Value, Is.EqualTo(100));
        Assert.That(slow.IsCompleted, Is.False);
        await stop.CancelAsync();
        Assert.That(() => slow, Throws.InstanceOf<OperationCanceledException>().With.Property("CancellationToken").EqualTo(stop.Token));
    }

    [Test]
    public async Task A_cancelled_call_is_cancelled_in_the_server_too()
    {
        using WaiterProxy waiter = s_manager.CreateWaiter();
        using var stop = new CancellationTokenSource();
        Task blocking = Task.Factory.StartNew(() => waiter.Wait(stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await stop.CancelAsync();
        Assert.That(() => blocking, Throws.InstanceOf<OperationCanceledException>());
        // Only a call that had reached the server is cancelled there: this one has.
        using var second = new CancellationTokenSource();
        Task waiting = waiter.WaitAsync(second.Token);
        Task cancelled = waiter.UntilCancelledAsync();
        await second.CancelAsync();
        await cancelled.WaitAsync(Limit);
        Assert.That(() => waiting, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task A_member_that_yields_is_a_stream()
    {
        using CounterProxy counter = s_manager.CreateCounter();
        List<int> items = [];
        await foreach (int item in counter.CountAsync(1000)) items.Add(item);
        Assert.That(items, Is.EqualTo(Enumerable.Range(0, 1000)));
        await foreach (int item in counter.CountAsync(int.MaxValue))
        {
            if (item == 10) break;
        }

        using var stop = new CancellationTokenSource();
        await using IAsyncEnumerator<int> endless = counter.CountAsync(int.MaxValue, stop.Token).GetAsyncEnumerator();
        Assert.That(await endless.MoveNextAsync(), Is.True);
        await stop.CancelAsync();
        Assert.That(async () => { while (await endless.MoveNextAsync()) { } }, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void A_proxy_that_was_disposed_says_so()
    {
        CounterProxy counter = s_manager.CreateCounter();
        counter.Dispose();
        Assert.That(() => counter.Add(1), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => counter.AddAsync(1), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => counter.Changed.GetAsyncEnumerator(), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Many_blocked_callers_need_no_thread_of_the_pool()
    {
        using MeetingProxy meeting = s_manager.CreateMeeting();
        using var both = new CountdownEvent(2);
        var met = new bool[2];
        for (int i = 0; i < 2; i++)
        {
            int mine = i;
            new Thread(() =>
            {
                met[mine] = meeting.Meet(Limit);
                both.Signal();
            }) { IsBackground = true }.Start();
        }

        Assert.That(both.Wait(Limit), Is.True);
        Assert.That(met, Is.All.True);
    }

    /// <summary>CPython's MyManager: a method, one that throws, one that is not exposed, and a generator.</summary>
    [Test]
    public void Own_manager()
    {
        using FooBarProxy foo = s_manager.CreateFooBar();
        Assert.That(foo.F(), Is.EqualTo("f()"));
        Assert.That(() => foo.G(), Throws.ArgumentException.With.Message.EqualTo("g()"));
        Assert.That(typeof(FooBarProxy).GetMethod("H"), Is.Null);
        using CounterProxy baz = s_manager.CreateCounter();
        Assert.That(baz.Squares(10), Is.EqualTo(Enumerable.Range(0, 10).Select(i => i * i)));
    }
}
