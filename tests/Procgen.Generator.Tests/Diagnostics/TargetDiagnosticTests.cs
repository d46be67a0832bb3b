using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Diagnostics;

/// <summary>Where a target may stand and how it must be declared: PROCGEN001, 002, 006, 007, 008, 009, 014 and 018.</summary>
public sealed class TargetDiagnosticTests
{
    private static readonly string[] Sources =
    [
        // 001: the target must be static
        "class C { [ProcessTarget] internal int {|PROCGEN001:F|}(int x) => x; }",
        "class C { [ProcessTarget] internal static int F(int x) => x; }",
        "interface I { [ProcessTarget] int {|PROCGEN001:F|}(); }",

        // 002: reachable for the stub, all the way up
        "class C { [ProcessTarget] static int {|PROCGEN002:F|}() => 1; }",
        "class C { [ProcessTarget] private protected static int {|PROCGEN002:F|}() => 1; }",
        "class C { [ProcessTarget] protected static int {|PROCGEN002:F|}() => 1; }",
        "class C { [ProcessTarget] protected internal static int F() => 1; }",
        "class C { private class {|PROCGEN002:D|} { [ProcessTarget] public static int F() => 1; } }",
        "class C { class {|PROCGEN002:D|} { internal class E { [ProcessTarget] static int {|PROCGEN002:F|}() => 1; } } }",
        "class C { internal class D { [ProcessTarget] public static int F() => 1; } }",
        "file class {|PROCGEN002:C|} { [ProcessTarget] public static int F() => 1; }",
        "partial class C { [ProcessTarget] partial class {|PROCGEN002:P|} : ChildProcess { } }",

        "static partial class C { [ProcessTarget] private static partial int {|PROCGEN002:F|}(int a); private static partial int F(int a) => a; }",
        "static partial class C { private static partial int {|PROCGEN002:F|}(int a); [ProcessTarget] private static partial int F(int a) => a; }",

        // 006: no type parameters anywhere
        "class C { [ProcessTarget] internal static void {|PROCGEN006:F|}<T>() { } }",
        "class C<T> { [ProcessTarget] internal static void {|PROCGEN006:F|}() { } }",
        "class C<T> { internal class D { [ProcessTarget] internal static void {|PROCGEN006:F|}() { } } }",
        "class C { [ProcessTarget] internal static void F(List<int> x) { } }",
        "[ProcessTarget] partial class {|PROCGEN006:P|}<T> : ChildProcess { }",

        // 007: async void
        "class C { [ProcessTarget] internal static async {|PROCGEN007:void|} F() => await Task.Yield(); }",
        "class C { [ProcessTarget] internal static async Task F() => await Task.Yield(); }",
        "class C { [ProcessTarget] internal static void F() { } }",

        "partial class C { [ProcessTarget] internal static partial {|PROCGEN007:void|} F(); internal static async partial void F() => await Task.Yield(); }",

        // 008: one stub for two targets
        "class C { [ProcessTarget] internal static void F(int x) { } [ProcessTarget] internal static void {|PROCGEN008:F|}(int x, CancellationToken stop) { } }",
        "class C { [ProcessTarget] internal static void F(WorkerContext w, int x) { } [ProcessTarget] internal static void {|PROCGEN008:F|}(int x, CancellationToken stop) { } }",
        "class C { [ProcessTarget] internal static void F((int A, int B) x) { } [ProcessTarget] internal static void {|PROCGEN008:F|}((int C, int D) x, CancellationToken stop) { } }",
        "class OuterInner { [ProcessTarget] internal static void {|PROCGEN008:F|}() { } } class Outer { internal class Inner { [ProcessTarget] internal static void F() { } } }",
        "class C { [ProcessTarget] internal static void F(int x) { } [ProcessTarget] internal static void F(long x, CancellationToken stop) { } }",
        "namespace A { class C { [ProcessTarget] internal static void F() { } } } namespace B { class C { [ProcessTarget] internal static void F() { } } }",
        "class C { [ProcessTarget] internal static void {|PROCGEN008:CTargets|}() { } [ProcessTarget] internal static void F() { } }",
        "class C { [ProcessTarget] internal static void {|PROCGEN008:F|}() { } [ProcessTarget] internal static void {|PROCGEN008:G|}() { } } class CTargets { }",
        "class C { [ProcessTarget] internal static void {|PROCGEN008:F|}() { } } static class CTargets { }",
        "class C { [ProcessTarget] internal static void {|PROCGEN008:F|}() { } } enum CTargets { }",
        "class C { [ProcessTarget] internal static void {|PROCGEN008:F|}() { } } namespace CTargets { class D { } }",
        "class C { [ProcessTarget] internal static void F() { } } static partial class CTargets { internal static int Own() => 1; } class CTargets<T> { }",
        "class C { [ProcessTarget] internal static void F() { } internal class CTargets { } } namespace N { class CTargets { } }",

        "class C { [ProcessTarget] internal static void {|PROCGEN008:F|}() { } [ProcessTarget] internal static void G() { } } static partial class CTargets { internal static int F => 1; }",
        "class C { [ProcessTarget] internal static void {|PROCGEN008:F|}(int x) { } } static partial class CTargets { internal class F { } }",
        "class C { [ProcessTarget] internal static void {|PROCGEN008:F|}(CancellationToken t, (int a, string b) x) { } } static partial class CTargets { internal static int F((int, string) y) => 1; }",
        "class C { [ProcessTarget] internal static void F(int x) { } } static partial class CTargets { internal static int F() => 1; internal static void F(string x) { } internal static void F<T>(int x) { } internal static void F(ref int x) { } internal static void F(int x, CancellationToken t) { } }",

        // 009: a process class, and what it stands in, is partial
        "[ProcessTarget] class {|PROCGEN009:P|} : ChildProcess { }",
        "class {|PROCGEN009:C|} { [ProcessTarget] internal partial class P : ChildProcess { } }",
        "partial class C { [ProcessTarget] internal partial class P : ChildProcess { } }",
        "[ProcessTarget] partial class P : ChildProcess { }",

        // 014: what Throws names can be made from a message
        "class C { [ProcessTarget(Throws = new[] { typeof({|PROCGEN014:E|}) })] internal static void F() { } } class E(int code) : Exception(code.ToString());",
        "class C { [ProcessTarget(Throws = new[] { typeof({|PROCGEN014:E|}) })] internal static void F() { } } abstract class E : Exception;",
        "class C { [ProcessTarget(Throws = new[] { typeof(TimeoutException), typeof({|PROCGEN014:string|}) })] internal static void F() { } }",
        "class C { private class E : Exception; [ProcessTarget(Throws = new[] { typeof({|PROCGEN014:E|}) })] internal static void F() { } }",
        "class C { [ProcessTarget(Throws = new[] { typeof({|PROCGEN014:E|}) })] internal static void F() { } } class E : Exception { internal E() { } }",
        "class C { [ProcessTarget(Throws = [typeof({|PROCGEN014:E|})])] internal static void F() { } } class E : Exception { public E(string message, int code) : base(message) { } }",
        "class C { [ProcessTarget(Throws = new[] { typeof({|PROCGEN014:E|}) })] internal static void F() { } } class E : Base; class Base : Exception { public required int Code { get; init; } }",
        "class C { [ProcessTarget(Throws = new[] { typeof({|PROCGEN014:E|}) })] internal static void F() { } } class E : Exception { [Obsolete(\"no\", true)] public E(string message) : base(message) { } public E(int code) { } }",
        "class C { [ProcessTarget(Throws = new[] { typeof(E) })] internal static void F() { } } class E(string message) : Exception(message);",
        "class C { [ProcessTarget(Throws = new[] { typeof(E) })] internal static void F() { } } class E(string message, Exception inner) : Exception(message, inner);",
        "class C { [ProcessTarget(Throws = new[] { typeof(E) })] internal static void F() { } } class E : Exception;",
        "class C { [ProcessTarget(Throws = [typeof({|PROCGEN014:E|})])] internal static void F() { } } class E : Exception { public E(string message, int a = 0) { } public E(string message, long b = 0) { } }",
        "class C { [ProcessTarget(Throws = [typeof({|PROCGEN014:E|})])] internal static void F() { } } class E : Exception { public E(string message, int a = 0) { } internal E(string text, long b = 0) { } }",
        "class C { [ProcessTarget(Throws = [typeof({|PROCGEN014:E|})])] internal static void F() { } } class E : Exception { public E(int a = 0) { } public E(long b = 0) { } }",
        "class C { [ProcessTarget(Throws = new Type[0])] internal static void F() { } }",

        // 018: it belongs on a static method or on a process class
        "[{|PROCGEN018:ProcessTarget|}] class C { }",
        "[{|PROCGEN018:ProcessTarget|}] static class C { }",
        "[{|PROCGEN018:ProcessTarget|}] abstract partial class C : ChildProcess { }",
        "class C { void M() { L(); [{|PROCGEN018:ProcessTarget|}] static void L() { } } }",
        "class C { Action a = [{|PROCGEN018:ProcessTarget|}] () => { }; }",
        "class C { internal static int P { [{|PROCGEN018:ProcessTarget|}] get => 1; } }",
        "class C { [{|PROCGEN018:ProcessTarget|}] public static C operator +(C a, C b) => a; }",
        "interface I { [{|PROCGEN018:ProcessTarget|}] static abstract int F(); }",
        "class C { [{|PROCGEN018:ProcessTarget|}, System.Runtime.InteropServices.UnmanagedCallersOnly] internal static int F() => 1; }",
        "interface I { [ProcessTarget] internal static int F() => 1; }",
        "struct S { [ProcessTarget] internal static int F() => 1; }",
    ];

