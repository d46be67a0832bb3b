namespace Procgen.Package.Tests;

/// <summary>One program, published in the shapes that apps are shipped in: a worker must start from each.</summary>
public sealed class ShapeTests
{
    private const string Program = """
        using Procgen;

        Console.WriteLine("main runs");
        using (var child = ChildProcess.Start(WorkTargets.Square(4))) Console.WriteLine($"4 x 4 = {await child.Completion}");

        using (ProcessManager manager = ProcessManager.Start())
        using (CounterProxy counter = manager.CreateCounter(5))
        {
            await using IAsyncEnumerator<Change> changes = counter.Changed.GetAsyncEnumerator();
            int six = await counter.AddAsync(1);
            await changes.MoveNextAsync();
            using var adding = ChildProcess.Start(WorkTargets.Add(counter, 4));
            Console.WriteLine($"counted to {six}, told {changes.Current.By}, elsewhere {await adding.Completion}, by name {counter["one"]}");
        }

        using var crashing = ChildProcess.Start(WorkTargets.Crash());
        try
        {
            await crashing.Completion;
        }
        catch (WorkerCrashedException crash)
        {
            Console.WriteLine($"{crash.TargetName} ended with {crash.ExitCode}");
        }

        using var cancellation = new CancellationTokenSource();
        using var endless = ChildProcess.Start(WorkTargets.WaitAsync(), cancellationToken: cancellation.Token);
        cancellation.Cancel();
        try
        {
            await endless.Completion;
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine("cancelled");
        }

        [ManagedObject]
        class Counter(int start)
        {
            private int _value = start;
            public event EventHandler<Change>? Changed;
            public int this[string name] => name.Length;
            public int Add(int by) { _value += by; Changed?.Invoke(this, new Change { By = by }); return _value; }
        }

        class Change : EventArgs { public int By { get; init; } }

        static class Work
        {
            [ProcessTarget] public static int Square(int x) => x * x;
            [ProcessTarget] public static int Add(CounterProxy counter, int by) => counter.Add(by);
            [ProcessTarget] public static void Crash() => Environment.Exit(42);
            [ProcessTarget] public static Task WaitAsync(CancellationToken cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);
        }
        """;

    private static readonly string[] Expected = ["main runs", "4 x 4 = 16", "counted to 6, told 1, elsewhere 10, by name 3", "Work.Crash ended with 42", "cancelled"];

    [TestCase("-p:SelfContained=true", TestName = "A self-contained app starts workers")]
    [TestCase("-p:PublishSingleFile=true", "-p:SelfContained=false", TestName = "A single file on an installed runtime starts workers")]
    [TestCase("-p:PublishSingleFile=true", "-p:SelfContained=true", "-p:EnableCompressionInSingleFile=true", TestName = "A compressed self-contained single file starts workers")]
    [TestCase("-p:PublishTrimmed=true", "-p:SelfContained=true", TestName = "A trimmed app starts workers, without a trim warning")]
    public Task Published_as(params string[] properties) => AssertWorksAsync("net10.0", properties);

    [Test]
    public Task An_app_for_NET_8_and_its_C_sharp_starts_workers_on_that_runtime() => AssertWorksAsync("net8.0", ["-p:SelfContained=true"]);

    /// <summary>The native compiler's packs for .NET 10 are not in every mirror; the library is the one for net8.0 here.</summary>
    [Test]
    public async Task A_native_executable_starts_workers_without_a_warning()
    {
        NativeCompiler.AssumeIsThere();
        await AssertWorksAsync(NativeCompiler.Framework, NativeCompiler.Properties);
    }

    private static async Task AssertWorksAsync(string framework, string[] properties)
    {
        using var folder = new FreshFolder(framework);
        folder.AddProgram("App", Program);

        ToolResult result = await folder.PublishAndRunAsync("App", properties);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Lines, Is.EqualTo(Expected));
            Assert.That(result.ExitCode, Is.Zero);
        }
    }
}
