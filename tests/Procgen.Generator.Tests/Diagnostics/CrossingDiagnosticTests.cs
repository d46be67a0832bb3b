using Microsoft.CodeAnalysis;
using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Diagnostics;

/// <summary>What may be an argument, a result or what a handle holds: PROCGEN003, 004, 005, 012 and 013.</summary>
public sealed class CrossingDiagnosticTests
{
    private static readonly string[] Sources =
    [
        // 003: a parameter
        "class C { [ProcessTarget] internal static void F(System.IO.Stream {|PROCGEN003:s|}) { } }",
        "class C { [ProcessTarget] internal static void F(int x, List<System.IO.Stream[]> {|PROCGEN003:s|}) { } }",
        "class C { [ProcessTarget] internal static void F(object {|PROCGEN003:x|}) { } }",
        "class C { [ProcessTarget] internal static void F(Type {|PROCGEN003:x|}) { } }",
        "class C { [ProcessTarget] internal static void F(IProgress<Thread> {|PROCGEN003:p|}) { } }",
        "class C { [ProcessTarget] internal static void F(Job {|PROCGEN003:job|}) { } } class Job { public System.IO.Stream? Stream { get; set; } }",
        "class C { [ProcessTarget] internal static void F(Nest<int> {|PROCGEN003:x|}) { } } class Nest<T> { public Nest<List<T>>? Next { get; set; } }",
        "class C { [ProcessTarget] internal static void F(Nest<int>.Part {|PROCGEN003:x|}) { } } class Nest<T> { internal class Part { public Nest<T[]>.Part? Next { get; set; } } }",
        "class C { [ProcessTarget] internal static void F(Nest<int> {|PROCGEN003:x|}) { } } class Nest<T> { public Nest<(T, T)>? Next { get; set; } }",
        "class C { [ProcessTarget] internal static void F(Nest<int> {|PROCGEN003:x|}) { } } class Nest<T> { public Nest<(T, int)>? A { get; set; } public Nest<(T, long)>? B { get; set; } }",
        "class C { [ProcessTarget] internal static void F(int x, string y, List<int[]> z, (int, string)? w) { } }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job { public string? Name { get; set; } }",
        "[ProcessTarget] partial class P : ChildProcess { public System.IO.Stream? {|PROCGEN003:Stream|} { get; set; } }",
        "[ProcessTarget] partial class P : ChildProcess { [ProcessIgnore] public System.IO.Stream? Stream { get; set; } public System.IO.Stream? Computed => Stream; }",

        // 004: a result
        "class C { [ProcessTarget] internal static {|PROCGEN004:System.IO.Stream|} F() => null!; }",
        "class C { [ProcessTarget] internal static {|PROCGEN004:Task<Task<int>>|} F() => null!; }",
        "class C { [ProcessTarget] internal static {|PROCGEN004:IAsyncEnumerable<object>|} F() => null!; }",
        "class C { static int s; [ProcessTarget] internal static {|PROCGEN004:ref int|} F() => ref s; }",
        "class C { [ProcessTarget] internal static {|PROCGEN004:Func<int>|} F() => null!; }",
        "class C { [ProcessTarget] internal static Task<int[]> F() => null!; }",
        "class C { [ProcessTarget] internal static IEnumerable<string> F() => []; }",

        // 005: parameters that are no values
        "class C { [ProcessTarget] internal static void F(ref int {|PROCGEN005:x|}) { } }",
        "class C { [ProcessTarget] internal static void F(out int {|PROCGEN005:x|}) { x = 1; } }",
        "class C { [ProcessTarget] internal static void F(in int {|PROCGEN005:x|}) { } }",
        "class C { [ProcessTarget] internal static void F(ref readonly int {|PROCGEN005:x|}) { } }",
        "class C { [ProcessTarget] internal static unsafe void F(int* {|PROCGEN005:x|}) { } }",
        "class C { [ProcessTarget] internal static unsafe void F(delegate*<void> {|PROCGEN005:x|}) { } }",
        "class C { [ProcessTarget] internal static void F(Span<int> {|PROCGEN005:x|}) { } }",
        "class C { [ProcessTarget] internal static void F(Action {|PROCGEN005:x|}, Delegate {|PROCGEN005:y|}) { } }",
        "class C { [ProcessTarget] internal static void F(System.Linq.Expressions.Expression<Func<int>> {|PROCGEN005:x|}) { } }",
        "class C { [ProcessTarget] internal static void F(Memory<int> x, int y) { } }",

        // 012: what a handle holds
        "class C { ProcessQueue<{|PROCGEN012:System.IO.Stream|}>? q; }",
        "class C { Connection<int, {|PROCGEN012:Thread|}>? c; }",
        "class C { void F() { var q = new ProcessQueue<{|PROCGEN012:Func<int>|}>(); q.Dispose(); } }",
        "class C { void F() { var (a, b) = ProcessPipe.Create<{|PROCGEN012:Thread|}>(); a.Dispose(); b.Dispose(); } }",
        "class C { ProcessQueue<List<int>>? q; }",
        "class C<T> { ProcessQueue<T>? q; ProcessQueue<List<T>>? r; }",
        "class C { ProcessQueue<int>? q; List<Thread>? other; }",
        "namespace Mine { class ProcessQueue<T> { } class C { ProcessQueue<Thread>? q; } }",

        // 013: what belongs to the process that made it
        "class C { [ProcessTarget] internal static void F(ChildProcess {|PROCGEN013:p|}) { } }",
        "class C { [ProcessTarget] internal static {|PROCGEN013:ChildProcess|} F() => null!; }",
        "class C { [ProcessTarget] internal static void F(Job {|PROCGEN013:job|}) { } } class Job { public ChildProcess? Process { get; set; } }",
        "class C { ProcessQueue<{|PROCGEN013:ChildProcess|}>? q; }",
        "class C { [ProcessTarget] internal static void F(ProcessPool {|PROCGEN013:pool|}) { } }",
        "class C { [ProcessTarget] internal static {|PROCGEN013:Task<ProcessPool>|} F() => null!; }",
        "class C { [ProcessTarget] internal static void F(IProgress<ProcessPool> {|PROCGEN013:progress|}) { } }",
        "class C { [ProcessTarget] internal static void F(List<Job> {|PROCGEN013:jobs|}) { } } class Job { public ProcessPool? Pool { get; set; } }",
        "[ProcessTarget] partial class C : ChildProcess { public ProcessPool {|PROCGEN013:Pool|} = null!; }",
        "class C { ManagedList<{|PROCGEN013:ProcessPool|}>? l; }",
        "class C { void F(ProcessManager m) => m.CreateValue<{|PROCGEN013:ProcessPool?|}>(); }",
        "[ManagedObject] class C { public void F(ProcessPool {|PROCGEN013:pool|}) { } public {|PROCGEN013:ProcessPool?|} Pool => null; }",
        "class C { [ProcessTarget] internal static void F(ProcessCall<int> call) { } }",
    ];

