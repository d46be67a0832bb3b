using Procgen.CodeFixes;
using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Fixes;

/// <summary>Fixes of how locks and calls are used: PROCGEN016 and 017.</summary>
public sealed class UseFixTests
{
    private const string Work = """

        namespace Jobs
        {
            class Work
            {
                [ProcessTarget] internal static int Square(int x, CancellationToken stop = default) => x;
                internal class Inner { [ProcessTarget] internal static int Cube(WorkerContext worker, int x) => x; }
            }
        }
        """;

    [TestCase("void F(ProcessLock l) { lock (l) { l.ToString(); } }", "void F(ProcessLock l) { using (l.EnterScope()) { l.ToString(); } }")]
    [TestCase("ProcessLock L = new(); void F() { lock (this.L) L.ToString(); }", "ProcessLock L = new(); void F() { using (this.L.EnterScope()) L.ToString(); }")]
    [TestCase("void F(ProcessLock? a, ProcessLock b) { lock (a ?? b) { } }", "void F(ProcessLock? a, ProcessLock b) { using ((a ?? b).EnterScope()) { } }")]
    public Task A_lock_becomes_a_scope_that_all_processes_see(string before, string after) =>
        FixRun.AssertAsync<EnterScopeFix>($"class C {{ {before} }}", $"class C {{ {after} }}");

    [TestCase("ChildProcess.Start(Work.Square(3, default))", "ChildProcess.Start(WorkTargets.Square(3))")]
    [TestCase("ChildProcess.Start(Work.Square(stop: default, x: 3))", "ChildProcess.Start(WorkTargets.Square(x: 3))")]
    [TestCase("ChildProcess.Start(Work.Square(3))", "ChildProcess.Start(WorkTargets.Square(3))")]
    [TestCase("ProcessPool.Shared.Map(new[] { 3 }, x => Work.Square(x))", "ProcessPool.Shared.Map(new[] { 3 }, x => WorkTargets.Square(x))")]
    [TestCase("ChildProcess.Start(global::Jobs.Work.Square(3))", "ChildProcess.Start(WorkTargets.Square(3))")]
    [TestCase("ChildProcess.Start(Work.Inner.Cube(null!, 3))", "ChildProcess.Start(WorkInnerTargets.Cube(3))")]
    public Task The_stub_is_passed_where_the_target_was_called(string before, string after) => FixRun.AssertAsync<PassStubFix>(
        $"using Jobs; class C {{ object F() => {before}; }}{Work}", $"using Jobs; class C {{ object F() => {after}; }}{Work}");

    [TestCase("using J = Jobs.Work;", "J.Square", "Jobs.WorkTargets.Square")]
    [TestCase("using static Jobs.Work;", "Square", "Jobs.WorkTargets.Square")]
    [TestCase("using static Jobs.Work;", "Inner.Cube", "Jobs.WorkInnerTargets.Cube")]
    [TestCase("using J = Jobs;", "J.Work.Square", "J.WorkTargets.Square")]
    [TestCase("", "Jobs . Work.Square", "Jobs.WorkTargets.Square")]
    public async Task The_stub_is_found_however_the_target_was(string usings, string before, string after)
    {
        string Source(string called) => $"{usings} class C {{ object F() => ProcessPool.Shared.Map(new[] {{ 3 }}, x => {called}({(called.EndsWith("Inner.Cube", StringComparison.Ordinal) ? "null!, " : "")}x)); }}{Work}";
        await FixRun.AssertAsync<PassStubFix>(Source(before), Source(after));
        GeneratorRun.Of(Source(after)).AssertCompiles();
    }

    [Test]
    public Task The_stub_of_a_library_is_found_by_the_library_s_alias() => FixRun.AssertAsync<PassStubFix>(
        "extern alias two; class C { object F() => ChildProcess.Start(two::Lib.Work.Square(3)); }",
        "extern alias two; class C { object F() => ChildProcess.Start(two::Lib.WorkTargets.Square(3)); }",
        GeneratorRun.Of(AppCompilation.Of("#pragma warning disable CS1591\nnamespace Lib; public static class Work { [ProcessTarget] public static int Square(int x) => x; }", name: "Two")).Output.ToMetadataReference(["two"]));

    [TestCase("void F() { WorkTargets.Square(3); }", "void F() { ProcessPool.Shared.Run(WorkTargets.Square(3)); }")]
    [TestCase("void F() => WorkTargets.Square(3);", "void F() => ProcessPool.Shared.Run(WorkTargets.Square(3));")]
    [TestCase("async Task F() { /* now */ WorkTargets.Square(3); await Task.Yield(); }", "async Task F() { /* now */ await ProcessPool.Shared.RunAsync(WorkTargets.Square(3)); await Task.Yield(); }")]
    [TestCase("void F() { Func<Task> f = async () => { WorkTargets.Square(3); await Task.Yield(); }; }", "void F() { Func<Task> f = async () => { await ProcessPool.Shared.RunAsync(WorkTargets.Square(3)); await Task.Yield(); }; }")]
    [TestCase("async Task F() { void G() { WorkTargets.Square(3); } G(); await Task.Yield(); }", "async Task F() { void G() { ProcessPool.Shared.Run(WorkTargets.Square(3)); } G(); await Task.Yield(); }")]
    [TestCase("int P { get { WorkInnerTargets.Cube(3); return 1; } }", "int P { get { ProcessPool.Shared.Run(WorkInnerTargets.Cube(3)); return 1; } }")]
    public async Task A_dropped_call_runs_in_the_shared_pool(string before, string after)
    {
        string whole = $"using Jobs; class C {{ {after} }}{Work}";
        await FixRun.AssertAsync<RunCallFix>($"using Jobs; class C {{ {before} }}{Work}", whole);
        GeneratorRun.Of(whole).AssertCompiles();
        Assert.That((await AnalyzerRun.DiagnosticsOfAsync(AppCompilation.Of(whole))).Select(static diagnostic => diagnostic.Id), Is.Empty);
    }
}
