namespace Procgen.Samples.Tests;

public sealed class OverviewTests
{
    private static readonly Sample Overview = new("Overview");

    [Test]
    public async Task A_child_knows_its_parent()
    {
        string[] lines = await Overview.LinesAsync("first-process");

        string[] child = lines[2].Split(' ');
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines, Has.Length.EqualTo(4));
            Assert.That(lines[1], Is.EqualTo("main process start..."));
            Assert.That(child[0], Is.EqualTo("hello"));
            Assert.That(child[1], Is.Not.EqualTo(lines[0]), "a process of its own");
            Assert.That(child[2], Is.EqualTo(lines[0]), "its parent");
            Assert.That(lines[3], Is.EqualTo("main process end!"));
        }
    }

    [Test]
    public async Task A_process_object_does_what_the_article_lists_and_refuses_what_comes_too_early_or_too_late() =>
        Assert.That(await Overview.LinesAsync("process-class"), Is.EqualTo(
        [
            "before: Name listed, Daemon True, IsAlive False, ExitCode none",
            "Join before Start: InvalidOperationException",
            "started: IsAlive True, has an Id True, shares the AuthKey True",
            "Join for 50 ms: False, Sentinel set: False",
            "Start twice: InvalidOperationException",
            "Daemon after Start: InvalidOperationException",
            "Close while it runs: InvalidOperationException",
            "Join: True, and again: True, Sentinel set: True",
            "ended: IsAlive False, ExitCode 0",
            "IsAlive after Close: ObjectDisposedException",
            "killed: ExitCode -9",
        ]));

    [Test]
    public async Task A_start_method_holds_for_all_or_for_one() => Assert.That(await Overview.LinesAsync("start-methods"), Is.EqualTo(
    [
        "by default Standby: a process of its own",
        "this one Spawn: a process of its own",
        "this one Standby: a process of its own",
        "this one InProcess: a thread of this process",
        "The start method was set to Standby before, and may be set only once; ProcessOptions.StartMethod sets it for one process.",
    ]));

    [Test]
    public async Task A_message_arrives_through_a_pipe_and_then_its_end_is_seen() => Assert.That(await Overview.LinesAsync("pipe"), Is.EqualTo(
    [
        "send an object to the other side...",
        "Message { Text = 33, Number = 44, Nothing =  }",
        "the other side has closed",
    ]));

    [Test]
    public async Task An_item_arrives_through_a_queue() => Assert.That(await Overview.LinesAsync("queue"), Is.EqualTo(
    [
        "put an object to queue...",
        "Message { Text = 33, Number = 44, Nothing =  }",
        "IsEmpty True, a further one within 10 ms: False",
    ]));

    [Test]
    public async Task Five_processes_print_under_a_lock() =>
        Assert.That(await Overview.LinesAsync("lock"), Is.EquivalentTo(Enumerable.Range(0, 5).Select(static number => $"process num: {number}")));

    [Test]
    public async Task What_a_child_writes_into_shared_memory_is_here() =>
        Assert.That(await Overview.LinesAsync("value-and-array"), Is.EqualTo(["3.333", "[0, -1, -2, -3, -4, -5]", "4 times 10000 is 40000"]));

    [Test]
    public async Task A_pool_answers_maps_streams_and_gives_up_what_is_late() => Assert.That(await Overview.LinesAsync("pool"), Is.EqualTo(
    [
        "100",
        "[0, 1, 4, 9, 16, 25, 36, 49, 64, 81]",
        "0",
        "1",
        "4",
        "nobody waits any longer; the call goes on",
        "Pools.Sleep was ended after 1 s",
        "and the pool works on: 121",
    ]));

    [Test]
    public async Task Joining_before_taking_does_not_deadlock() =>
        Assert.That(await Overview.LinesAsync("deadlock"), Is.EqualTo(["1000000 characters after the child has ended with 0"]));

    [Test]
    public async Task A_lock_that_is_passed_keeps_ten_processes_apart() =>
        Assert.That(await Overview.LinesAsync("pass-the-lock"), Is.EqualTo(["10 of 10 were alone with the lock"]));

    [Test]
    public async Task No_guard_is_needed() =>
        Assert.That(await Overview.LinesAsync("no-guard"), Is.EqualTo(["hello", "Main ran in one process, and Process-1 ended with 0"]));
}