    [TestCaseSource(nameof(Sources))]
    public Task Exactly_what_is_wrong_is_reported_where_it_is(string text) => AnalyzerRun.AssertAsync(text);

    [TestCaseSource(nameof(Sources))]
    public void A_build_without_analyzers_hears_the_same_from_the_generator(string text)
    {
        // Doubles are known to the generator without their places, and it never sees lambdas.
        if (text.Contains("PROCGEN008", StringComparison.Ordinal) || text.Contains("Action a", StringComparison.Ordinal)) return;
        AnalyzerRun.AssertGeneratorReports(text);
    }

    [TestCase("class C { [ProcessTarget] internal static void {|PROCGEN008:F|}(int x) { } } static partial class CTargets { extension(int x) { public int F() => 2 * x; } }")]
    [TestCase("class C { [ProcessTarget] internal static void F(long x) { } } static partial class CTargets { extension(int x) { internal int F() => 2 * x; } }")]
    public Task What_an_extension_block_of_your_own_declares_is_seen(string text) => AnalyzerRun.AssertAsync(text, Microsoft.CodeAnalysis.CSharp.LanguageVersion.Preview);

    [Test]
    public void Doubles_are_refused_without_analyzers_too()
    {
        GeneratorRun run = GeneratorRun.Of(
            "class C { [ProcessTarget] internal static void F(int x) { } [ProcessTarget] internal static void F(int x, CancellationToken stop) { } }", analyzersAreOff: true);
        Assert.That(run.Result.Diagnostics.Select(static diagnostic => diagnostic.Id), Is.EqualTo(["PROCGEN008"]));
        Assert.That(run.Files.Keys, Has.None.Contains("CTargets"));
    }

