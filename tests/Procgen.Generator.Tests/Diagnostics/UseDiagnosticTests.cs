using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Diagnostics;

/// <summary>How processes, locks and calls are used: PROCGEN015, 016 and 017.</summary>
public sealed class UseDiagnosticTests
{
    private const string Work = """

        class Work { [ProcessTarget] internal static int Square(int x, CancellationToken stop) => x; [ProcessTarget] internal static IEnumerable<int> Count() => []; [ProcessTarget] internal static void Greet() { } }
        """;

    private static readonly string[] Sources =
    [
        // 015: started and forgotten
        "class C { void F() { ChildProcess.{|PROCGEN015:Start|}(WorkTargets.Greet()); } }",
        "class C { void F() { new ChildProcess(WorkTargets.Greet()).{|PROCGEN015:Start|}(); } }",
        "class C { void F() { var p = new ChildProcess(WorkTargets.Greet()); p.Daemon = true; p.{|PROCGEN015:Start|}(); Console.WriteLine(p.Id); } }",
        "class C { void F() { ChildProcess p = ChildProcess.{|PROCGEN015:Start|}(WorkTargets.Square(3)); } }",
        "class C { void F() { using var p = ChildProcess.Start(WorkTargets.Greet()); } }",
        "class C { void F() { using (var p = new ChildProcess(WorkTargets.Greet())) { p.Start(); } } }",
        "class C { void F() { var p = new ChildProcess(WorkTargets.Greet()); p.Start(); p.Join(); } }",
        "class C { async Task<int> F() { var p = ChildProcess.Start(WorkTargets.Square(3)); return await p.Completion; } }",
        "class C { ChildProcess F() { var p = ChildProcess.Start(WorkTargets.Greet()); return p; } }",
        "class C { ChildProcess F() => ChildProcess.Start(WorkTargets.Greet()); }",
        "class C { void F(List<ChildProcess> all) { for (int i = 0; i < 3; i++) { var p = new ChildProcess(WorkTargets.Greet()); p.Start(); all.Add(p); } } }",
        "class C { void F() { _ = ChildProcess.Start(WorkTargets.Greet()); } }",
        "class C { readonly ChildProcess _p = new(WorkTargets.Greet()); void F() => _p.Start(); }",

        // 016: locks that hold here only
        "class C { void F(ProcessLock l) { lock ({|PROCGEN016:l|}) { } } }",
        "class C { readonly ProcessEvent _e = new(); void F() { lock ({|PROCGEN016:_e|}) { } } }",
        "class C { void F(ProcessRecursiveLock l) { Monitor.Enter({|PROCGEN016:l|}); Monitor.Exit({|PROCGEN016:l|}); } }",
        "class C { void F(ProcessLock l) { using (l.EnterScope()) { } } }",
        "class C { void F(object l) { lock (l) { } Monitor.Enter(l); } }",

        // 017: described and not run
        "class C { void F() { {|PROCGEN017:WorkTargets.Square(3)|}; } }",
        "class C { void F() => {|PROCGEN017:WorkTargets.Count()|}; }",
        "class C { Action F() => () => {|PROCGEN017:WorkTargets.Greet()|}; }",
        "class C { ProcessCall F() => WorkTargets.Square(3); }",
        "class C { void F() { var call = WorkTargets.Square(3); _ = call; } }",
        "class C { void F() { Work.Square(3, default); } }",

        // 017: the target where its stub is meant
        "class C { object F() => ChildProcess.Start({|PROCGEN017:Work.Square(3, default)|}); }",
        "class C { object F() => new ChildProcess({|PROCGEN017:Work.Square(3, default)|}); }",
        "class C { object F(ProcessPool p, int[] all) => p.Map(all, x => {|PROCGEN017:Work.Square(x, default)|}); }",
        "class C { object F(ProcessPool p, int[] all) => p.Map(all, x => WorkTargets.Square(x)); }",
        "class C { [ProcessTarget] internal static ProcessCall<int> Make(int x) => WorkTargets.Square(x); object F(ProcessPool p, int[] all) => p.Map(all, x => Make(x)); }",
        "class C { object F(ProcessPool p, int[] all) => p.Map(all.Select(x => Work.Square(x, default)), WorkTargets.Square); }",
        "class C { object F() => ChildProcess.Start(WorkTargets.Square(3)); }",
        "class C { int F() => Math.Abs(Work.Square(3, default)); }",
    ];

    [TestCaseSource(nameof(Sources))]
    public Task Exactly_what_is_wrong_is_reported_where_it_is(string text) => AnalyzerRun.AssertAsync(text + Work);

    [Test]
    public async Task The_message_names_the_stub() => Assert.That(
        (await AnalyzerRun.AssertAsync("class C { object F() => ChildProcess.Start({|PROCGEN017:Work.Square(3, default)|}); }" + Work)).Single(),
        Is.EqualTo("'Work.Square' would run here, in this process: pass 'WorkTargets.Square'"));
}
