namespace Procgen.Samples.Tests;

public sealed class ProcessBasicsTests
{
    private static readonly Sample ProcessBasics = new("ProcessBasics");

    [Test]
    public async Task Five_workers_print_a_line_each() =>
        Assert.That(await ProcessBasics.LinesAsync("workers"), Is.EqualTo(Enumerable.Repeat("Worker", 5)));

    [Test]
    public async Task Each_worker_gets_its_argument() =>
        Assert.That(await ProcessBasics.LinesAsync("arguments"), Is.EquivalentTo(Enumerable.Range(0, 5).Select(static number => $"Worker: {number}")));

    [Test]
    public async Task A_target_in_another_assembly_runs_too() =>
        Assert.That(await ProcessBasics.LinesAsync("imported"), Is.EqualTo(Enumerable.Repeat("Worker of ImportedWorker", 5)));

    [Test]
    public async Task Names_are_given_or_count_up()
    {
        string[] lines = await ProcessBasics.LinesAsync("names");

        string[] names = ["worker 1", "Process-3", "my_service"];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines, Is.EquivalentTo(names.SelectMany(static name => new[] { $"{name} Starting", $"{name} Exiting" })));
            foreach (string name in names) Assert.That(Array.IndexOf(lines, $"{name} Starting"), Is.LessThan(Array.IndexOf(lines, $"{name} Exiting")), name);
        }
    }

    [Test]
    public async Task A_daemon_is_not_waited_for() =>
        Assert.That(await ProcessBasics.LinesAsync("daemon"), Is.EqualTo(["Starting: daemon", "Starting: non-daemon", "Exiting : non-daemon"]));

    [Test]
    public async Task Joining_waits_for_a_daemon() =>
        Assert.That(await ProcessBasics.LinesAsync("join"), Is.EquivalentTo(["Starting: daemon", "Starting: non-daemon", "Exiting : non-daemon", "Exiting : daemon"]));

    [Test]
    public async Task Joining_with_a_timeout_leaves_a_daemon_at_work()
    {
        string[] lines = await ProcessBasics.LinesAsync("join-timeout");

        Assert.That(lines, Is.EquivalentTo(["Starting: daemon", "Starting: non-daemon", "Exiting : non-daemon", "IsAlive: True"]));
    }

    [Test]
    public async Task A_terminated_process_says_by_which_signal() => Assert.That(await ProcessBasics.LinesAsync("terminate"), Is.EqualTo(
    [
        "BEFORE: ChildProcess(Process-1, initial) False",
        "DURING: ChildProcess(Process-1, started) True",
        "TERMINATED",
        "JOINED: ChildProcess(Process-1, stopped exitcode=-15) False",
    ]));

    [TestCase("exit 1", 1, "throws WorkerCrashedException")]
    [TestCase("exit 7", 7, "throws WorkerCrashedException")]
    [TestCase("nothing", 0, "succeeds")]
    [TestCase("return value", 0, "succeeds")]
    [TestCase("raises", 1, "throws InvalidOperationException: There was an error!")]
    [TestCase("terminated", -15, "throws WorkerCrashedException")]
    public async Task Exit_codes_tell_how_a_process_ended(string name, int code, string completion)
    {
        string[] lines = await ExitCodes.Value;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines, Has.One.EqualTo($"Starting process for {name}"));
            Assert.That(lines, Has.One.StartsWith($"{name}.ExitCode = {code}, and Completion {completion}"));
        }
    }

    [Test]
    public async Task An_unhandled_exception_shows_on_standard_error_as_well() =>
        Assert.That(await ExitCodes.Value, Does.Contain("Process raises:").And.Contain("System.InvalidOperationException: There was an error!"));

    [Test]
    public async Task Processes_of_a_class_are_named_after_it() =>
        Assert.That(await ProcessBasics.LinesAsync("subclass"), Is.EquivalentTo(Enumerable.Range(1, 5).Select(static number => $"In Worker-{number}")));

    private static readonly Lazy<Task<string[]>> ExitCodes = new(static () => ProcessBasics.LinesAsync("exit-codes"));
}