    [TestCaseSource(nameof(Sources))]
    public Task Exactly_what_is_wrong_is_reported_where_it_is(string text) => AnalyzerRun.AssertAsync(text);

    [TestCaseSource(nameof(Sources))]
    public void A_build_without_analyzers_hears_the_same_from_the_generator(string text) => AnalyzerRun.AssertGeneratorReports(text);

    [TestCase(
        "class C { [ProcessTarget] internal static void F(Job {|PROCGEN003:job|}) { } } class Job { public System.IO.Stream? Stream { get; set; } }",
        "parameter 'job' (Job) cannot cross the process boundary: Job.Stream is a System.IO.Stream")]
    [TestCase(
        "class C { [ProcessTarget] internal static void F(Job {|PROCGEN003:job|}) { } } class Job { public Owner? Owner { get; set; } } class Owner { public List<Thread>? Threads; }",
        "parameter 'job' (Job) cannot cross the process boundary: Job.Owner.Threads[] is a System.Threading.Thread")]
    [TestCase(
        "class C { [ProcessTarget] internal static {|PROCGEN004:Task<Job>|} F() => null!; } class Job { public Action? Done { get; set; } }",
        "the result of 'C.F' (Job) cannot cross the process boundary: Job.Done")]
    [TestCase(
        "class C { ProcessQueue<{|PROCGEN012:Job|}>? q; } class Job { public nint Handle; public Thread? Thread; }",
        "the type argument of ProcessQueue (Job) cannot cross the process boundary: Job.Thread")]
    [TestCase(
        "class C { [ProcessTarget] internal static void F(ChildProcess {|PROCGEN013:p|}) { } }",
        "parameter 'p' (ChildProcess) cannot be passed to another process: ChildProcess is a Procgen.ChildProcess, which belongs to the process that made it")]
    public async Task The_message_tells_the_whole_way_to_the_member(string text, string message) =>
        Assert.That((await AnalyzerRun.AssertAsync(text)).Single(), Does.StartWith(message));

