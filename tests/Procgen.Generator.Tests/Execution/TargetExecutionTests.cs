using Procgen.CompilerServices;
using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Execution;

/// <summary>Generated calls, compiled and run: what arrives in the target and what comes back.</summary>
public sealed class TargetExecutionTests
{
    private static readonly LoadedApp App = LoadedApp.Of("""
        #pragma warning disable CS1591
        public static class Work
        {
            public static string Last = "";
            [ProcessTarget] public static int Square(int x) => x * x;
            [ProcessTarget] public static void Greet(string? name) => Last = $"hello {name ?? "nobody"}";
            [ProcessTarget] public static async Task<string?> FetchAsync(string? path, CancellationToken cancellationToken) { await Task.Yield(); cancellationToken.ThrowIfCancellationRequested(); return path; }
            [ProcessTarget] public static async Task WaitAsync() { await Task.Yield(); Last = "waited"; }
            [ProcessTarget] public static ValueTask<long> CountAsync(byte by) => new(by + 1L);
            [ProcessTarget] public static ValueTask StopAsync() { Last = "stopped"; return default; }
            [ProcessTarget] public static IEnumerable<int> Numbers(int count) { for (int i = 0; i < count; i++) yield return i; }
            [ProcessTarget] public static async IAsyncEnumerable<string> LinesAsync(int count, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop) { for (int i = 0; i < count; i++) { await Task.Yield(); yield return "line " + i; } }
            [ProcessTarget] public static IEnumerable<int>? NoNumbers() => null;
            [ProcessTarget] public static IAsyncEnumerable<int>? NoLines() => null;
            [ProcessTarget] public static Task<int>? NoTask(bool missing) => missing ? null : Task.FromResult(5);
            [ProcessTarget] public static Task? NoWait() => null;
            [ProcessTarget] public static string Tagged(CancellationToken first, int x, WorkerContext worker, CancellationToken second) => $"{worker.WorkerName} {worker.WorkerIndex} {x} {first == second}";
            [ProcessTarget] public static void Train(int epochs, IProgress<double> loss, IProgress<string?>? notes) { for (int i = 0; i < epochs; i++) loss.Report(i / 2.0); notes?.Report(null); notes?.Report("done"); }
            [ProcessTarget] public static bool HasProgress(IProgress<int>? progress = null) => progress is not null;
            [ProcessTarget] public static int @int(int @class, int writer, int reader, int invocation, int index, int TargetName, int Invoke, int Target, int Read, int Run) => @class + 10 * writer + 100 * reader + 1000 * invocation + 10000 * index + 100000 * TargetName + 1000000 * Invoke + 10000000 * Target + 100000000 * Read + 1000000000 * Run;
            [ProcessTarget] public static string Which(int x) => "int";
            [ProcessTarget] public static string Which(string x) => "string";
            [ProcessTarget] public static string Which(long x, int y = 1) => "long";
            [ProcessTarget] public static int Sum(params int[] numbers) { int sum = 0; foreach (int n in numbers) sum += n; return sum; }
            [ProcessTarget] public static int Lengths(int error, string argument, string[] texts) => error + argument.Length + texts.Length;
            [ProcessTarget] public static Spot? Find(int x) => x == 0 ? null : new Spot { X = x };
            [ProcessTarget] public static List<Spot?>? FindAll(Spot? spot) => spot is null ? null : [spot, null];
            [ProcessTarget] public static (Spot?, int) Pair(Spot? spot) => (spot, 1);
            [ProcessTarget] public static Dictionary<string, string?> Notes(Dictionary<string, string?> notes) => notes;
            [ProcessTarget] public static DayOfWeek Tomorrow(DayOfWeek today) => (DayOfWeek)(((int)today + 1) % 7);
        }
        public sealed class Spot { public int X { get; set; } }
        public static class Callers
        {
            public static ProcessCall Which(int which) => which switch { 0 => WorkTargets.Which(1), 1 => WorkTargets.Which("1"), _ => WorkTargets.Which(1L) };
            public static ProcessCall<int> Sum() => WorkTargets.Sum(1, 2, 3);
            public static ProcessCall<bool> Method() => WorkTargets.HasProgress();
        }
        """);

