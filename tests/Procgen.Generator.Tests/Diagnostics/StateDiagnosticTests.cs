using Procgen.Generator.Tests.Support;

namespace Procgen.Generator.Tests.Diagnostics;

/// <summary>State that another process does not see: PROCGEN010 and 011.</summary>
public sealed class StateDiagnosticTests
{
    private static readonly string[] Sources =
    [
        // 010: of types that cross
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job { public string? Name; private string? {|PROCGEN010:_secret|}; }",
        "class C { [ProcessTarget] internal static List<Job> F() => []; } class Job { public string? Name; internal string? {|PROCGEN010:Secret|} { get; set; } }",
        "class C { ProcessQueue<Job>? q; } class Job { public Part? Part { get; set; } } class Part { public string? Name; protected int {|PROCGEN010:Count|}; }",
        "class C { [ProcessTarget] internal static void F(Job a) { } [ProcessTarget] internal static void G(Job b) { } } class Job { public string? Name; private int {|PROCGEN010:_a|}, {|PROCGEN010:_b|}; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job { public string? Name; [ProcessIgnore] private string? _cache; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job { private string? _name; public string? Name { get => _name; set => _name = value; } }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job { public string? Name; private static int s_count; private const int Max = 5; }",
        "class C { [ProcessTarget] internal static void F(Pair pair) { } } struct Pair { private int _x; private int _y; }",
        "class C { internal static void F(Job job) { } } class Job { private string? _secret; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job { private int _count; public int Count => _count; public void Add() => _count++; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job { private int {|PROCGEN010:_count|}; public int Twice => _count * 2; public void Add() => _count++; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job { private readonly List<int> {|PROCGEN010:_items|} = []; public IReadOnlyList<int> Items => _items; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job(IReadOnlyList<int> items) { private readonly List<int> _items = [.. items]; public IReadOnlyList<int> Items => _items; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job { public string? Name; public int {|PROCGEN010:Secret|} { internal get; set; } }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } interface IHas { int Q { get; set; } } class Job : IHas { public string? Name; int IHas.{|PROCGEN010:Q|} { get; set; } }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job(int {|PROCGEN010:hidden|}) { public Job() : this(1) { } public string? Name; public int Next() => hidden++; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } class Job(int count) { public string? Name; public int Count => count; }",
        "class C { [ProcessTarget] internal static void F(Job job) { } } [System.Text.Json.Serialization.JsonDerivedType(typeof(Loud))] class Job { } class Loud : Job { public string? Name; private int {|PROCGEN010:_secret|}; }",

        // 010: of process classes
        "[ProcessTarget] partial class P : ChildProcess { private int _count; public int Count => _count; public P With() { _count = 1; return this; } }",
        "[ProcessTarget] partial class P : ChildProcess { private int {|PROCGEN010:_count|}; public int Limit { get; set; } }",
        "[ProcessTarget] partial class P(int {|PROCGEN010:count|}) : ChildProcess { protected override void Run() => Console.WriteLine(count + count); }",
        "[ProcessTarget] partial class P(int count) : ChildProcess { public int Count { get; } = count; protected override void Run() => Console.WriteLine(Count); }",
        "[ProcessTarget] partial class P : ChildProcess { [ProcessIgnore] private int _count; }",

        // 011: static fields
        "class C { static int s; internal static void Set() => s = 1; [ProcessTarget] internal static int F() => {|PROCGEN011:s|}; }",
        "class C { internal static int S { get; set; } [ProcessTarget] internal static int F() => {|PROCGEN011:C.S|}; } class D { void Set() { C.S++; } }",
        "class C { static int s; internal static void Set(out int x) { x = 1; Set(out s); } [ProcessTarget] internal static int F() { Func<int> f = () => {|PROCGEN011:s|}; return f(); } }",
        "class C { static int s; internal static void Set() => s = 1; [ProcessTarget] internal static int F() { s = 2; s += 1; return 1; } }".Replace("s += 1", "{|PROCGEN011:s|} += 1", StringComparison.Ordinal),
        "[ProcessTarget] partial class P : ChildProcess { static int s; internal static void Set() => s = 1; protected override void Run() => Console.WriteLine({|PROCGEN011:s|}); }",
        "class C { static int s = 5; static C() { s = 6; } [ProcessTarget] internal static int F() => s; }",
        "class C { static int s; [ProcessTarget] internal static int F() => s++; [ProcessTarget] internal static int G() => s = 3; }",
        "class C { static readonly int[] s = [1]; internal static void Set() => s[0] = 1; [ProcessTarget] internal static int F() => s[0]; }",
        "class C { static int s; internal static void Set() => s = 1; internal static int F() => s; }",
        "class C { static int s; internal static void Set() => s = 1; [ProcessTarget] internal static string F() => nameof(s); }",
    ];

    [TestCaseSource(nameof(Sources))]
    public Task Exactly_what_is_wrong_is_reported_where_it_is(string text) => AnalyzerRun.AssertAsync(text);

    [Test]
    public async Task The_message_names_who_assigns() => Assert.That(
        (await AnalyzerRun.AssertAsync("class C { static int s; internal static void Set() => s = 1; [ProcessTarget] internal static int F() => {|PROCGEN011:s|}; }")).Single(),
        Is.EqualTo("Target 'C.F' reads 'C.s', which 'C.Set' assigns: a worker has a copy of its own, where that assignment never happens"));
}