    [TestCase("static class C { [ProcessTarget] internal static void F(two::Lib.Item {|PROCGEN003:item|}) { } }", "parameter 'item' (Item) cannot cross the process boundary: Item is a Lib.Item, which generated code cannot reach: ", "its assembly")]
    [TestCase("static class C { [ProcessTarget] internal static void F(List<two::Lib.Kind> {|PROCGEN003:p|}) { } }", "parameter 'p' (List<Kind>) cannot cross the process boundary: List<Kind> is a System.Collections.Generic.List<Lib.Kind>, which generated code cannot reach: ", "the assembly of Lib.Kind")]
    [TestCase("static class C { [ProcessTarget] internal static void F((two::Lib.Kind K, int X) {|PROCGEN003:p|}) { } }", "parameter 'p' ((Kind K, int X)) cannot cross the process boundary: (Kind K, int X) is a (Lib.Kind K, int X), which generated code cannot reach: ", "the assembly of Lib.Kind")]
    [TestCase("static class C { [ProcessTarget] internal static void F(G<two::Lib.Kind> {|PROCGEN003:p|}) { } } class G<T> { }", "parameter 'p' (G<Kind>) cannot cross the process boundary: G<Kind> is a G<Lib.Kind>, which generated code cannot reach: ", "the assembly of Lib.Kind")]
    [TestCase("static class C { [ProcessTarget] internal static void F(G<two::Lib.Kind[]>.Inner {|PROCGEN003:p|}) { } } class G<T> { internal class Inner { } }", "parameter 'p' (Inner) cannot cross the process boundary: Inner is a G<Lib.Kind[]>.Inner, which generated code cannot reach: ", "the assembly of Lib.Kind")]
    [TestCase("class C { ProcessQueue<{|PROCGEN012:(two::Lib.Kind, int)|}>? q; }", "the type argument of ProcessQueue ((Kind, int)) cannot cross the process boundary: (Kind, int) is a (Lib.Kind, int), which generated code cannot reach: ", "the assembly of Lib.Kind")]
    [TestCase("delegate void H(two::Lib.Kind k, int x); [ManagedObject] class C { public event {|PROCGEN004:H?|} E { add { } remove { } } }", "event 'C.E' (H?) cannot cross the process boundary: (Kind k, int x) is a (Lib.Kind k, int x), which generated code cannot reach: ", "the assembly of Lib.Kind")]
    [TestCase("[ManagedObject] class C { public event {|PROCGEN004:EventHandler<two::Lib.Kind>?|} E { add { } remove { } } }", "event 'C.E' (EventHandler<Kind>?) cannot cross the process boundary: generated code cannot reach its delegate: ", "the assembly of Lib.Kind")]
    [TestCase("static class C { [ProcessTarget] internal static void F([ProcessCodec(typeof(ItemCodec))] two::Lib.Item {|PROCGEN003:p|}) { } } class ItemCodec : Procgen.CompilerServices.Codec<two::Lib.Item> { public override void Write(ref Procgen.CompilerServices.PayloadWriter w, two::Lib.Item v) { } public override two::Lib.Item Read(ref Procgen.CompilerServices.PayloadReader r) => null!; }", "parameter 'p' (Item) cannot cross the process boundary: Item is a Lib.Item, which generated code cannot reach: ", "its assembly")]
    [TestCase("static class C { [ProcessTarget] internal static void F(Job {|PROCGEN003:job|}) { } } class Job : two::Lib.Base { public new string? X; }", "parameter 'job' (Job) cannot cross the process boundary: Job.X is declared by a Lib.Base, which generated code cannot reach: ", "its assembly")]
    [TestCase("[PreserveReferences] class Job : two::Lib.Base { public Job? Next; } class C { ProcessQueue<{|PROCGEN012:Job|}>? q; }", "the type argument of ProcessQueue (Job) cannot cross the process boundary: Job.Init is declared by a Lib.Base, which generated code cannot reach: ", "its assembly")]
    [TestCase("[ManagedObject] class C { public event {|PROCGEN004:two::Lib.Handler?|} E { add { } remove { } } }", "event 'C.E' (Handler?) cannot cross the process boundary: generated code cannot reach its delegate: ", "its assembly")]
    public async Task What_only_an_extern_alias_leads_to_is_refused(string source, string message, string whose)
    {
        const string Library = "public record Item(int X); public enum Kind { A } public class Base { public int X; public int Init { get; init; } } public delegate void Handler(int x);";
        Markup markup = Markup.Parse("extern alias two; " + source);
        Diagnostic found = (await AnalyzerRun.DiagnosticsOfAsync(AppCompilation.Of(markup.Source, more: Two(Library)))).Single();
        Assert.That((found.Id, found.Location.SourceSpan), Is.EqualTo(markup.Expected.Single()));
        Assert.That(
            found.GetMessage(System.Globalization.CultureInfo.InvariantCulture),
            Is.EqualTo($"{message}only the extern alias 'two' leads to {whose}, so reference that as 'global' too"));
    }