    [Test]
    public async Task A_result_comes_back() =>
        Assert.That((await FarSide.RunAsync(App.Call("WorkTargets", "Square", 7))).Result, Is.EqualTo(49));

    [Test]
    public async Task Results_that_may_be_null_come_back_as_they_are()
    {
        Assert.That((await FarSide.RunAsync(App.Call("WorkTargets", "Find", 0))).Result, Is.Null);
        Assert.That((await FarSide.RunAsync(App.Call("WorkTargets", "Find", 1))).Result, Is.Not.Null);
        Assert.That((await FarSide.RunAsync(App.Call("WorkTargets", "FindAll", new object?[] { null }))).Result, Is.Null);
        Assert.That((await FarSide.RunAsync(App.Call("WorkTargets", "Notes", new Dictionary<string, string?> { ["a"] = null }))).Result, Is.EqualTo(new Dictionary<string, string?> { ["a"] = null }));
        Assert.That((await FarSide.RunAsync(App.Call("WorkTargets", "Pair", new object?[] { null }))).Result, Is.EqualTo(((object?)null, 1)));
    }

    [Test]
    public async Task A_void_target_runs_with_its_argument([Values("Ann", null)] string? name)
    {
        await FarSide.RunAsync(App.Call("WorkTargets", "Greet", name));
        Assert.That(Last, Is.EqualTo($"hello {name ?? "nobody"}"));
    }

    [Test]
    public async Task Asynchronous_results_come_back([Values("a", null)] string? path)
    {
        Assert.That((await FarSide.RunAsync(App.Call("WorkTargets", "FetchAsync", path))).Result, Is.EqualTo(path));
        Assert.That((await FarSide.RunAsync(App.Call("WorkTargets", "CountAsync", (byte)9))).Result, Is.EqualTo(10L));
    }

    [Test]
    public async Task Asynchronous_targets_without_a_result_are_awaited()
    {
        await FarSide.RunAsync(App.Call("WorkTargets", "WaitAsync"));
        Assert.That(Last, Is.EqualTo("waited"));
        await FarSide.RunAsync(App.Call("WorkTargets", "StopAsync"));
        Assert.That(Last, Is.EqualTo("stopped"));
    }