    [TestCase("class C { [ProcessTarget] internal static void {|PROCGEN008:F|}() { } } class CTargets { }")]
    [TestCase("class C { [ProcessTarget] internal static void {|PROCGEN008:CTargets|}() { } }")]
    [TestCase("class C { [ProcessTarget] internal static void {|PROCGEN008:F|}(int x) { } } static partial class CTargets { internal static int F(int x) => x; }")]
    public void A_name_that_is_taken_is_told_with_its_place_without_analyzers_too(string text) => AnalyzerRun.AssertGeneratorReports(text);

    [Test]
    public async Task Everything_wrong_with_one_target_is_said_at_once() => await AnalyzerRun.AssertAsync("""
        class C<T>
        {
            [ProcessTarget(Throws = new[] { typeof({|PROCGEN014:string|}) })]
            async {|PROCGEN007:void|} {|PROCGEN006:{|PROCGEN002:{|PROCGEN001:F|}|}|}(Action {|PROCGEN005:a|}, ref int {|PROCGEN005:b|}, System.IO.Stream {|PROCGEN003:c|}) => await Task.Yield();
        }
        """);

    [Test]
    public async Task A_bad_target_has_no_stub_and_the_good_one_beside_it_has()
    {
        const string source = "class C { [ProcessTarget] internal int Bad() => 1; [ProcessTarget] internal static int Good() => 1; }";
        Assert.That(GeneratorRun.Of(source).Files["CTargets.g.cs"], Does.Contain("Good(").And.Not.Contain("Bad("));
        Assert.That(await AnalyzerRun.DiagnosticsOfAsync(AppCompilation.Of(source)), Has.Count.EqualTo(1));
    }

    [Test]
    public void Every_diagnostic_leads_to_its_section_of_the_help_page()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "generator", "README.md"));
        Assert.That(AnalyzerRun.Descriptors.Select(static descriptor => descriptor.Id).Order(), Is.EqualTo(Enumerable.Range(1, 18).Select(static n => $"PROCGEN{n:d3}")));
        foreach (Microsoft.CodeAnalysis.DiagnosticDescriptor descriptor in AnalyzerRun.Descriptors)
        {
            Assert.That(descriptor.Category, Is.EqualTo("Procgen"));
            Assert.That(descriptor.HelpLinkUri, Does.EndWith("/generator/README.md#" + descriptor.Id.ToLowerInvariant()));
            Assert.That(page, Does.Contain($"\n### {descriptor.Id}\n"));
        }
    }
}