    [Test]
    public async Task An_exception_of_something_that_only_an_extern_alias_leads_to_is_refused()
    {
        Markup markup = Markup.Parse("extern alias two; class E<T>(string message) : Exception(message); static class C { [ProcessTarget(Throws = [typeof({|PROCGEN014:E<two::Lib.Kind>|})])] internal static void F() { } }");
        Diagnostic found = (await AnalyzerRun.DiagnosticsOfAsync(AppCompilation.Of(markup.Source, more: Two("public enum Kind { A }")))).Single();
        Assert.That((found.Id, found.Location.SourceSpan), Is.EqualTo(markup.Expected.Single()));
    }

    [Test]
    public void What_may_be_missing_of_something_that_only_an_extern_alias_leads_to_needs_no_name() => GeneratorRun.Of(AppCompilation.Of(
        "extern alias two; struct S { public two::Lib.Kind? K; } static class C { [ProcessTarget] internal static void F(S s) { } }", more: Two("public enum Kind { A }"))).AssertCompiles();

    [Test]
    public void What_a_base_under_an_extern_alias_declares_needs_no_name_where_anyone_can_set_it()
    {
        MetadataReference library = Two("public class Base { public int X; public int Init { get; init; } }");
        GeneratorRun.Of(AppCompilation.Of("extern alias two; class Job : two::Lib.Base { } static class C { [ProcessTarget] internal static void F(Job job) { } }", more: library)).AssertCompiles();
    }

    [Test]
    public async Task What_only_its_generic_base_can_set_is_refused_by_an_older_framework()
    {
        const string Source = "[ProcessTarget] partial class P : Base<int> { } abstract class Base<T> : ChildProcess { private T? _v; public T? Pub; public T? Kept { get; } public T? Value => _v; public void Set(T v) => _v = v; }";
        IReadOnlyList<Diagnostic> older = await AnalyzerRun.DiagnosticsOfAsync(AppCompilation.OnNet8(AppCompilation.Of(Source)));
        Assert.That(older.Where(static diagnostic => diagnostic.Id == "PROCGEN003").Select(static diagnostic => diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)), Is.EqualTo(
            ["member 'Kept' (int) cannot cross the process boundary: Base<int>.Kept can be set by its own generic type only, which needs .NET 9"]));
        Assert.That(older.Count(static diagnostic => diagnostic.Id == "PROCGEN010"), Is.EqualTo(1), "what is merely returned is taken for computed");
        Assert.That(await AnalyzerRun.DiagnosticsOfAsync(AppCompilation.Of(Source)), Is.Empty);
    }

    private static CompilationReference Two(string source) => AppCompilation.Of("namespace Lib; " + source, name: "Two").ToMetadataReference(["two"]);
}
