using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Diagnostics;

/// <summary>One mistake does not hide the next of its kind: each diagnostic several times in one file, in one member and in several.</summary>
public sealed class SeveralAtOnceTests
{
    private const string Work = "class Work { [ProcessTarget] internal static int Square(int x) => x; [ProcessTarget] internal static void Greet() { } }";

    private static readonly string[] Sources =
    [
        "class C { [ProcessTarget] internal int {|PROCGEN001:F|}() => 1; [ProcessTarget] internal int {|PROCGEN001:G|}() => 1; } interface I { [ProcessTarget] int {|PROCGEN001:F|}(); }",
        "class C { [ProcessTarget] static int {|PROCGEN002:F|}() => 1; [ProcessTarget] static int {|PROCGEN002:G|}() => 1; }",
        "class C { [ProcessTarget] internal static void F(Thread {|PROCGEN003:a|}, int b, object {|PROCGEN003:c|}) { } [ProcessTarget] internal static void G(Thread[] {|PROCGEN003:a|}) { } }",
        "class C { [ProcessTarget] internal static {|PROCGEN004:Thread|} F() => null!; [ProcessTarget] internal static {|PROCGEN004:Task<object>|} G() => null!; }",
        "class C { [ProcessTarget] internal static void F(ref int {|PROCGEN005:a|}, Action {|PROCGEN005:b|}) { } [ProcessTarget] internal static void G(Span<int> {|PROCGEN005:a|}) { } }",
        "class C { [ProcessTarget] internal static void {|PROCGEN006:F|}<T>() { } [ProcessTarget] internal static void {|PROCGEN006:G|}<T>() { } }",
        "class C { [ProcessTarget] internal static async {|PROCGEN007:void|} F() => await Task.Yield(); [ProcessTarget] internal static async {|PROCGEN007:void|} G() => await Task.Yield(); }",
        "class C { [ProcessTarget] internal static void F(WorkerContext w, int x) { } [ProcessTarget] internal static void {|PROCGEN008:F|}(int x) { } [ProcessTarget] internal static void {|PROCGEN008:F|}(int x, CancellationToken s) { } }",
        "[ProcessTarget] class {|PROCGEN009:P|} : ChildProcess { } [ProcessTarget] class {|PROCGEN009:Q|} : ChildProcess { }",
        "class C { [ProcessTarget] internal static Part F(Job job) => null!; } class Job { public int X; private int {|PROCGEN010:_a|}; internal int {|PROCGEN010:B|}; } class Part { public int X; private int {|PROCGEN010:_c|}; }",
        "class C { static int s, t; internal static void Set() { s = 1; t = 1; } [ProcessTarget] internal static int F() => {|PROCGEN011:s|} + {|PROCGEN011:t|}; [ProcessTarget] internal static int G() => {|PROCGEN011:t|}; }",
        "class C { ProcessQueue<{|PROCGEN012:Thread|}>? q; Connection<{|PROCGEN012:object|}, {|PROCGEN012:Thread|}>? c; }",
        "class C { [ProcessTarget] internal static {|PROCGEN013:ChildProcess|} F(ProcessPool {|PROCGEN013:p|}, ChildProcess[] {|PROCGEN013:q|}) => null!; }",
        "class C { [ProcessTarget(Throws = new[] { typeof({|PROCGEN014:string|}), typeof({|PROCGEN014:int|}) })] internal static void F() { } [ProcessTarget(Throws = new[] { typeof({|PROCGEN014:C|}) })] internal static void G() { } }",
        "class C { void F() { ChildProcess.{|PROCGEN015:Start|}(WorkTargets.Greet()); ChildProcess.{|PROCGEN015:Start|}(WorkTargets.Square(1)); } }" + Work,
        "class C { void F(ProcessLock l, ProcessEvent e) { lock ({|PROCGEN016:l|}) { lock ({|PROCGEN016:e|}) { } } Monitor.Enter({|PROCGEN016:l|}); } }",
        "class C { object F() { {|PROCGEN017:WorkTargets.Greet()|}; {|PROCGEN017:WorkTargets.Square(1)|}; return ChildProcess.Start({|PROCGEN017:Work.Square(3)|}); } }" + Work,
        "[{|PROCGEN018:ProcessTarget|}] class C { [{|PROCGEN018:ProcessTarget|}] public static C operator +(C a, C b) => a; } [{|PROCGEN018:ProcessTarget|}] struct S { }",
    ];

    // What needs a whole file's operations, or a place for each double, is the analyzers' alone.
    private static IEnumerable<string> GeneratorsSources => Sources.Where(static source =>
        !new[] { "PROCGEN008", "PROCGEN010", "PROCGEN011", "PROCGEN015", "PROCGEN016", "PROCGEN017" }.Any(id => source.Contains(id, StringComparison.Ordinal)));

    [TestCaseSource(nameof(Sources))]
    public Task Every_one_is_reported_where_it_is(string text) => AnalyzerRun.AssertAsync(text);

    [TestCaseSource(nameof(GeneratorsSources))]
    public void The_generator_reports_every_one_too_in_a_build_without_analyzers(string text) => AnalyzerRun.AssertGeneratorReports(text);

    [Test]
    public void No_diagnostic_is_left_out() => Assert.That(
        Sources.Select(static source => Markup.Parse(source).Expected).Where(static marks => marks.Count > 1 && marks.DistinctBy(static mark => mark.Id).Count() == 1).Select(static marks => marks[0].Id),
        Is.EqualTo(AnalyzerRun.Descriptors.Select(static descriptor => descriptor.Id).Order()));

    [Test]
    public Task All_of_them_in_one_file_do_not_hide_each_other() => AnalyzerRun.AssertAsync(string.Join('\n', Sources.Select(static (source, i) => $"namespace N{i} {{ {source} }}")));
}
