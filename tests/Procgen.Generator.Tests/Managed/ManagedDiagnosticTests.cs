using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Managed;

/// <summary>What is said of managed classes, and exactly where: by the analyzers, and without them by the generator.</summary>
public sealed class ManagedDiagnosticTests
{
    private static readonly string[] Cases =
    [
        // members and constructors of all kinds
        "[ManagedObject] class C { public void F(System.IO.Stream {|PROCGEN003:stream|}) { } }",
        "[ManagedObject] class C(Thread {|PROCGEN003:thread|}) { public int P => thread.ManagedThreadId; }",
        "class Job { public System.IO.Stream? Stream { get; set; } } [ManagedObject] class C { public void F(List<Job> {|PROCGEN003:jobs|}) { } }",
        "[ManagedObject] class C { public {|PROCGEN004:System.IO.Stream?|} F() => null; }",
        "[ManagedObject] class C { public {|PROCGEN004:Task<System.IO.Stream?>|} F() => Task.FromResult<System.IO.Stream?>(null); }",
        "[ManagedObject] class C { public {|PROCGEN004:object?|} P { get; set; } }",
        "[ManagedObject] class C { private object? p; public {|PROCGEN003:object?|} P { set => p = value; } public int Q => p is null ? 1 : 2; }",
        "[ManagedObject] class C { public {|PROCGEN004:Action?|} Callback = null; }",
        "[ManagedObject] class C { private int x; public {|PROCGEN004:ref int|} F() => ref x; }",
        "[ManagedObject] class C { private int x; public {|PROCGEN004:ref int|} P => ref x; }",
        "[ManagedObject] class C { public event {|PROCGEN004:EventHandler<System.IO.Stream>?|} E { add { } remove { } } }",
        "[ManagedObject] class C { public event {|PROCGEN004:Func<int>?|} E { add { } remove { } } }",
        "delegate void H(ref int x); [ManagedObject] class C { public event {|PROCGEN005:H?|} E { add { } remove { } } }",
        "[ManagedObject] class C { public int this[System.IO.Stream {|PROCGEN003:stream|}] => 1; }",
        "[ManagedObject] class C { public void F(IProgress<int> {|PROCGEN003:progress|}) { } }",
        "[ManagedObject] class C { public void F(ref int {|PROCGEN005:a|}, out int {|PROCGEN005:b|}, Action {|PROCGEN005:c|}, ReadOnlySpan<byte> {|PROCGEN005:d|}) => b = 1; }",
        "[ManagedObject] class C { public T {|PROCGEN006:F|}<T>(T value) => value; }",
        "[ManagedObject] class {|PROCGEN006:C|}<T> { }",
        "class Outer<T> { [ManagedObject] internal class {|PROCGEN006:C|} { } }",
        "[ManagedObject] class C { public async {|PROCGEN007:void|} F() { await Task.Yield(); } }",
        "[ManagedObject] partial class C { public partial {|PROCGEN007:void|} F(); public async partial void F() => await Task.Yield(); }",
        "class Outer { [ManagedObject] private class {|PROCGEN002:C|} { } }",
        "[ManagedObject] class C { private {|PROCGEN002:C|}() { } public static C Make() => new(); }",
        "[{|PROCGEN018:ManagedObject|}] static class C { }",
        "[{|PROCGEN018:ManagedObject|}] abstract class C { }",
        "[{|PROCGEN018:ManagedObject|}] class C : ChildProcess { }",
        "[{|PROCGEN018:ManagedObject|}] class C { public required int X { get; set; } }",
        "[ManagedObject] class {|PROCGEN008:OuterInner|} { } class Outer { [ManagedObject] internal class Inner { } }",
        "[ManagedObject] class {|PROCGEN008:C|} { public void CProxy() { } }",
        "[ManagedObject] class {|PROCGEN008:C|} { } class CProxy { }",
        "[ManagedObject] class {|PROCGEN008:C|} { } static class CManagerExtensions { }",
        "[ManagedObject] class C { } class CProxy<T> { }",
        // a managed object itself stays where it is
        "[ManagedObject] class C { } static class W { [ProcessTarget] internal static void F(C {|PROCGEN003:c|}) { } }",
        "[ManagedObject] class C { public {|PROCGEN004:C|} Self() => this; }",
        "[ManagedObject] class C { } static class W { static void F(ProcessManager m) => m.CreateList<{|PROCGEN012:C|}>(); }",
        // what is no public instance member, or is left out, is nobody's business
        """
        [ManagedObject] class C : IDisposable
        {
            internal System.IO.Stream? A { get; set; }
            public static System.IO.Stream? B;
            [ProcessIgnore] public void F(System.IO.Stream s) { }
            [ProcessIgnore] public event Action<System.IO.Stream>? E { add { } remove { } }
            public void Dispose() { }
            public override string ToString() => "";
            public override bool Equals(object? other) => other is C;
            public override int GetHashCode() => 1;
        }
        """,
        // of a foreign base class, what cannot cross is left out
        "[ManagedObject] class C : List<int> { }",
    ];

    [TestCaseSource(nameof(Cases))]
    public Task The_analyzers_say(string source) => AnalyzerRun.AssertAsync(source);

    [TestCaseSource(nameof(Cases))]
    public void The_generator_says_without_analyzers(string source)
    {
        // Doubles have no place there.
        if (source.Contains("PROCGEN008", StringComparison.Ordinal)) Assert.That(GeneratorRun.Of(Markup.Parse(source).Source, analyzersAreOff: true).Result.Diagnostics.Single().Id, Is.EqualTo("PROCGEN008"));
        else AnalyzerRun.AssertGeneratorReports(source);
    }

    [TestCase("[ManagedObject] class C { public void F(List<Job> jobs) { } }")]
    [TestCase("[ManagedObject] class C { public Job Last { get; set; } = new(); }")]
    [TestCase("[ManagedObject] class C { public event EventHandler<Job>? Done { add { } remove { } } }")]
    public Task Private_state_of_what_crosses_is_told(string source) =>
        AnalyzerRun.AssertAsync("class Job { private int {|PROCGEN010:_hidden|}; public void Set(int x) => _hidden = x; public override string ToString() => $\"{_hidden}\"; } " + source);

    [Test]
    public Task Private_state_of_a_managed_class_is_its_own() =>
        AnalyzerRun.AssertAsync("class Job { private int _hidden; public int F() => _hidden++; } [ManagedObject] class C { private Job _job = new(); [ProcessIgnore] public Job Job => _job; public int F() => _job.F(); }");

    [Test]
    public async Task A_message_tells_the_way_to_the_member_at_fault()
    {
        IReadOnlyList<string> messages = await AnalyzerRun.AssertAsync(
            "class Job { public System.IO.Stream? Stream { get; set; } } class Outer { [ManagedObject] internal class C { public {|PROCGEN004:Job|} Last { get; set; } = new(); } }");
        Assert.That(messages, Is.EqualTo(["property 'Outer.C.Last' (Job) cannot cross the process boundary: Job.Stream is a System.IO.Stream"]));
    }

    [Test]
    public async Task A_managed_class_in_the_place_of_its_proxy_is_told()
    {
        IReadOnlyList<string> messages = await AnalyzerRun.AssertAsync(
            "class Outer { [ManagedObject] internal class C { } } static class W { [ProcessTarget] internal static void F(Outer.C {|PROCGEN003:c|}) { } }");
        Assert.That(messages.Single(), Does.EndWith("is an Outer.C, a managed object, which stays in its manager's server: take its proxy, OuterCProxy"));
    }
}
