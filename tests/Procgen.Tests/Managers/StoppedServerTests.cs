using System.Net;
using NUnit.Framework;
using Procgen.Tests.Processes;
using static Procgen.Tests.Synchronization.Handles;

namespace Procgen.Tests.Managers;

/// <summary>A server that is there and takes nothing in, being stopped: what it does to those who do not want to wait for ever.</summary>
[Platform("Linux")]
public sealed class StoppedServerTests
{
    private const string Lost = nameof(ConnectionLostException);

    private ProcessManager _manager = null!;
    private ChildProcess _server = null!;

    private int Port => ((IPEndPoint)_manager.Address).Port;

    private int ServerId => _server.Id!.Value;

    [SetUp]
    public void Start()
    {
        const string Name = "stopped-server-tests";
        _manager = ProcessManager.Start(new ProcessManagerOptions { Name = Name, EndPoint = new IPEndPoint(IPAddress.Loopback, 0) });
        _server = CurrentProcess.ActiveChildren.Single(static child => child.Name == Name);
    }

    [TearDown]
    public void Stop()
    {
        if (_server.ExitCode is null) Signals.Send(ServerId, 18);
        _manager.Dispose();
    }

    [TestCase(false, Lost)]
    [TestCase(true, $"{Lost} {Lost}")]
    public async Task What_cannot_be_sent_holds_nobody_for_ever(bool asynchronously, string outcome)
    {
        using ProcessQueue<byte[]> queue = _manager.CreateQueue<byte[]>();
        _manager.Publish("long", queue);
        using ChildProcess<string> child = ChildProcess.Start(StoppedServerJobsTargets.PutLong(Port, ServerId, asynchronously));

        Assert.That(await child.Completion.WaitAsync(Guard), Is.EqualTo(outcome));
    }

    [Test]
    public async Task A_connection_that_is_not_answered_is_given_up_with_the_server()
    {
        using ProcessQueue<int> queue = _manager.CreateQueue<int>();
        _manager.Publish("queue", queue);
        using ChildProcess<string> child = ChildProcess.Start(StoppedServerJobsTargets.UseCold(Port, ServerId));

        Assert.That(await child.Completion.WaitAsync(Guard), Is.EqualTo($"{Lost} {Lost} {Lost} {Lost}"));
    }

    [Test]
    public async Task Shutting_down_a_server_that_another_process_has_started_says_whether_it_has_heard()
    {
        using ChildProcess<string> child = ChildProcess.Start(StoppedServerJobsTargets.ShutDownGivenUp(Port, ServerId));

        Assert.That(await child.Completion.WaitAsync(Guard), Is.EqualTo($"{Lost} {Lost} done done"));
    }

    [Test]
    public async Task A_server_that_another_process_has_started_and_that_does_not_answer_is_not_waited_for_to_be_shut_down()
    {
        using ChildProcess<string> child = ChildProcess.Start(StoppedServerJobsTargets.ShutDown(Port, ServerId));

        Assert.That(await child.Completion.WaitAsync(Guard), Is.EqualTo(Lost));
    }

    [Test]
    public async Task Releasing_the_lock_of_a_condition_takes_no_longer_than_the_wait_for_it_has_time()
    {
        using ProcessLock mutex = _manager.CreateLock();
        _manager.Publish("lock", mutex);
        using ChildProcess<string> child = ChildProcess.Start(StoppedServerJobsTargets.ReleaseForWait(Port, ServerId));

        Assert.That(await child.Completion.WaitAsync(Guard), Is.EqualTo(Lost));
    }

    [Test]
    public async Task Items_on_their_way_to_who_has_given_the_server_up_are_in_the_queue_again()
    {
        const int Items = 40;
        using ProcessQueue<int> queue = _manager.CreateQueue<int>();
        _manager.Publish("queue", queue);
        for (int i = 0; i < Items; i++) queue.Put(i);
        using ChildProcess<string> child = ChildProcess.Start(StoppedServerJobsTargets.TakeAll(Port, ServerId, Items));
        Assert.That(await child.Completion.WaitAsync(Guard), Is.EqualTo(Lost));
        Signals.Send(ServerId, 18);

        for (int i = 0; i < Items; i++) Assert.That(queue.TryTake(out _, Guard), Is.True, $"item {i}");
    }
}