    [Test]
    public void The_callers_token_reaches_the_target() =>
        Assert.That(
            async () => await FarSide.RunAsync(App.Call("WorkTargets", "FetchAsync", "a"), new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());

    [Test]
    public async Task Items_come_back_in_order()
    {
        Assert.That((await FarSide.RunAsync(App.Call("WorkTargets", "Numbers", 4))).Items, Is.EqualTo([0, 1, 2, 3]));
        Assert.That((await FarSide.RunAsync(App.Call("WorkTargets", "LinesAsync", 2))).Items, Is.EqualTo(["line 0", "line 1"]));
    }

    [Test]
    public async Task What_the_worker_injects_may_stand_anywhere() =>
        Assert.That((await FarSide.RunAsync(App.Call("WorkTargets", "Tagged", 5))).Result, Is.EqualTo("Worker-7 7 5 True"));

    [Test]
    public async Task Progress_is_reported_to_the_caller_of_each_argument()
    {
        List<double> losses = [];
        List<string?> notes = [];
        await FarSide.RunAsync(App.Call("WorkTargets", "Train", 3, new Reported<double>(losses), new Reported<string?>(notes)));
        Assert.That(losses, Is.EqualTo([0, 0.5, 1]));
        Assert.That(notes, Is.EqualTo([null, "done"]));
    }

    [Test]
    public async Task A_null_progress_arrives_as_null()
    {
        Assert.That((await FarSide.RunAsync(App.Call("WorkTargets", "HasProgress", new object?[] { null }))).Result, Is.EqualTo(false));
        Assert.That((await FarSide.RunAsync(App.Call("WorkTargets", "HasProgress", new Reported<int>([])))).Result, Is.EqualTo(true));
    }

    [Test]
    public async Task A_call_that_runs_here_reports_to_the_callers_own_progress()
    {
        List<double> losses = [];
        await ((ProcessCall)App.Call("WorkTargets", "Train", 2, new Reported<double>(losses), null)!).InvokeAsync();
        Assert.That(losses, Is.EqualTo([0, 0.5]));
    }

    [Test]
    public async Task Parameters_may_have_any_name() =>
        Assert.That((await FarSide.RunAsync(App.Call("WorkTargets", "int", 1, 2, 3, 4, 5, 6, 7, 8, 9, 1))).Result, Is.EqualTo(1987654321));

    [TestCase(0, "int")]
    [TestCase(1, "string")]
    [TestCase(2, "long")]
    public async Task Each_overload_calls_its_own_target(int which, string expected) =>
        Assert.That((await FarSide.RunAsync(App.Call("Callers", "Which", which))).Result, Is.EqualTo(expected));

    [Test]
    public async Task Parameter_arrays_stay_what_they_are() =>
        Assert.That((await FarSide.RunAsync(App.Call("Callers", "Sum"))).Result, Is.EqualTo(6));

    [Test]
    public async Task Enums_cross() =>
        Assert.That((int)(await FarSide.RunAsync(App.Call("WorkTargets", "Tomorrow", DayOfWeek.Saturday))).Result!, Is.EqualTo((int)DayOfWeek.Sunday));

    [TestCase(true, "argument")]
    [TestCase(false, "texts[1]")]
    public void An_argument_that_cannot_be_encoded_after_all_is_named(bool first, string path)
    {
        const string loneSurrogate = "\ud800";
        object call = App.Call("WorkTargets", "Lengths", 1, first ? loneSurrogate : "", new[] { "fine", loneSurrogate })!;
        Assert.That(() => FarSide.Reopen(call), Throws.TypeOf<ProcessSerializationException>().With.Property("Path").EqualTo(path));
    }

    [Test]
    public void A_target_is_named_as_its_class_and_method() =>
        Assert.That(((ProcessCall)App.Call("WorkTargets", "Square", 1)!).TargetName, Is.EqualTo("Work.Square"));

    private static object? Last => App.Type("Work").GetField("Last")!.GetValue(null);

    private sealed class Reported<T>(List<T> values) : IProgress<T>
    {
        public void Report(T value) => values.Add(value);
    }

    [TestCase("NoNumbers")]
    [TestCase("NoLines")]
    public void A_sequence_that_is_null_after_all_is_a_clear_error(string name) => Assert.That(
        () => FarSide.RunAsync(App.Call("WorkTargets", name)),
        Throws.InvalidOperationException.With.Message.EqualTo($"Work.{name} returned null where a sequence was expected."));

    [Test]
    public async Task A_task_that_may_be_null_is_awaited_where_it_is_not() =>
        Assert.That((await FarSide.RunAsync(App.Call("WorkTargets", "NoTask", false))).Result, Is.EqualTo(5));

    [Test]
    public async Task Each_of_many_targets_is_found_and_nothing_beside_it([Values(1, 8, 9, 65, 100)] int count, [Values] bool isOneClass)
    {
        IEnumerable<string> targets = Enumerable.Range(0, count).Select(static i => $"[ProcessTarget] public static int Get{i}() => {i};\n");
        LoadedApp app = LoadedApp.Of("#pragma warning disable CS1591\n" + (isOneClass
            ? $"public static class C {{ {string.Concat(targets)} }}"
            : string.Concat(targets.Select(static (target, i) => $"public static class C{i} {{ {target} }}"))));
        List<ulong> ids = [];
        for (int i = 0; i < count; i++)
        {
            var call = (ProcessCall)app.Call(isOneClass ? "CTargets" : $"C{i}Targets", $"Get{i}")!;
            Assert.That((await FarSide.RunAsync(call)).Result, Is.EqualTo(i));
            ids.Add(call.Target.Id);
        }

        Guid module = app.Type(isOneClass ? "C" : "C0").Module.ModuleVersionId;
        foreach (ulong beside in ids.SelectMany(static id => new[] { id - 1, id + 1 }).Append(0UL).Append(ulong.MaxValue).Except(ids))
        {
            Assert.That(TargetRegistry.TryFind(module, beside, out Target? found), Is.False);
            Assert.That(found, Is.Null);
        }
    }
}
